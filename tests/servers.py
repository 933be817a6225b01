"""Run the service as a user does: as a process, on a port of its own; and ask it."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from src.indexer import index_folder
from tests.describing import describe_here
from tests.programs import PYTHON, ROOT

# A query picture, which is none of the catalogue.
COAT = ROOT / "queries" / "Cropped_Trench_Coatimg_00000004.jpg"
STARTING_SECONDS = 30.0
# As serve.py does, with what has no option.
_PROGRAM = """
import json, sys
from src.webservice import Settings, run_server
if __name__ == "__main__":
    run_server(Settings(**json.loads(sys.argv[1])))
"""


def index_here(folder: Path, index: Path) -> Path:
    """Write the index of a folder, as index.py does, in this process; return it."""
    index_folder([str(folder)], str(index), describe=describe_here)
    return index


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Server:
    """A running service.

    Attributes
    ----------
    address : str
        Of its page, without a slash at the end.
    process : Popen
        serve.py itself.
    client : httpx.Client
        Asks it.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
        self.process = process
        self.address = address
        self.client = httpx.Client(base_url=address, timeout=30)
        self._log = log

    @property
    def log(self) -> str:
        """What it has said on stdout and stderr so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; return its exit code."""
        self.client.close()
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def serving(
    folder: Path, index: Path | str, *options: str | os.PathLike[str], environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Serve an index while the context lasts; what the service says goes to a file in the folder.

    A traceback in its log fails the test.
    """
    port = free_port()
    program = [str(ROOT / "serve.py"), "--index", str(index), "--port", str(port)]
    with _running(folder, port, [*program, *(os.fspath(option) for option in options)], environment) as server:
        yield server


@contextmanager
def serving_as(folder: Path, index: Path, **settings: str | float | None) -> Iterator[Server]:
    """Do as `serving` does, with settings instead of options."""
    port = free_port()
    told = json.dumps({"index": str(index), "port": port, **settings})
    with _running(folder, port, ["-c", _PROGRAM, told]) as server:
        yield server


@contextmanager
def _running(
    folder: Path, port: int, program: list[str], environment: dict[str, str] | None = None
) -> Iterator[Server]:
    log = folder / f"serve-{port}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*PYTHON, *program],
            stdout=file,
            stderr=file,
            env={**os.environ, **(environment or {})},
            cwd=ROOT if "-c" in program else None,
            start_new_session=True,
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            server.stop()
    assert not re.search("Traceback|panicked", server.log), server.log


def _wait(server: Server) -> None:
    end = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < end:
        assert server.process.poll() is None, server.log
        try:
            server.client.get("/openapi.json")
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"it does not start: {server.log}")
