"""What every command shares: exit codes, errors in one line, progress, and the terminal."""

import functools
import io
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from .. import OPENCV_PIXELS
from ..errors import ExpectedError
from ..printable import printable

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

_name: str | None = None


def door(main: Callable[[list[str]], int]) -> Callable[[list[str]], int]:
    """Make a door's main return an exit code for every end it can come to, with one line on stderr for each error."""

    @functools.wraps(main)
    def guarded(argv: list[str]) -> int:
        try:
            return main(argv)
        except SystemExit as end:  # argparse's way to end: 0 after --help, 2 after a wrong command line
            return end.code if isinstance(end.code, int) else FAILED
        except ExpectedError as error:
            complain(str(error))
        except BrokenPipeError:
            _let_stdout_go()
            return DONE
        except MemoryError:
            complain("there is not enough memory (ulimit -v), or a limit of it is too low")
        except ImportError as error:
            # A library that is not installed as it should be, or that finds no memory to be loaded into.
            complain(f"a library cannot be loaded: {error}")
        except OSError as error:
            if not _can_print():
                complain(f"standard output cannot be written: {error.strerror}")
                return FAILED
            complain(": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error))
        except KeyboardInterrupt as error:
            _let_nothing_interrupt_the_end()
            complain(str(error) or "interrupted")
            return INTERRUPTED
        return FAILED

    return guarded


def run(main: Callable[[list[str]], int]) -> NoReturn:
    """Run a door as a program: set up the terminal, and exit with the code that `main` returns for the arguments."""
    _own_the_terminal()
    # Set before numpy is loaded: starting BLAS threads takes as long as loading it, and nothing here uses them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    @door
    def flushed(argv: list[str]) -> int:
        code = main(argv)
        sys.stdout.flush()
        return code

    sys.exit(flushed(sys.argv[1:]))


def _can_print() -> bool:
    """Tell whether what was printed could be written; if not, let it go, as Python would try once more at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        _let_stdout_go()
        return False
    return True


def _let_stdout_go() -> None:
    """Write nothing any more, not even by Python's own flush at exit.

    The reader of our output has seen enough (`search.py ... | head -1`), or it cannot be written.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def program_name() -> str:
    """Return what the program is called, in its help and at the start of its error lines."""
    return _name or os.path.basename(sys.argv[0])


@contextmanager
def named(name: str) -> Iterator[None]:
    """Call the program by another name within the context, where its file does not tell how it was called."""
    global _name
    before, _name = _name, name
    try:
        yield
    finally:
        _name = before


def is_watched() -> bool:
    """Tell whether stdout goes to a terminal, in front of which somebody sits, and not to a program or a file."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """Tell whether somebody can be asked: what is typed comes from a terminal, and what is said goes to one."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def agrees(question: str) -> bool:
    """Ask a question on the terminal; tell whether the answer was yes."""
    print(printable(question), "[y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def print_all(lines: Iterable[str]) -> None:
    """Print lines to the end, or until the reader has seen enough, which is no reason to leave other work undone."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_stdout_go()


def write(data: bytes) -> None:
    """Write bytes to stdout: names as the file system has them, whatever the encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(text: str) -> None:
    """Write one line to stderr, named after the program."""
    report(f"{program_name()}: {text}")


def report(text: str) -> None:
    """Write one line to stderr as it is, made safe to print. If nobody can read it, the work goes on all the same."""
    with suppress(OSError, ValueError):
        print(printable(text), file=sys.stderr, flush=True)


class ProgressBar:
    """A progress bar on stderr, of what goes on and in which unit; a context manager.

    There is one only on a terminal that can go back to the beginning of a line.
    """

    def __init__(self, what: str, unit: str, *, quiet: bool = False) -> None:
        self._what, self._unit, self._quiet = what, unit, quiet
        self._bar: Any = None

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        if self._bar is None:
            if self._quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
                return
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._what, unit=self._unit, unit_scale=True, leave=False)
        if total != self._bar.total:  # work of another kind begins
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)

    def report(self, text: str) -> None:
        """Write a line above the bar."""
        if self._bar is not None:
            self._bar.clear()
        report(text)


def set_pixel_limit(max_megapixels: float) -> None:
    """Let OpenCV decode pictures of that size. Must be called before OpenCV is loaded, here or in a child process."""
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(max(OPENCV_PIXELS, int(max_megapixels * 1e6)))


def _own_the_terminal() -> None:
    """Keep stderr for our own lines.

    Decoders (libjpeg, libpng, libtiff) and Qt write their remarks straight to file descriptor 2, past every log
    level, quoting raw file names. Our lines get a descriptor of their own, theirs goes nowhere.
    """
    _open_closed_streams()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    encoding = sys.stderr.encoding
    # Without a buffer: on a full disk, what is in it would be written once more at exit, and change the exit code.
    unbuffered = os.fdopen(os.dup(2), "wb", buffering=0)
    sys.stderr = io.TextIOWrapper(unbuffered, encoding, "backslashreplace", write_through=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    for number in _interrupting_signals():
        # A run that was started to survive its terminal (nohup) does.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _let_nothing_interrupt_the_end() -> None:
    """Ignore a key that is held down: in a program of ours, which alone has SIGTERM do as Ctrl-C does."""
    if signal.getsignal(signal.SIGTERM) is signal.default_int_handler:
        for number in _interrupting_signals():
            signal.signal(number, signal.SIG_IGN)


def _open_closed_streams() -> None:
    """Give a program that was started with closed standard streams empty ones.

    Otherwise the next files that are opened take their numbers, and what is printed goes into them.
    """
    for number, (name, mode) in enumerate([("stdin", "r"), ("stdout", "w"), ("stderr", "w")]):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _interrupting_signals() -> list[signal.Signals]:
    """Return what ends a run as Ctrl-C does, cleanly: that, kill, and closing the terminal."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [signal.Signals[name] for name in names if hasattr(signal, name)]
