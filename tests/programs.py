"""Run the programs as a user does: as processes."""

import os
import subprocess
import sys
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
