"""WebP -> pixels: the header is read here, OpenCV decodes a picture, Pillow an animation."""

import struct
from typing import NamedTuple

import cv2

from ..errors import DAMAGED, UnreadableImage
from .completeness import refuse_cut_off
from .exif import read_orientation
from .iccprofile import MOST_BYTES
from .imagelimits import Limits
from .pillowreader import read_by_pillow
from .pixels import decode_by_opencv, to_bgr, upright
from .rowblocks import Image8

_ANIMATION, _ALPHA = 0x02, 0x10  # flags of the VP8X chunk


class WebpHeader(NamedTuple):
    """Size, and what else matters for decoding."""

    width: int
    height: int
    alpha: bool
    animated: bool
    orientation: int
    profile: bytes
    end: int


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a WebP, of an animation the frame that stands for it."""
    header = read_header(data)
    if len(data) < _size(data):
        # Only metadata is missing, or the byte that pads a chunk; but the decoder asks for all that the file declares.
        data = b"RIFF" + struct.pack("<I", header.end - 8) + data[8 : header.end].ljust(header.end - 8, b"\0")
    with limits.room(header.width, header.height, 32 if header.alpha else 24):
        if header.animated:
            return upright(read_by_pillow(data, "WEBP", limits), header.orientation)
        flags = cv2.IMREAD_UNCHANGED if header.alpha else cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        image = to_bgr(decode_by_opencv(data, flags, "its WebP data is damaged"), profile=header.profile)
        return upright(image, header.orientation)


def read_header(data: bytes) -> WebpHeader:
    """Walk the RIFF chunks; raise UnreadableImage if there is no picture, or not all of it."""
    refuse_cut_off(data, 30)
    size: tuple[int, int] | None = None
    alpha = animated = is_whole = False
    orientation, profile = 1, b""
    position = end = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        start = position + 8
        if kind == b"VP8X" and length >= 10:
            alpha, animated = bool(data[start] & _ALPHA), bool(data[start] & _ANIMATION)
            width, height = (int.from_bytes(data[place : place + 3], "little") for place in (start + 4, start + 7))
            size = width + 1, height + 1
        elif kind == b"VP8 " and length >= 10:
            width, height = struct.unpack_from("<HH", data, start + 6)
            size = size or (width & 0x3FFF, height & 0x3FFF)
        elif kind == b"VP8L" and length >= 5:
            (bits,) = struct.unpack_from("<I", data, start + 1)
            size = size or ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            alpha = alpha or bool(bits >> 28 & 1)
        elif kind == b"EXIF":
            orientation = read_orientation(data[start : start + length])
        elif kind == b"ICCP" and length <= MOST_BYTES:
            profile = data[start : start + length]
        position = start + length + (length & 1)
        if start + length <= len(data):
            end = position
            is_whole = is_whole or kind in (b"VP8 ", b"VP8L")
    if animated or not is_whole:
        refuse_cut_off(data, _size(data))
    if size is None:
        raise UnreadableImage(DAMAGED, "a WebP without a picture")
    return WebpHeader(*size, alpha, animated, orientation, profile, end)


def _size(data: bytes) -> int:
    """Return how long the file says it is."""
    size: int = struct.unpack_from("<I", data, 4)[0]
    return size + 8
