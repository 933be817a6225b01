"""A screen that exists in memory only, for tests that open real windows: shows what is on it, presses keys, closes."""

import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

LONGEST_WAIT_SECONDS = 30.0


def need(*programs: str) -> None:
    """Skip the test where a program is missing; in continuous integration, where none may be, fail."""
    absent = [program for program in programs if shutil.which(program) is None]
    if not sys.platform.startswith("linux"):
        pytest.skip("windows are tested on Linux only")
    if absent:
        reason = f"not installed: {', '.join(absent)} (Debian: apt-get install xvfb xdotool)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def eventually(happens: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not happens():
        assert time.monotonic() < end, f"not within {LONGEST_WAIT_SECONDS:g} seconds: {what}"
        time.sleep(0.05)


def _receive(server: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = server.recv(count - len(data))
        assert piece, "the X server has hung up"
        data += piece
    return data


class Screen:
    """A running X server; `display` is what DISPLAY must be set to."""

    def __init__(self, display: str, memory: Path) -> None:
        self.display = display
        self._memory = memory

    def windows(self) -> dict[str, str]:
        """Return the number of each window that is to be seen, by its title."""
        found = self._xdotool("search", "--onlyvisible", "--name", ".", check=False).split()
        titles = {self._xdotool("getwindowname", number, check=False).rstrip("\n"): number for number in found}
        return {title: number for title, number in titles.items() if title}

    def wait_for(self, beginning: str) -> str:
        """Wait for a window whose title begins so, and return its number."""
        numbers: list[str] = []

        def appears() -> bool:
            numbers[:] = [number for title, number in self.windows().items() if title.startswith(beginning)]
            return bool(numbers)

        eventually(appears, f"a window '{beginning}'")
        return numbers[0]

    def place(self, window: str) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a window in pixels."""
        lines = self._xdotool("getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in lines)
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])

    def size(self, window: str) -> tuple[int, int]:
        """Return width and height of a window in pixels."""
        return self.place(window)[2:]

    def inside(self, window: str) -> NDArray[np.uint8]:
        """Return what is on the screen where a window is, like `picture`."""
        left, top, width, height = self.place(window)
        return self.picture()[top : top + height, left : left + width]

    def press(self, window: str, key: str) -> None:
        """Press a key in a window."""
        self._xdotool("windowfocus", "--sync", window)
        self._xdotool("key", key)

    def click(self, window: str, across: int, down: int, *, double: bool = False, button: int = 1) -> None:
        """Click at a place in a window."""
        count = ["--repeat", "2", "--delay", "60"] if double else []
        self._xdotool("mousemove", "--window", window, str(across), str(down), "click", *count, str(button))

    def drag(self, window: str, *places: tuple[int, int], release: bool = True) -> None:
        """Press the button at the first place, move to the others, and release it."""
        words: list[str] = []
        for place in places:
            words += ["mousemove", "--window", window, *map(str, place), *(() if words else ("mousedown", "1"))]
            words += ["sleep", "0.1"]
        self._xdotool(*words, *(("mouseup", "1") if release else ()))

    def release(self) -> None:
        """Release the button where the pointer is."""
        self._xdotool("mouseup", "1")

    @contextmanager
    def pointer_moving(self, one: tuple[int, int], other: tuple[int, int]) -> Iterator[None]:
        """Move the pointer between two places on the screen all the time."""
        words = [str(word) for place in (one, other) for word in ("mousemove", *place, "sleep", 0.002)]
        environment = {**os.environ, "DISPLAY": self.display}
        mover = subprocess.Popen(["xdotool", *words * 1500], env=environment)
        try:
            yield
        finally:
            mover.kill()
            mover.wait()

    def point(self, across: int, down: int) -> None:
        """Move the pointer to a place on the screen."""
        self._xdotool("mousemove", str(across), str(down))

    def resize(self, window: str, width: int, height: int) -> None:
        """Do what somebody does who pulls at a window's border."""
        self._xdotool("windowsize", window, str(width), str(height))

    def close(self, window: str) -> None:
        """Do what the button in a window's title bar does: ask the program to close the window."""
        xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.restype = ctypes.c_void_p
        connection = ctypes.c_void_p(xcb.xcb_connect(self.display.encode(), None))
        protocols, delete = (self._atom(xcb, connection, name) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        # xcb_client_message_event_t: 33 is the kind of event, 32 the bits of each value.
        event = struct.pack("=BBHII5I", 33, 32, 0, int(window), protocols, delete, 0, 0, 0, 0)
        xcb.xcb_send_event(connection, ctypes.c_uint8(0), ctypes.c_uint32(int(window)), ctypes.c_uint32(0), event)
        # Any question that has to be answered: what was sent before has then arrived.
        self._atom(xcb, connection, b"WM_PROTOCOLS")
        xcb.xcb_disconnect(connection)

    def add_monitor(self, left: int, top: int, width: int, height: int) -> None:
        """Make a part of the screen a monitor of its own, as on a desk with several."""
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(f"/tmp/.X11-unix/X{self.display.removeprefix(':')}")
            # X11 in its plainest form: its version 11, and no cookie.
            server.sendall(struct.pack("=BxHHHHxx", ord("l"), 11, 0, 0, 0))
            (_, units) = struct.unpack("=6sH", _receive(server, 8))
            setup = _receive(server, 4 * units)
            (vendor,), formats = struct.unpack_from("=H", setup, 16), setup[21]
            (root,) = struct.unpack_from("=I", setup, 32 + -(-vendor // 4) * 4 + 8 * formats)
            # QueryExtension, then InternAtom, and at last SetMonitor of RandR 1.5, of no output and 100 mm.
            server.sendall(struct.pack("=BxHHxx8s", 98, 4, 5, b"RANDR"))
            opcode = _receive(server, 32)[9]
            name = f"at {left:6}".encode()
            server.sendall(struct.pack("=BxHHxx12s", 16, 5, len(name), name))
            (atom,) = struct.unpack_from("=I", _receive(server, 32), 8)
            monitor = struct.pack("=IBBHhhHHII", atom, 0, 0, 0, left, top, width, height, 100, 100)
            server.sendall(struct.pack("=BBHI", opcode, 43, 2 + len(monitor) // 4, root) + monitor)
            # Any question, whose answer says that what was sent before has arrived; an error would come first.
            server.sendall(struct.pack("=BxHHxx8s", 98, 4, 5, b"RANDR"))
            assert _receive(server, 32)[0] == 1

    @staticmethod
    def _atom(xcb: ctypes.CDLL, connection: ctypes.c_void_p, name: bytes) -> int:
        class Cookie(ctypes.Structure):
            _fields_ = [("sequence", ctypes.c_uint)]

        class Reply(ctypes.Structure):
            _fields_ = [("head", ctypes.c_uint8 * 8), ("atom", ctypes.c_uint32)]

        xcb.xcb_intern_atom.restype = Cookie
        xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(Reply)
        cookie = xcb.xcb_intern_atom(connection, ctypes.c_uint8(0), ctypes.c_uint16(len(name)), name)
        return int(xcb.xcb_intern_atom_reply(connection, cookie, None).contents.atom)

    def picture(self) -> NDArray[np.uint8]:
        """Return what is on the screen: uint8 of shape (height, width, 3), channels blue, green, red."""
        data = self._memory.read_bytes()
        # The header of an X window dump (XWDFile.h): 25 big-endian numbers.
        header = struct.unpack(">25I", data[:100])
        header_size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        pixels = np.frombuffer(data, np.uint8, height * line, header_size + 12 * colours)
        return pixels.reshape(height, line)[:, : 4 * width].reshape(height, width, 4)[:, :, :3].copy()

    def _xdotool(self, *words: str, check: bool = True) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True, timeout=20)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def virtual_screen(folder: Path, width: int = 1366, height: int = 768, *options: str) -> Iterator[Screen]:
    """Run an X server on a free display number, keeping its memory in `folder`."""
    need("Xvfb", "xdotool")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
    # Without -noreset the server starts anew, with other memory, whenever its last client leaves.
    command += ["-noreset", "-nolisten", "tcp", *options]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        assert number, "Xvfb did not start"
        screen = Screen(f":{number}", folder / "Xvfb_screen0")
        if not options or "-auth" not in options:
            screen.point(width - 1, height - 1)  # It is part of the picture: out of the way.
        yield screen
    finally:
        server.terminate()
        server.wait(20)
