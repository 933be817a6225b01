"""JPEG -> pixels: a short walk over the header, then one call of OpenCV."""

import cv2

from ..errors import DAMAGED, TRUNCATED, UNSUPPORTED, UnreadableImage
from .completeness import CUT_OFF
from .imagelimits import Limits
from .jpegending import END, mend_end
from .jpegheader import DAMAGE, LOSSLESS, PROGRESSIVE, JpegHeader, read_header
from .jpegzeros import is_blanked
from .pixels import decode_by_opencv, to_bgr, upright
from .rowblocks import Image8

# Frames of several sizes in one picture, and lossless ones with arithmetic coding.
_UNKNOWN = frozenset({0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF})
_REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a JPEG, of several pictures in one file (MPO) the first.

    Pillow decodes CMYK. Samples of other than 8 bits are refused. The end marker may be missing, but no pixel.
    """
    header = read_header(data)
    if header.precision != 8 or header.frame in _UNKNOWN:
        kind = "hierarchical or arithmetic lossless" if header.precision == 8 else f"{header.precision}-bit"
        raise UnreadableImage(UNSUPPORTED, f"a {kind} JPEG, which the decoders here cannot read")
    is_lossless = header.frame in LOSSLESS
    scale = 1 if is_lossless else limits.reading.scale(header.width, header.height)
    # A progressive JPEG is held whole while it is decoded, however small it comes out; so is one that must be judged.
    has_end = data.endswith(END) or data.find(END, header.scan) >= 0
    held_scale = 1 if header.frame in PROGRESSIVE or not has_end else scale
    with limits.room(header.width, header.height, 8 * header.components, scale=held_scale):
        if is_blanked(data, header):
            raise UnreadableImage(DAMAGED, "a stretch of its picture data is zeros, as after a disk error")
        try:
            image = _decode(data, header, scale)
        except UnreadableImage as error:
            if has_end:
                raise
            mended = mend_end(data, header.width * header.height)
            if mended is None:
                raise UnreadableImage(TRUNCATED, CUT_OFF) from error
            image = _decode(mended, header, scale)
        return upright(image, header.orientation)


def _decode(data: bytes, header: JpegHeader, scale: int) -> Image8:
    if header.components == 4:
        from .pillowreader import decode_cmyk_jpeg  # rarely needed

        return decode_cmyk_jpeg(data, inverted=header.adobe, profile=header.profile)
    how = _REDUCED.get(scale, cv2.IMREAD_COLOR)
    if header.frame in LOSSLESS and header.components == 1:
        # Of a lossless JPEG, OpenCV converts no grey to colours.
        how = cv2.IMREAD_GRAYSCALE
    image = decode_by_opencv(data, how | cv2.IMREAD_IGNORE_ORIENTATION, DAMAGE)
    return to_bgr(image, profile=header.profile)
