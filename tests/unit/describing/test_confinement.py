"""What a worker process cannot do any more when the first picture comes, tried by a descriptor in a real one."""

import ctypes
import os
import resource
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.describer import Describer
from src.description import Recipe, Setup
from tests.pictures import draw_picture

LANDLOCK = ctypes.CDLL(None).syscall(444, None, 0, 1) if sys.platform == "linux" else -1
needs_landlock = pytest.mark.skipif(LANDLOCK < 1, reason="the system has no Landlock")


class Prisoner:
    """Tries to get out: 1 for each way that works. It is told of two files and where somebody listens."""

    name = "prisoner"
    distance = "chi-squared"
    parts: Sequence[str] = ()
    fewest_pixels = shortest_side = 1
    WAYS = (
        "read", "discard", "write", "append", "remove", "make a folder", "cut off", "connect", "signal", "core", "grow",
    )  # fmt: skip
    dimension = len(WAYS)

    def __init__(self, folder: str, port: int) -> None:
        self.options: Mapping[str, Any] = {"folder": folder, "port": port}
        self._file = os.path.join(folder, "file")
        self._kept = os.open(os.path.join(folder, "open"), os.O_RDWR)  # before any picture comes

    def describe(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        new, address = self._file + ".new", ("127.0.0.1", self.options["port"])
        tries: dict[str, Callable[[], object]] = {
            "read": lambda: Path(self._file).read_bytes()[0],
            "discard": lambda: Path(os.devnull).write_bytes(b"x"),
            "write": lambda: Path(new).write_bytes(b"x"),
            "append": lambda: os.open(self._file, os.O_WRONLY | os.O_APPEND),
            "remove": lambda: os.remove(self._file),
            "make a folder": lambda: os.mkdir(new),
            "cut off": lambda: os.truncate(self._file, 1),
            "connect": lambda: socket.create_connection(address, 5),
            "signal": lambda: os.kill(os.getppid(), 0),
            "core": lambda: 1 // resource.getrlimit(resource.RLIMIT_CORE)[1],
            "grow": lambda: os.write(self._kept, b"x"),
        }
        return np.array([self._works(tries[way]) for way in self.WAYS], np.float32)

    def _works(self, attempt: Callable[[], object]) -> bool:
        with suppress(OSError, ZeroDivisionError):
            attempt()
            return True
        return False

    def describe_many(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.stack([self.describe(image) for image in images])

    def recognises(self, features: NDArray[np.float32]) -> bool:
        return False


def ways_out(folder: Path) -> set[str]:
    for name in ("file", "open"):
        (folder / name).write_bytes(b"content")
    data = cv2.imencode(".png", draw_picture(1))[1].tobytes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        prisoner = Prisoner(str(folder), server.getsockname()[1])
        os.close(prisoner._kept)
        with Describer(Setup(Recipe(prisoner))) as describer:
            (outcome,) = describer.describe([data])
    assert outcome.features is not None, outcome
    return {way for way, works in zip(Prisoner.WAYS, outcome.features, strict=True) if works}


def test_a_worker_describes_where_the_system_offers_little(tmp_path: Path) -> None:
    ways = ways_out(tmp_path)
    assert {"read", "discard"} <= ways
    assert not {"core", "grow"} & ways


@needs_landlock
def test_a_worker_can_change_no_file(tmp_path: Path) -> None:
    assert not {"write", "append", "remove", "make a folder"} & ways_out(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["file", "open"]


@pytest.mark.skipif(LANDLOCK < 3, reason="Landlock of this system does not know of cutting off")
def test_a_worker_can_cut_off_no_file(tmp_path: Path) -> None:
    assert "cut off" not in ways_out(tmp_path)


@pytest.mark.skipif(LANDLOCK < 4, reason="Landlock of this system does not know of networks")
def test_a_worker_can_connect_to_nobody(tmp_path: Path) -> None:
    assert "connect" not in ways_out(tmp_path)


@pytest.mark.skipif(LANDLOCK < 6, reason="Landlock of this system does not know of signals")
def test_a_worker_can_signal_nobody(tmp_path: Path) -> None:
    assert "signal" not in ways_out(tmp_path)
