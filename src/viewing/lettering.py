"""Step 4, search: smooth text on a picture, in every script for which the machine has a typeface.

OpenCV 5 carries a typeface that covers many scripts. OpenCV 4 only has line letters without accents: there Pillow draws
the text, with DejaVu Sans where it is found. What the usual typeface lacks, or cannot join as its script does, Pillow
draws with another one of the machine.
"""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .textruns import BOX, Run, clusters_of, runs_of
from .typefaces import Face, beside_opencv, can_order, covers, find_face

if TYPE_CHECKING:
    from PIL import ImageFont

Colour = tuple[int, int, int]
"""Blue, green, red, each 0..255."""

ELLIPSIS = "…"
HAS_TYPEFACE = hasattr(cv2, "FontFace")

# Stroke weights of OpenCV's variable typeface, regular and semi-bold, on the scale of CSS.
WEIGHTS = (400, 600)

# Cap height of both typefaces as a share of the letter size, measured on the letter H.
CAP_HEIGHT = 0.7


class Style(NamedTuple):
    """How a line of text looks; the size is in pixels from one line to the next in a tight block."""

    size: int
    colour: Colour
    bold: bool = False


def text_width(text: str, style: Style) -> int:
    """Return the width of a line of text, in pixels."""
    return sum(_run_width(run, face, style) for run, face in _runs(text, style.size))


def write(picture: NDArray[np.uint8], text: str, left: int, middle: int, style: Style) -> None:
    """Write one line of printable text into a picture, in place; what reaches over the edge is cut off.

    It begins in column `left`, and row `middle` goes through the middle of its capital letters.
    """
    baseline = middle + round(style.size * CAP_HEIGHT / 2)
    for run, face in _runs(text, style.size):
        if face is not None:
            _write_by_pillow(picture, run.text, left, baseline, style, face)
        elif HAS_TYPEFACE:
            text, weight = _usual(run), WEIGHTS[style.bold]
            cv2.putText(picture, text, (left, baseline), style.colour, _typeface(), style.size, weight)
        else:
            font, complete = _pillow_font(style.size, style.bold)
            text = _usual(run) if complete else _plain(_usual(run))
            _write_by_pillow(picture, text, left, baseline, style, Face(font))
        left += _run_width(run, face, style)


def shorten(text: str, style: Style, room: int) -> str:
    """Return a text with letters taken out of its middle, so that it fits `room` pixels.

    The end keeps the odd letter: names of one series differ there.
    """
    if text_width(text, style) <= room:
        return text
    letters = clusters_of(text)
    fewest, most = 0, len(letters) - 1
    while fewest < most:
        kept = (fewest + most + 1) // 2
        if text_width(_without_middle(letters, kept), style) <= room:
            fewest = kept
        else:
            most = kept - 1
    return _without_middle(letters, fewest) if fewest else ""


def _without_middle(letters: list[str], kept: int) -> str:
    end = (kept + 1) // 2
    return "".join([*letters[: kept - end], ELLIPSIS, *letters[len(letters) - end :]])


@lru_cache(maxsize=256)
def _runs(text: str, size: int) -> list[tuple[Run, Face | None]]:
    """Return the runs of a text, and the typeface of each that is not drawn with the usual one."""
    found: list[tuple[Run, Face | None]] = []
    for run in runs_of(text, _has_letter):
        face = None if run.is_usual else find_face(run.text, size)
        if face is not None and not can_order():
            run = run.from_left()
        # No typeface has all scripts: then each letter gets its own.
        parts = [run] if run.is_usual or face is not None else run.letters()
        found += [(part, face or (None if part.is_usual else find_face(part.text, size))) for part in parts]
    return found


def _run_width(run: Run, face: Face | None, style: Style) -> int:
    if face is not None:
        return round(face.font.getlength(run.text) / face.scale)
    if HAS_TYPEFACE:
        box = cv2.getTextSize((1, 1), _usual(run), (0, 0), _typeface(), style.size, WEIGHTS[style.bold])
        return int(box[0] + box[2])
    font, complete = _pillow_font(style.size, style.bold)
    return round(font.getlength(_usual(run) if complete else _plain(_usual(run))))


def _usual(run: Run) -> str:
    """Return what the usual typeface draws of a run: a box for each letter that no typeface has."""
    return run.text if run.is_usual else run.stand_in(_has_letter)


@lru_cache(maxsize=4096)
def _has_letter(letter: str) -> bool:
    """Tell whether the usual typeface has a letter."""
    if letter.isascii():
        return True
    if not HAS_TYPEFACE:
        font, complete = _pillow_font(20, False)
        return covers(font, letter) if complete else _plain(letter) != BOX
    # OpenCV draws a question mark instead.
    drawn = [np.zeros((40, 60), np.uint8) for _ in range(2)]
    for picture, text in zip(drawn, (letter, "?"), strict=True):
        cv2.putText(picture, text, (10, 28), (255,), _typeface(), 20, WEIGHTS[0])
    return bool((drawn[0] != drawn[1]).any())


@lru_cache(maxsize=1)
def _typeface() -> "cv2.FontFace":
    return cv2.FontFace("sans")


@lru_cache(maxsize=32)
def _pillow_font(size: int, bold: bool) -> "tuple[ImageFont.FreeTypeFont, bool]":
    """Return a typeface, and whether it covers more than ASCII."""
    # Imported here, as it takes time that a search without a picture need not spend.
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    # Pillow looks where the system keeps its typefaces.
    for known in (beside_opencv(name), name, "arialbd.ttf" if bold else "arial.ttf", "Arial Unicode.ttf"):
        try:
            # A little smaller: these typefaces are drawn larger on their body than the others.
            return ImageFont.truetype(known, round(size * 0.94)), True
        except OSError:
            continue
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # What it returns whenever a size is given.
    return font, False


def _plain(text: str) -> str:
    """Replace accented letters by plain ones, and all others by boxes."""
    apart = unicodedata.normalize("NFKD", text.replace("–", "-").replace("×", "x"))
    return "".join(letter if letter.isascii() else BOX for letter in apart if not unicodedata.combining(letter))


def _write_by_pillow(picture: NDArray[np.uint8], text: str, left: int, baseline: int, style: Style, face: Face) -> None:
    from PIL import Image, ImageDraw

    # A pixel of margin at the left, for letters that reach over their beginning.
    margin, height = style.size // 2, 3 * style.size
    width = round(face.font.getlength(text) / face.scale) + 2 * margin
    scaled = [round(length * face.scale) for length in (width, height, margin, 2 * style.size)]
    blue, green, red = style.colour
    ink = Image.new("RGBA", (scaled[0], scaled[1]), (red, green, blue, 0))
    pen, place = ImageDraw.Draw(ink), (scaled[2], scaled[3])
    pen.text(place, text, font=face.font, fill=(red, green, blue, 255), anchor="ls", embedded_color=face.scale != 1)
    drawn = np.asarray(ink if face.scale == 1 else ink.resize((width, height), Image.Resampling.BOX))
    top, left = baseline - 2 * style.size, left - margin
    rows = slice(max(top, 0), min(top + height, picture.shape[0]))
    columns = slice(max(left, 0), min(left + width, picture.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        drawn = drawn[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        part = picture[rows, columns]
        part[:] = blended(part, drawn[:, :, 2::-1].astype(np.float32), drawn[:, :, 3:].astype(np.float32) / 255)


def blended(picture: NDArray[Any], colour: Colour | NDArray[Any], share: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a picture in which each pixel has taken on its share, 0 to 1, of a colour, or of one for each."""
    mixed: NDArray[np.uint8] = np.rint(picture * (1 - share) + np.array(colour, np.float32) * share).astype(np.uint8)
    return mixed
