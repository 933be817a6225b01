"""JPEG 2000 -> pixels: OpenCV decodes plain grey and RGB of 8 and 16 bits without holding the interpreter's lock.

Pillow decodes the rest. Box and marker layout: ITU-T T.800, annexes A and I.
"""

import struct
from typing import NamedTuple

import cv2

from ..errors import DAMAGED, UNSUPPORTED, UnreadableImage
from .completeness import CUT_OFF_HEADER, refuse_cut_off
from .imageformats import JPEG2000_CODESTREAM
from .imagelimits import BYTES_PER_PIXEL, Limits
from .pillowreader import read_by_pillow
from .pixels import decode_by_opencv, to_bgr
from .rowblocks import Image8

_SRGB, _GREY = 16, 17  # enumerated colour spaces of the colr box
_PROFILES = frozenset({2, 3})  # methods of the colr box: a restricted or any ICC profile
_MAX_TILES = 65535


class _Codestream(NamedTuple):
    width: int
    height: int
    depths: tuple[int, ...]
    whole: bool


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a JPEG 2000 file or codestream; signed or subsampled components are refused."""
    stream = _read_size(data)
    if not stream.whole:
        # Pillow decodes such pictures to wrong colours; OpenCV does not decode them.
        raise UnreadableImage(UNSUPPORTED, "a JPEG 2000 picture of signed or subsampled components")
    profile = _read_profile(data)
    plain = set(stream.depths) in ({8}, {16}) and len(stream.depths) in (1, 3)
    if not plain or not _has_plain_colours(data, len(stream.depths)):
        limits.check(stream.width, stream.height, sum(stream.depths))
        return read_by_pillow(data, "JPEG2000", limits, profile=profile)
    # OpenJPEG holds every sample as 32 bits, and OpenCV beside them what comes out, twice.
    held = len(stream.depths) * (4 + 2 * max(stream.depths) // 8)
    with limits.room(stream.width, stream.height, sum(stream.depths), held=max(held, BYTES_PER_PIXEL)):
        try:
            image = decode_by_opencv(data, cv2.IMREAD_UNCHANGED, "its JPEG 2000 data is damaged")
        except UnreadableImage:
            # OpenCV refuses some sound pictures, such as those of odd resolution levels.
            return read_by_pillow(data, "JPEG2000", limits, profile=profile)
        return to_bgr(image, profile=profile)


def _read_size(data: bytes) -> _Codestream:
    """Read the SIZ marker of the codestream."""
    start = data.find(JPEG2000_CODESTREAM)
    refuse_cut_off(data, start + 45 if start >= 0 else len(data) + 1, CUT_OFF_HEADER)
    right, bottom, left, top, tile_width, tile_height = struct.unpack_from(">IIIIII", data, start + 8)
    (count,) = struct.unpack_from(">H", data, start + 40)
    components = data[start + 42 : start + 42 + 3 * count]
    if not count or len(components) < 3 * count or not tile_width or not tile_height:
        raise UnreadableImage(DAMAGED, "its JPEG 2000 header is damaged")
    width, height = right - left, bottom - top
    if -(-right // tile_width) * -(-bottom // tile_height) > _MAX_TILES:
        raise UnreadableImage(DAMAGED, "it declares more tiles than JPEG 2000 allows")
    # Signed samples have the top bit of Ssiz set; subsampled components other steps than 1.
    whole = all(size < 0x80 for size in components[::3]) and set(components[1::3] + components[2::3]) == {1}
    return _Codestream(width, height, tuple((size & 0x7F) + 1 for size in components[::3]), whole)


def _has_plain_colours(data: bytes, components: int) -> bool:
    """Return whether samples are grey or sRGB as they stand: no palette, no YCC, components in order."""
    if data.startswith(JPEG2000_CODESTREAM):
        return True
    header = data[: data.find(JPEG2000_CODESTREAM)]
    if any(box in header for box in (b"pclr", b"cdef", b"cmap")):
        return False
    method, content = _read_colours(header)
    space = int.from_bytes(content[:4], "big")
    return method in _PROFILES or (method == 1 and space == (_SRGB if components == 3 else _GREY))


def _read_profile(data: bytes) -> bytes:
    method, content = _read_colours(data[: data.find(JPEG2000_CODESTREAM)])
    return content if method in _PROFILES else b""


def _read_colours(header: bytes) -> tuple[int, bytes]:
    """Return method and content of the colour specification box; method 0 if there is none."""
    at = header.find(b"colr")
    if at < 4 or at + 11 > len(header):
        return 0, b""
    size = int.from_bytes(header[at - 4 : at], "big")
    return header[at + 4], header[at + 7 : at - 4 + size]
