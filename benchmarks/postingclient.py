"""A client that posts photos, and takes little of the cores that the service it measures needs."""

import re
import socket
import time
from typing import NamedTuple

SECONDS = 60.0
_PART = re.compile(rb"(\w+);dur=([\d.]+)")


class Stroke(NamedTuple):
    """One request."""

    status: int
    seconds: float
    parts: dict[str, float]
    """Milliseconds that the service says its parts took."""


class Client:
    """One connection, which is kept as long as all goes well."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def post(self, photo: bytes) -> Stroke:
        """Search by a photo; a status of 0 is of a request that was not answered."""
        head = f"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Length: {len(photo)}\r\n\r\n"
        start = time.perf_counter()
        try:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), SECONDS)
            self._socket.sendall(head.encode() + photo)
            status, answer = self._read(self._socket)
        except (OSError, ValueError):
            self.close()
            return Stroke(0, time.perf_counter() - start, {})
        seconds = time.perf_counter() - start
        return Stroke(status, seconds, {name.decode(): float(took) for name, took in _PART.findall(answer)})

    def _read(self, connection: socket.socket) -> tuple[int, bytes]:
        """Return the status and the head of an answer that has its length."""
        got = b""
        while b"\r\n\r\n" not in got:
            if not (more := connection.recv(1 << 16)):
                raise ValueError("the answer is cut")
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if length is None:
            raise ValueError("an answer without a length")
        missing = int(length[1]) - len(body)
        while missing > 0 and (more := connection.recv(missing)):
            missing -= len(more)
        if missing:
            raise ValueError("the answer is cut")
        return int(head.split()[1]), head
