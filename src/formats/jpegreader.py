"""JPEG -> pixels: a short walk over the header, then one call of OpenCV."""

import cv2

from ..errors import DAMAGED, TRUNCATED, UNSUPPORTED, UnreadableImage
from .completeness import CUT_OFF
from .imagelimits import Limits
from .jpegheader import DAMAGE, PROGRESSIVE, JpegHeader, read_header
from .jpegzeros import is_blanked
from .pixels import decode_by_opencv, to_bgr, upright
from .rowblocks import Image8

_LOSSLESS = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF})
_REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a JPEG, of several pictures in one file (MPO) the first.

    Pillow decodes CMYK. Lossless pictures, and samples of other than 8 bits, are refused.
    """
    header = read_header(data)
    if header.precision != 8 or header.frame in _LOSSLESS:
        kind = "lossless" if header.frame in _LOSSLESS else f"{header.precision}-bit"
        raise UnreadableImage(UNSUPPORTED, f"a {kind} JPEG, which the decoders here cannot read")
    scale = limits.reading.scale(header.width, header.height)
    # A progressive JPEG is held whole while it is decoded, however small it comes out.
    held_scale = 1 if header.frame in PROGRESSIVE else scale
    with limits.room(header.width, header.height, 8 * header.components, scale=held_scale):
        if is_blanked(data, header):
            raise UnreadableImage(DAMAGED, "a stretch of its picture data is zeros, as after a disk error")
        image = _decode(data, header, scale)
        return upright(image, header.orientation)


def _decode(data: bytes, header: JpegHeader, scale: int) -> Image8:
    if header.components == 4:
        from .pillowreader import decode_cmyk_jpeg  # rarely needed

        return decode_cmyk_jpeg(data, inverted=header.adobe, profile=header.profile)
    how = _REDUCED.get(scale, cv2.IMREAD_COLOR)
    try:
        image = decode_by_opencv(data, how | cv2.IMREAD_IGNORE_ORIENTATION, DAMAGE)
    except UnreadableImage as error:
        if data.find(b"\xff\xd9", header.scan) < 0:
            raise UnreadableImage(TRUNCATED, CUT_OFF) from error
        raise
    return to_bgr(image, profile=header.profile)
