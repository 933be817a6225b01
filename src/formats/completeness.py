"""Whether a file holds all that its header promises, for formats whose decoders fill in what is missing.

The layouts are those of Microsoft's icons and DDS, Apple's icons, Autodesk's FLI and the QOI specification.
"""

import struct

from ..errors import TRUNCATED, UnreadableImage
from .imageformats import PNG
from .imagelimits import Limits

CUT_OFF = "the file ends before the picture does"
CUT_OFF_HEADER = "the file ends within its header"
_QOI_END = b"\0\0\0\0\0\0\0\1"
_DDS_HEADER = 128
_DDS_FOURCC = 0x4
# Bits a pixel of the packed textures whose size is sure; the lower bound for all others is 4.
_DDS_BITS = {b"DXT3": 8, b"DXT5": 8, b"BC5U": 8, b"ATI2": 8}


def refuse_cut_off(data: bytes, end: int, reason: str = CUT_OFF) -> None:
    """Raise UnreadableImage if a file is shorter than `end` bytes, which it promises to have."""
    if end > len(data):
        raise UnreadableImage(TRUNCATED, reason)


def refuse_incomplete(name: str, data: bytes, limits: Limits) -> None:
    """Raise UnreadableImage if a file of the format `name` is shorter than its header says."""
    complete = True
    try:
        if name in ("ICO", "CUR"):
            complete = _is_icon_complete(data, limits)
        elif name == "QOI":
            width, height = struct.unpack_from(">II", data, 4)
            limits.check(width, height, 24)
            complete = data.endswith(_QOI_END)
        elif name == "DDS":
            height, width = struct.unpack_from("<II", data, 12)
            limits.check(width, height, 4)
            complete = len(data) >= _size_dds(data, width, height)
        elif name in ("ICNS", "FLI"):
            layout, place = {"ICNS": (">I", 4), "FLI": ("<I", 0)}[name]
            complete = len(data) >= struct.unpack_from(layout, data, place)[0]
    except struct.error:
        complete = False
    if not complete:
        raise UnreadableImage(TRUNCATED, CUT_OFF)


def _is_icon_complete(data: bytes, limits: Limits) -> bool:
    """Return whether all pictures of an icon are there; those that are PNGs declare sizes of their own."""
    (count,) = struct.unpack_from("<H", data, 4)
    for position in range(6, 6 + 16 * count, 16):
        size, offset = struct.unpack_from("<II", data, position + 8)
        if offset + size > len(data):
            return False
        if data.startswith(PNG, offset):
            width, height = struct.unpack_from(">II", data, offset + 16)
            limits.check(width, height, 32)
    return True


def _size_dds(data: bytes, width: int, height: int) -> int:
    """Return a lower bound for the bytes of the first picture of a DDS file."""
    bits: int
    flags, packing, bits = struct.unpack_from("<I4sI", data, 80)
    if flags & _DDS_FOURCC:
        width, height, bits = -(-width // 4) * 4, -(-height // 4) * 4, _DDS_BITS.get(packing, 4)
    return _DDS_HEADER + width * height * bits // 8
