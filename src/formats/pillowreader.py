"""What OpenCV reads wrongly, partly or not at all -> pixels, by Pillow, which is imported when it is first needed."""

import importlib
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ..errors import DAMAGED, NO_MEMORY, TOO_LARGE, TRUNCATED, UNSUPPORTED, UnreadableImage
from ..filebytes import content_digest
from .animation import choose_frame
from .completeness import CUT_OFF
from .exif import read_orientation
from .imagelimits import MEGAPIXEL, Limits
from .pixels import cmyk_to_bgr, to_bgr, upright
from .rowblocks import Image8, as_8bit, row_blocks

if TYPE_CHECKING:
    from PIL import Image

# Bits a pixel of Pillow's modes; those not listed have 24.
_MODE_BITS = {"1": 1, "L": 8, "P": 8, "LA": 16, "PA": 16, "I;16": 16, "RGBA": 32, "CMYK": 32, "I": 32, "F": 32}
# Formats whose later pictures are frames, not pages or sizes.
_ANIMATIONS = frozenset({"GIF", "WEBP", "AVIF", "FLI"})
# Pillow hands out a and b as signed bytes, as they lie in the file; OpenCV wants them raised by 128.
_LAB_SHIFT = np.array([0, 128, 128], np.uint8)


def read_by_pillow(data: bytes, name: str, limits: Limits, *, slow: bool = False, profile: bytes = b"") -> Image8:
    """Decode the first picture of a file by Pillow's decoder of that name, which is `slow` if written in Python.

    Of an animation it is the frame that stands for it. The `profile` of its colours is given where Pillow does not find
    it.
    """
    with (
        _opened(data, name, limits.max_pixels) as picture,
        limits.room(*picture.size, _MODE_BITS.get(picture.mode, 24), slow=slow),
    ):
        picture.load()
        orientation = read_orientation(picture.info.get("exif") or b"")
        profile = profile or picture.info.get("icc_profile") or b""
        image = _to_bgr(picture, profile)
        if name in _ANIMATIONS:
            image = choose_frame(image, _later_frames(picture, profile))
        return upright(image, orientation)


def read_animation(data: bytes, name: str, first: Image8, profile: bytes) -> Image8:
    """Return the frame that stands for an animation, of which the first has been read and its size checked."""
    try:
        with _opened(data, name, None) as picture:
            return choose_frame(first, _later_frames(picture, profile))
    except UnreadableImage:
        return first


def _later_frames(picture: "Image.Image", profile: bytes) -> Iterator[Image8]:
    """Decode one frame after the other, but the first, up to the end or to one that is damaged."""
    for number in count(1):
        try:
            picture.seek(number)
            picture.load()
            frame = _to_bgr(picture, profile)
        except MemoryError:
            raise
        except Exception:
            return
        yield frame


def decode_cmyk_jpeg(data: bytes, *, inverted: bool, profile: bytes) -> Image8:
    """Decode a JPEG of four components, whose size was checked, as stored (not turned upright).

    `inverted` says that 255 means no ink, as in the files of Adobe's programs, which carry an Adobe segment.
    """
    from PIL import ImageChops

    with _opened(data, "JPEG", None) as picture:
        picture.load()
        # Pillow takes every such file for Adobe's and has inverted the values.
        return _to_bgr(picture if inverted else ImageChops.invert(picture), profile)


def hash_jpeg(data: bytes) -> bytes:
    """Return a digest of the pixels of a JPEG whose size was checked."""
    with _opened(data, "JPEG", None) as picture:
        picture.load()
        return content_digest(picture.tobytes())


@contextmanager
def _opened(data: bytes, name: str, max_pixels: float | None) -> "Iterator[Image.Image]":
    """Open a file by one plugin of Pillow; every error inside becomes an UnreadableImage."""
    from PIL import Image

    if name == "HEIF":
        try:
            # Imported by name, so that type checkers do not ask for it: it is an extra.
            importlib.import_module("pillow_heif").register_heif_opener()
        except ImportError as error:
            raise UnreadableImage(UNSUPPORTED, "a HEIC picture: pip install pillow-heif") from error
    # Odd metadata makes Pillow warn. A filter, unlike warnings.catch_warnings, is safe with threads.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    if max_pixels and Image.MAX_IMAGE_PIXELS and max_pixels / 2 > Image.MAX_IMAGE_PIXELS:
        # Pillow itself refuses twice this number: a second guard, for a picture within a picture.
        Image.MAX_IMAGE_PIXELS = int(max_pixels / 2)
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as picture:
            yield picture
    except UnreadableImage:
        raise
    except Image.DecompressionBombError as error:
        declared = re.search(r"\d+", str(error))
        pixels = f"{int(declared[0]) / MEGAPIXEL:,.1f}" if declared else "far too many"
        limit = f"; the limit is {max_pixels / MEGAPIXEL:g}" if max_pixels else ""
        raise UnreadableImage(TOO_LARGE, f"{pixels} megapixels{limit}") from error
    except MemoryError as error:
        raise UnreadableImage(NO_MEMORY, "not enough memory to decode it") from error
    except (KeyError, NotImplementedError) as error:
        raise UnreadableImage(UNSUPPORTED, f"a kind of {name} that is not supported") from error
    except Exception as error:
        if "truncated" in str(error) or isinstance(error, EOFError):
            raise UnreadableImage(TRUNCATED, CUT_OFF) from error
        raise UnreadableImage(DAMAGED, f"its {name} data is damaged or of an unknown kind") from error


def _to_bgr(picture: "Image.Image", profile: bytes) -> Image8:
    """Convert a loaded picture; Pillow converts it a block of rows at a time, which needs less memory."""
    if picture.mode.startswith("I"):
        return _deep_to_bgr(picture, profile)
    width, height = picture.size
    transparent = picture.mode in ("LA", "La", "PA", "RGBA", "RGBa") or picture.has_transparency_data
    samples = np.empty((height, width, 4 if transparent else 3), np.uint8)
    for rows in row_blocks(height, width):
        block = picture.crop((0, rows.start, width, rows.stop))
        if transparent:
            samples[rows] = cv2.cvtColor(np.asarray(block.convert("RGBA")), cv2.COLOR_RGBA2BGRA)
        else:
            samples[rows] = _block_to_bgr(block, profile)
    # Inks have been converted with their profile, and Lab has none.
    return to_bgr(samples, profile=b"" if picture.mode in ("CMYK", "LAB") else profile)


def _deep_to_bgr(picture: "Image.Image", profile: bytes) -> Image8:
    samples = np.asarray(picture)
    if picture.mode.startswith("I;16"):
        samples = samples.astype(np.uint16)
        return to_bgr(samples, profile=profile)
    if picture.format == "PPM":
        # Pillow stretches grey PNM samples above 8 bits from the file's own maximum to 65535.
        return to_bgr(samples.astype(np.uint16), declared=65535)
    raise UnreadableImage(UNSUPPORTED, "integer samples without a known range of brightness")


def _block_to_bgr(block: "Image.Image", profile: bytes) -> Image8:
    if block.mode == "CMYK":
        return cmyk_to_bgr(np.asarray(block), profile)
    if block.mode == "LAB":
        return as_8bit(cv2.cvtColor(np.bitwise_xor(np.asarray(block), _LAB_SHIFT), cv2.COLOR_LAB2BGR))
    if block.mode in ("1", "L"):
        return to_bgr(np.asarray(block.convert("L")))
    if block.mode in ("RGB", "RGBX", "P", "YCbCr", "HSV"):
        return as_8bit(cv2.cvtColor(np.asarray(block.convert("RGB")), cv2.COLOR_RGB2BGR))
    raise UnreadableImage(UNSUPPORTED, f"samples of a kind without a known range of brightness ({block.mode})")
