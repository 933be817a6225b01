"""Run the programs as a user does: as processes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-W", "error"]


def run(
    program: str, *arguments: str | os.PathLike[str], stdin: bytes | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[bytes]:
    """Run index.py or search.py and wait for its end; there is no display."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [*PYTHON, str(ROOT / program), *(os.fspath(argument) for argument in arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, env=environment, check=False)


def succeed(program: str, *arguments: str | os.PathLike[str], stdin: bytes | None = None) -> list[str]:
    """Run a program that must succeed; return its lines on stdout."""
    ended = run(program, *arguments, stdin=stdin)
    assert ended.returncode == 0, ended.stderr.decode(errors="backslashreplace")
    return ended.stdout.decode().splitlines()


def fail(program: str, *arguments: str | os.PathLike[str], code: int = 1, stdin: bytes | None = None) -> str:
    """Run a program that must fail with `code`, one line on stderr and nothing on stdout; return that line."""
    ended = run(program, *arguments, stdin=stdin)
    said = ended.stderr.decode()
    assert (ended.returncode, ended.stdout) == (code, b""), said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1, said
    return said


def succeed_here(main: Callable[[list[str]], int], *arguments: str | os.PathLike[str]) -> list[str]:
    """Call the main of a command in this process, which takes less than a program; return its lines on stdout."""
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as complained:
        assert main([os.fspath(argument) for argument in arguments]) == 0, complained.getvalue()
    return said.getvalue().splitlines()


class InTerminal(subprocess.Popen[str]):
    """A program whose stdout is a terminal, as if somebody sat there."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._screen, terminal = os.openpty()
        self._printed = b""
        # Tests that a shell has started in the background ignore Ctrl-C, and what they start would do so, too.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            super().__init__(command, env=environment, stdout=terminal, stderr=subprocess.PIPE, text=True)
        finally:
            signal.signal(signal.SIGINT, before)
            os.close(terminal)
        # A terminal holds few lines for which nobody asks.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        # Linux tells of a terminal's end by an error.
        with suppress(OSError):
            while piece := os.read(self._screen, 1 << 16):
                self._printed += piece

    def ended(self, timeout: float = 30) -> tuple[int, list[str], str]:
        """Wait for the end; return the exit code, the lines of stdout, and stderr."""
        _, said = self.communicate(timeout=timeout)
        self._reader.join(timeout)
        return self.returncode, self._printed.decode().splitlines(), said

    def __exit__(self, *error: object) -> None:
        super().__exit__(None, None, None)
        self._reader.join()
        os.close(self._screen)
