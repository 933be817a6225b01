"""Bytes -> pixels: one door for every format, and nothing but an upright BGR picture or UnreadableImage comes out.

The content decides what a file is, never its name. The header is checked before anything is decoded: a picture that
is too large costs nothing. Only the first picture of a file counts: the first page, the first frame of an animation,
the default image of an animated PNG. Colours are taken as sRGB: an embedded colour profile is not applied, because the
histograms of `src.colordescriptor` are far coarser than what it would change in an ordinary photo.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from .errors import DAMAGED, TOO_LARGE, UnreadableImage
from .formats.completeness import refuse_incomplete
from .formats.imageformats import name_format
from .formats.imagelimits import Limits, MemoryBudget
from .formats.pixels import Image8
from .imagefiles import read_bytes

__all__ = ["READER_VERSION", "MemoryBudget", "UnreadableImage", "decode_image", "read_image"]

# Raised whenever the same bytes come to give other pixels; whoever keeps what was made of them then starts anew.
READER_VERSION = 1

# Module and function; loaded when the first picture of the format comes, as a search has only one.
_READERS = {
    "JPEG": ("jpegreader", "read"),
    "PNG": ("pngreader", "read"),
    "WEBP": ("webpreader", "read"),
    "TIFF": ("tiffreader", "read"),
    "BMP": ("bmpreader", "read"),
    "JPEG2000": ("jp2reader", "read"),
    "HDR": ("floatreader", "read_hdr"),
    "PFM": ("floatreader", "read_pfm"),
    "PAM": ("plainreader", "read_pam"),
    "WBMP": ("plainreader", "read_wbmp"),
}
# Formats whose decoders in Pillow are written in Python, wholly or for some of their kinds.
_SLOW = frozenset({"QOI", "DDS", "BLP", "MSP", "XPM", "XBM", "ICNS"})


def decode_image(
    data: bytes, *, max_megapixels: float = 100, budget: MemoryBudget | None = None, reduced: bool = False
) -> Image8:
    """Decode an encoded picture.

    Parameters
    ----------
    data : bytes
        The content of a file.
    max_megapixels : float
        A picture of more (10**6 pixels) is refused from its header.
    budget : MemoryBudget, optional
        Memory that threads share: decoding a picture of more than 4 megapixels reserves 12 bytes a pixel of it.
    reduced : bool, optional
        Decode a JPEG of 2.8 megapixels or more at 1/2, 1/4 or 1/8 of its width and height, as long as 0.7 megapixels
        remain: many times faster, and more than enough to describe it.

    Returns
    -------
    array (h, w, 3) of uint8
        BGR, upright, transparent parts laid on white, C-contiguous.

    Raises
    ------
    UnreadableImage
        If the bytes give no picture, for whatever reason.
    """
    name = name_format(data)
    limits = Limits(max_megapixels, budget, len(data), reduced=reduced)
    try:
        refuse_incomplete(name, data, limits)
        image = _read(name, data, limits)
    except UnreadableImage:
        raise
    except MemoryError as error:
        raise UnreadableImage(TOO_LARGE, "not enough memory to decode it") from error
    except Exception as error:
        # Decoders fail in ways of their own (cv2.error, struct.error, RecursionError ...): all mean the same here.
        raise UnreadableImage(DAMAGED, f"its {name} data is damaged") from error
    return np.ascontiguousarray(image)


def _read(name: str, data: bytes, limits: Limits) -> Image8:
    if name not in _READERS:
        from .formats.pillowreader import read_by_pillow

        return read_by_pillow(data, name, limits, slow=name in _SLOW)
    module, function = _READERS[name]
    image: Image8 = getattr(import_module(f".formats.{module}", __package__), function)(data, limits)
    return image


def read_image(
    path: str, *, max_megapixels: float = 100, budget: MemoryBudget | None = None, reduced: bool = False
) -> Image8:
    """Read and decode a picture file.

    Of a film or an archive only the first 64 KiB are read. See `decode_image` for the other parameters.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    array (h, w, 3) of uint8

    Raises
    ------
    UnreadableImage
        If the file cannot be read or is not a picture.
    """
    data = read_bytes(path, check_head=name_format)
    return decode_image(data, max_megapixels=max_megapixels, budget=budget, reduced=reduced)
