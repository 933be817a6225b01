"""Reading the bytes of a file: what is not one, what others hold, what is not there as a whole."""

import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from src.errors import COULD_NOT_LOOK, UnreadableImage
from src.filebytes import read_bytes, read_stream
from src.imagereader import name_format

needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file systems only")
needs_leases = pytest.mark.skipif(sys.platform != "linux", reason="leases are known to Linux only")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="what a process takes is read from /proc")
needs_holes = pytest.mark.skipif(not hasattr(os, "SEEK_HOLE"), reason="the system does not tell of holes")


def test_reading_gives_all_bytes(tmp_path: Path) -> None:
    content = os.urandom(300_000)
    (tmp_path / "a").write_bytes(content)
    assert read_bytes(str(tmp_path / "a")) == content


def reading_fails(path: Path | str, **options: Any) -> UnreadableImage:
    with pytest.raises(UnreadableImage) as caught:
        read_bytes(str(path), **options)
    return caught.value


@needs_posix
def test_reading_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reading_fails(tmp_path / "pipe").kind == "not a regular file"


@needs_posix
def test_reading_a_device_is_refused() -> None:
    assert reading_fails("/dev/zero").reason == "a device, not a file"


def test_reading_what_is_not_a_file_says_so(tmp_path: Path) -> None:
    assert reading_fails(tmp_path).reason == "a folder, not a file"
    assert reading_fails(tmp_path / "missing").kind == "not there"
    assert reading_fails("nul\0byte").kind == "not there"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(5 << 30)
    refused = reading_fails(tmp_path / "sparse")
    assert refused.kind == "too large" and "5,368,709,120" in refused.reason
    (tmp_path / "small").write_bytes(b"small")
    assert reading_fails(tmp_path / "small", max_bytes=3).kind == "too large"


def test_a_film_is_told_as_one_whatever_its_size(tmp_path: Path) -> None:
    with open(tmp_path / "film.mov", "wb") as film:
        film.write(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ")
        film.truncate(1 << 31)
    with pytest.raises(UnreadableImage, match="a film"):
        read_bytes(str(tmp_path / "film.mov"), check_head=name_format)


def test_the_head_may_save_reading_the_rest(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(b"film" + bytes(1 << 20))
    heads = []

    def refuse(head: bytes) -> None:
        heads.append(head)
        raise UnreadableImage("not an image", "a film")

    with pytest.raises(UnreadableImage, match="a film"):
        read_bytes(str(tmp_path / "film"), check_head=refuse)
    assert [len(head) for head in heads] == [1 << 16]


@needs_posix
def test_reading_without_permission_says_so() -> None:
    was_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = Path(folder) / "a.jpg"
        path.write_bytes(b"x")
        path.chmod(0)
        if was_root:
            os.seteuid(65534)
        try:
            assert reading_fails(path).kind == "no permission"
        finally:
            if was_root:
                os.seteuid(0)


def hold(path: Path) -> int:
    """Take a lease, as Samba does: who opens the file then is told to try again."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR)
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    return descriptor


@needs_leases
def test_a_file_that_another_program_gives_up_when_it_is_asked_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"content")
    descriptor, asked = hold(path), threading.Event()
    before = signal.signal(signal.SIGIO, lambda *_: asked.set())

    def give_up() -> None:
        asked.wait(5)
        os.close(descriptor)

    try:
        giver = threading.Thread(target=give_up)
        giver.start()
        assert read_bytes(str(path)) == b"content"
        giver.join()
    finally:
        signal.signal(signal.SIGIO, before)


@needs_leases
def test_a_file_that_another_program_keeps_could_not_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"content")
    descriptor = hold(path)
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        refused = reading_fails(path)
    finally:
        os.close(descriptor)
        signal.signal(signal.SIGIO, before)
    assert refused.kind in COULD_NOT_LOOK
    assert refused.reason.startswith("another program holds it")


PEAK = """
import re, sys
from src.errors import UnreadableImage
from src.filebytes import read_bytes
try:
    length = len(read_bytes(sys.argv[1]))
except UnreadableImage as error:
    print(error.kind)
else:
    print(length)
# Not ru_maxrss, which a process has from the one that started it.
print(int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1]) // 1024)
"""


def peak_of_reading(path: Path) -> tuple[str, int]:
    """Read a file in a process of its own; return its length or why not, and the peak of its memory in MB."""
    command = [sys.executable, "-c", PEAK, str(path)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    what, megabytes = ended.stdout.split()
    return what, int(megabytes)


@needs_linux
@needs_holes
def test_a_file_that_is_mostly_holes_costs_no_memory(tmp_path: Path) -> None:
    with open(tmp_path / "sparse.jpg", "wb") as file:
        file.write(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 100)
        file.truncate(1 << 30)
    what, megabytes = peak_of_reading(tmp_path / "sparse.jpg")
    assert (what, megabytes < 500) == ("truncated", True), megabytes


@needs_linux
def test_a_large_file_is_held_once(tmp_path: Path) -> None:
    with open(tmp_path / "large.bmp", "wb") as file:
        for _ in range(200):
            file.write(b"\x55" * 1_000_000)
    what, megabytes = peak_of_reading(tmp_path / "large.bmp")
    assert (what, megabytes < 350) == ("200000000", True), megabytes


@needs_holes
def test_a_large_file_with_some_holes_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "black.bmp"
    with open(path, "wb") as file:
        file.write(b"\x55" * (50 << 20))
        file.truncate(80 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"end")
    data = read_bytes(str(path), check_head=lambda head: None)
    assert (len(data), data[:3], data[-5:]) == ((80 << 20) + 3, b"UUU", b"\0\0end")


def test_reading_tells_whenever_it_has_got_on(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(5_000_000))
    steps: list[None] = []
    read_bytes(str(tmp_path / "a"), got_on=lambda: steps.append(None))
    assert len(steps) >= 5


def test_a_stream_is_read_to_its_end_or_its_limit() -> None:
    content = os.urandom(3_000_000)
    assert read_stream(io.BytesIO(content)) == content
    with pytest.raises(UnreadableImage, match="more than 2,999,999 bytes"):
        read_stream(io.BytesIO(content), max_bytes=2_999_999)


def test_the_head_of_a_stream_may_save_reading_the_rest() -> None:
    def refuse(head: bytes) -> None:
        raise UnreadableImage("not an image", "a film")

    stream = io.BytesIO(b"film" + bytes(1 << 20))
    with pytest.raises(UnreadableImage, match="a film"):
        read_stream(stream, check_head=refuse)
    assert stream.tell() == 1 << 16
