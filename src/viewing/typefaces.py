"""Step 4, search: typefaces of the machine for letters that the usual one lacks: other scripts, and emoji."""

import os
import shutil
import subprocess
import sys
import unicodedata
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import cv2

if TYPE_CHECKING:
    from PIL import ImageFont

# Where most scripts and emoji are; elsewhere fontconfig is asked.
WINDOWS = ("arial.ttf", "seguiemj.ttf", "seguisym.ttf", "Nirmala.ttc", "Nirmala.ttf", "LeelawUI.ttf", "msyh.ttc")
MACOS = ("Arial Unicode.ttf", "Apple Color Emoji.ttc", "Apple Symbols.ttf")

# Some typefaces of emoji hold bitmaps of one of these sizes only.
BITMAP_SIZES = (109, 136, 128, 160, 96)

LONGEST_WAIT_SECONDS = 2.0
MOST_TRIED = 3

# No typeface has a letter of this code.
NO_LETTER = "\U0010ffff"


class Face(NamedTuple):
    """A typeface in one size."""

    font: "ImageFont.FreeTypeFont"
    scale: float = 1.0
    """How many times smaller than the font draws it, text is to be."""


@lru_cache(maxsize=1024)
def find_face(text: str, size: int) -> Face | None:
    """Return a typeface that has all letters of a text, in a size; None if there is none."""
    letters = letters_of(text)
    for path in (*_usual_paths(), *_paths_by_fontconfig(letters)):
        face = _open(path, size)
        if face is not None and covers(face.font, letters):
            return face
    return None


@lru_cache(maxsize=1)
def can_order() -> bool:
    """Tell whether Pillow can put letters that are written from right to left into their order."""
    from PIL import features

    return bool(features.check("raqm"))


def letters_of(text: str) -> str:
    """Return the letters that a typeface must have: all but joiners and what chooses between forms of a letter."""
    unseen = ("Cf", "Zs")
    return "".join(one for one in text if unicodedata.category(one) not in unseen and not "\ufe00" <= one <= "\ufe0f")


def covers(font: "ImageFont.FreeTypeFont", text: str) -> bool:
    """Tell whether a typeface has all letters of a text."""
    return all(_has(font, letter) for letter in letters_of(text))


@lru_cache(maxsize=4096)
def _has(font: "ImageFont.FreeTypeFont", letter: str) -> bool:
    none, mask = font.getmask(NO_LETTER, mode="RGBA"), font.getmask(letter, mode="RGBA")
    return mask.size != none.size or list(mask) != list(none)


def beside_opencv(name: str) -> str:
    """Return where a typeface lies that OpenCV may have brought: the wheels of OpenCV 4 for Linux have DejaVu Sans."""
    return os.path.join(os.path.dirname(cv2.__file__), "qt", "fonts", name)


def _usual_paths() -> tuple[str, ...]:
    return beside_opencv("DejaVuSans.ttf"), *(
        WINDOWS if sys.platform == "win32" else MACOS if sys.platform == "darwin" else ()
    )


def _paths_by_fontconfig(letters: str) -> list[str]:
    codes = set(map(ord, letters))
    found = (path for path, ranges in _fonts() if all(any(code in one for one in ranges) for code in codes))
    return list(islice(found, MOST_TRIED))


@lru_cache(maxsize=1)
def _fonts() -> list[tuple[str, list[range]]]:
    """Return the typefaces that fontconfig knows, the best first, with the codes that each has."""
    program = shutil.which("fc-match")
    if program is None or sys.platform == "win32":
        return []
    command = [program, "--sort", "--format", "%{file}\t%{charset}\n", "sans"]
    fonts = []
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        told = subprocess.run(command, capture_output=True, timeout=LONGEST_WAIT_SECONDS, check=True).stdout
        for path, _, codes in (line.partition("\t") for line in os.fsdecode(told).splitlines()):
            ends = ([int(end, 16) for end in one.split("-")] for one in codes.split())
            fonts.append((path, [range(end[0], end[-1] + 1) for end in ends]))
    return fonts


@lru_cache(maxsize=64)
def _open(path: str, size: int) -> Face | None:
    # Imported here, as it takes time that a search without such letters need not spend.
    from PIL import ImageFont

    for height in (size, *BITMAP_SIZES):
        with suppress(OSError):
            return Face(ImageFont.truetype(path, height), height / size)
    return None
