"""What the command lines of all commands share: the parser, kinds of numbers, and options."""

import argparse
import math
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..descriptors import TABLE
from . import console

if TYPE_CHECKING:
    from ..imagepart import Part

# Of that many, one picture takes 30 GB.
MOST_MEGAPIXELS = 10_000


class CommandLine(argparse.ArgumentParser):
    """A parser with what every command has: --version, examples at the end of --help, and no abbreviated options.

    Abbreviations would turn each new option into one that may break somebody's script.

    Parameters
    ----------
    prog : str, optional
        What the program is called; otherwise by the name it has now.
    examples : sequence of str
        Arguments of calls that are worth showing.
    **settings
        As for `argparse.ArgumentParser`.
    """

    def __init__(self, *, prog: str | None = None, examples: Sequence[str] = (), **settings: Any) -> None:
        prog = prog or console.program_name()
        call = f"python {prog}" if prog.endswith(".py") else prog
        super().__init__(
            prog=prog,
            epilog="\n  ".join(["examples:", *(f"{call} {example}" for example in examples)]) if examples else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **settings,
        )
        self.add_argument("--version", action="version", version=f"image-similarity {__version__}")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse passes over what cannot be written. Help that is asked for and lost is an error, though.
        if file is sys.stdout:
            file.write(message)
            file.flush()
        else:
            # Python 3.10 does not pass over it.
            with suppress(OSError):
                super()._print_message(message, file)


def positive(text: str) -> int:
    """Read a whole number from 1 up, for argparse."""
    number = _number(int, text)
    if number is None or number < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 up, not '{text}'")
    return int(number)


def not_negative(text: str) -> float:
    """Read a number from 0 up, for argparse."""
    number = _number(float, text)
    if number is None or not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number from 0 up, not '{text}'")
    return number


def share(text: str) -> float:
    """Read a number above 0 and up to 1, for argparse."""
    number = _number(float, text)
    if number is None or not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"must be a number above 0, at most 1, not '{text}'")
    return number


def part_of_picture(text: str) -> "Part":
    """Read a part of a picture, for argparse."""
    from ..imagepart import Part  # most queries are whole

    try:
        return Part.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, not '{text}'") from None


def megapixels(text: str) -> float:
    """Read a limit for pictures, for argparse."""
    number = _number(float, text)
    if number is None or not 0 < number <= MOST_MEGAPIXELS:
        raise argparse.ArgumentTypeError(f"must be a number of megapixels up to {MOST_MEGAPIXELS:,}, not '{text}'")
    return number


def _number(kind: type[int] | type[float], text: str) -> float | None:
    try:
        return kind(text)
    except ValueError:
        return None


def add_pixel_limit(parser: argparse._ActionsContainer) -> None:
    """Give a command the option --max-megapixels."""
    parser.add_argument(
        "--max-megapixels",
        type=megapixels,
        default=100.0,
        metavar="N",
        help="refuse larger pictures, without decoding them (default: 100)",
    )


def add_descriptor(parser: argparse._ActionsContainer, what: str, **settings: Any) -> None:
    """Give a command the option --descriptor, which says what is done by it."""
    meanings = "; ".join(f"{name}: {entry.finds}" for name, entry in TABLE.items())
    parser.add_argument("--descriptor", choices=list(TABLE), metavar="NAME", help=f"{what}. {meanings}", **settings)


def add_cluster(parser: argparse._ActionsContainer, what: str) -> None:
    """Give a command the option --cluster, which says what is done there."""
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=f"{what} the workers of a Dask scheduler, as tcp://host:8786; or local, for one in this process",
    )


def runtime_of(descriptor: object) -> dict[str, str]:
    """Return what --json tells of a descriptor by networks: what runs them, with its version."""
    runtime = getattr(descriptor, "runtime", None)
    return {} if runtime is None else {"runtime": str(runtime)}
