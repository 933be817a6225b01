"""What the command lines of all commands share: kinds of numbers, and options."""

import argparse
import math

# Of that many, one picture takes 30 GB.
MOST_MEGAPIXELS = 10_000


def positive(text: str) -> int:
    """Read a whole number from 1 up, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def not_negative(text: str) -> float:
    """Read a number from 0 up, for argparse."""
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError
    return number


def megapixels(text: str) -> float:
    """Read a limit for pictures, for argparse."""
    number = float(text)
    if not 0 < number <= MOST_MEGAPIXELS:
        raise ValueError
    return number


# argparse puts these into its message: invalid ... value
positive.__name__ = "whole number from 1 up"
not_negative.__name__ = "number from 0 up"
megapixels.__name__ = f"number of megapixels up to {MOST_MEGAPIXELS:,}"


def add_pixel_limit(parser: argparse.ArgumentParser) -> None:
    """Give a door the option --max-megapixels."""
    parser.add_argument(
        "--max-megapixels",
        type=megapixels,
        default=100.0,
        metavar="N",
        help="refuse larger pictures, without decoding them (default: 100)",
    )
