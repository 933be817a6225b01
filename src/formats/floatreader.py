"""Radiance HDR and PFM -> pixels: OpenCV decodes their floating-point samples."""

import re

import cv2

from ..errors import DAMAGED, UNSUPPORTED, UnreadableImage
from .imagelimits import Limits
from .pixels import decode_by_opencv, from_float
from .rowblocks import Image8

_HEADER_BYTES = 1 << 16
_HDR_SIZE = re.compile(rb"\n-Y\s+(\d{1,9})\s+\+X\s+(\d{1,9})\n")
_PFM_SIZE = re.compile(rb"P[Ff]\s+(\d{1,9})\s+(\d{1,9})\s")


def read_hdr(data: bytes, limits: Limits) -> Image8:
    """Decode a Radiance HDR picture: linear light, clipped at white, with the sRGB curve.

    One that is stored turned, or in CIE XYZ, is refused.
    """
    match = _HDR_SIZE.search(data, 0, _HEADER_BYTES)
    if match is None:
        raise UnreadableImage(UNSUPPORTED, "a Radiance picture without a size, or one stored turned")
    if b"32-bit_rle_xyze" in data[: match.start()]:
        raise UnreadableImage(UNSUPPORTED, "a Radiance picture in CIE XYZ colours")
    return _decode(data, int(match[2]), int(match[1]), limits, linear=True)


def read_pfm(data: bytes, limits: Limits) -> Image8:
    """Decode a PFM picture, refused unless its samples have a known range (`from_float`)."""
    match = _PFM_SIZE.match(data)
    if match is None:
        raise UnreadableImage(DAMAGED, "its PFM header is damaged")
    return _decode(data, int(match[1]), int(match[2]), limits, linear=False)


def _decode(data: bytes, width: int, height: int, limits: Limits, *, linear: bool) -> Image8:
    # Three floats of 32 bits: four times the bits of an 8-bit picture.
    with limits.room(width, height, 96):
        image = decode_by_opencv(data, cv2.IMREAD_UNCHANGED, "its data is damaged or cut off")
        return from_float(image, linear=linear)
