"""A disk that does not answer: a file system in user space (FUSE), spoken by hand, some files of which are never read.

Run as a program, it mounts itself at its first argument and serves the files of the folder that is its second. Those
whose names begin with "stuck" can be found and opened, and reading them waits until the program ends: who reads cannot
even be killed. The words are those of linux/fuse.h.
"""

import ctypes
import errno
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

LOOKUP, FORGET, GETATTR, OPEN, READ, INIT, OPENDIR, READDIR, INTERRUPT, BATCH_FORGET = (
    1,
    2,
    3,
    14,
    15,
    26,
    27,
    28,
    36,
    42,
)
SILENT = {FORGET, INTERRUPT, BATCH_FORGET}
FOREVER = 1 << 30
DETACH = 2  # sys/mount.h


class StuckDisk:
    """Answers what the system asks about the files."""

    def __init__(self, folder: Path) -> None:
        self.files = dict(enumerate(sorted(folder.iterdir()), 2))

    def answer(self, opcode: int, node: int, body: bytes) -> bytes | int | None:
        """Return what is asked for, the number of an error, or None to say nothing for ever."""
        if opcode == INIT:
            return struct.pack("<IIIIHHIIHH32x", 7, 31, 0, 0, 0, 0, 1 << 16, 1, 0, 0)
        if opcode == LOOKUP:
            name = body.rstrip(b"\0").decode()
            found = next((number for number, path in self.files.items() if path.name == name), None)
            return (
                -2 if found is None else struct.pack("<QQQQII", found, 0, FOREVER, FOREVER, 0, 0) + self.status(found)
            )
        if opcode == GETATTR:
            return struct.pack("<QII", FOREVER, 0, 0) + self.status(node)
        if opcode in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 0, 0)
        if opcode == READDIR:
            return self.listing() if struct.unpack_from("<QQ", body)[1] == 0 else b""
        if opcode == READ:
            _, start, length = struct.unpack_from("<QQI", body)
            path = self.files[node]
            return None if path.name.startswith("stuck") else path.read_bytes()[start : start + length]
        return None if opcode in SILENT else -errno.ENOSYS

    def status(self, node: int) -> bytes:
        mode, size = (0o40755, 0) if node == 1 else (0o100644, self.files[node].stat().st_size)
        return struct.pack("<6Q10I", node, size, 1, 1, 1, 1, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def listing(self) -> bytes:
        entries = b""
        for place, (node, path) in enumerate(self.files.items(), 1):
            name = path.name.encode()
            entries += struct.pack("<QQII", node, place, len(name), 8) + name + bytes(-len(name) % 8)
        return entries


def serve(target: str, folder: str) -> None:
    descriptor = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={descriptor},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if ctypes.CDLL(None, use_errno=True).mount(b"stuck", target.encode(), b"fuse", 0, options) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    print("mounted", flush=True)
    disk = StuckDisk(Path(folder))
    with suppress(OSError):  # it is unmounted
        while True:
            request = os.read(descriptor, 1 << 17)
            _, opcode, unique, node = struct.unpack_from("<IIQQ", request)
            answer = disk.answer(opcode, node, request[40:])
            if answer is not None:
                error, data = (answer, b"") if isinstance(answer, int) else (0, answer)
                os.write(descriptor, struct.pack("<IiQ", 16 + len(data), error, unique) + data)


@contextmanager
def stuck_disk(folder: Path, target: Path) -> Iterator[None]:
    """Mount the files of a folder elsewhere, as on a disk that gets stuck; skip the test where that cannot be done."""
    with subprocess.Popen([sys.executable, __file__, target, folder], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            if server.stdout.readline() != b"mounted\n":
                pytest.skip("a file system of one's own needs root and /dev/fuse")
            yield
        finally:
            # Whoever waits for it is told that it is gone.
            server.kill()
            ctypes.CDLL(None).umount2(os.fsencode(target), DETACH)


if __name__ == "__main__":
    serve(*sys.argv[1:])
