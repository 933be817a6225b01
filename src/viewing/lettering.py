"""Step 4, search: smooth text on a picture, in every script for which the machine has a typeface.

OpenCV 5 carries a typeface that covers most of the world's scripts. OpenCV 4 only has line letters without accents:
there Pillow draws the text, with DejaVu Sans where it is found.
"""

import os
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

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
    if not text:
        return 0
    if HAS_TYPEFACE:
        box = cv2.getTextSize((1, 1), text, (0, 0), _typeface(), style.size, WEIGHTS[style.bold])
        return int(box[0] + box[2])
    font, complete = _pillow_font(style.size, style.bold)
    return round(font.getlength(text if complete else _plain(text)))


def write(picture: NDArray[np.uint8], text: str, left: int, middle: int, style: Style) -> None:
    """Write one line of printable text into a picture, in place; what reaches over the edge is cut off.

    It begins in column `left`, and row `middle` goes through the middle of its capital letters.
    """
    if not text:
        return
    baseline = middle + round(style.size * CAP_HEIGHT / 2)
    if HAS_TYPEFACE:
        cv2.putText(picture, text, (left, baseline), style.colour, _typeface(), style.size, WEIGHTS[style.bold])
    else:
        _write_by_pillow(picture, text, left, baseline, style)


def shorten(text: str, style: Style, room: int) -> str:
    """Return a text with letters taken out of its middle, so that it fits `room` pixels.

    The end keeps the odd letter: names of one series differ there.
    """
    if text_width(text, style) <= room:
        return text
    fewest, most = 0, len(text) - 1
    while fewest < most:
        kept = (fewest + most + 1) // 2
        if text_width(_without_middle(text, kept), style) <= room:
            fewest = kept
        else:
            most = kept - 1
    return _without_middle(text, fewest) if fewest else ""


def _without_middle(text: str, kept: int) -> str:
    end = (kept + 1) // 2
    return text[: kept - end] + ELLIPSIS + text[len(text) - end :]


@lru_cache(maxsize=1)
def _typeface() -> "cv2.FontFace":
    return cv2.FontFace("sans")


@lru_cache(maxsize=32)
def _pillow_font(size: int, bold: bool) -> "tuple[ImageFont.FreeTypeFont, bool]":
    """Return a typeface, and whether it covers more than ASCII."""
    # Imported here, as it takes time that a search without a picture need not spend.
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    # The OpenCV 4 wheels for Linux bring DejaVu Sans for Qt; else Pillow looks where the system keeps its typefaces.
    beside_opencv = os.path.join(os.path.dirname(cv2.__file__), "qt", "fonts", name)
    for known in (beside_opencv, name, "arialbd.ttf" if bold else "arial.ttf", "Arial Unicode.ttf"):
        try:
            # A little smaller: these typefaces are drawn larger on their body than the others.
            return ImageFont.truetype(known, round(size * 0.94)), True
        except OSError:
            continue
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # What it returns whenever a size is given.
    return font, False


def _plain(text: str) -> str:
    """Replace accented letters by plain ones, and all others by question marks: better than empty boxes."""
    apart = unicodedata.normalize("NFKD", text.replace("–", "-").replace("×", "x"))
    return "".join(letter if letter.isascii() else "?" for letter in apart if not unicodedata.combining(letter))


def _write_by_pillow(picture: NDArray[np.uint8], text: str, left: int, baseline: int, style: Style) -> None:
    from PIL import Image, ImageDraw

    font, complete = _pillow_font(style.size, style.bold)
    text = text if complete else _plain(text)
    top = max(baseline - 2 * style.size, 0)
    strip = picture[top : baseline + style.size]
    ink = Image.new("L", (strip.shape[1], strip.shape[0]))
    ImageDraw.Draw(ink).text((left, baseline - top), text, font=font, fill=255, anchor="ls")
    strip[:] = blended(strip, style.colour, np.asarray(ink, np.float32)[:, :, None] / 255)


def blended(picture: NDArray[Any], colour: Colour | NDArray[Any], share: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a picture in which each pixel has taken on its share, 0 to 1, of a colour, or of one for each."""
    mixed: NDArray[np.uint8] = np.rint(picture * (1 - share) + np.array(colour, np.float32) * share).astype(np.uint8)
    return mixed
