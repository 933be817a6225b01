"""TIFF -> pixels: the directory decides who decodes, and what the samples mean.

Pillow, which is strict about damage, decodes up to 8 bits and all colours that must be computed (CMYK, Lab, YCbCr,
palettes). OpenCV decodes deeper grey and RGB: it keeps all their bits, but mixes up planes. Both turn a TIFF upright.
"""

from contextlib import suppress

import cv2
import numpy as np

from ..errors import TRUNCATED, UNSUPPORTED, UnreadableImage
from .completeness import refuse_cut_off
from .exif import Directory, read_directory
from .imagelimits import Limits
from .pillowreader import read_by_pillow
from .pixels import decode_by_opencv, find_top, from_float, to_bgr
from .rowblocks import Image8

# Tags of TIFF 6.0, DNG and EXIF.
_SUBFILE_TYPE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIP_OFFSETS, _SAMPLES, _STRIP_SIZES, _MAX_SAMPLE, _PLANAR = 273, 277, 279, 281, 284
_TILE_OFFSETS, _TILE_SIZES, _SUB_DIRECTORIES, _EXTRA_SAMPLES, _SAMPLE_FORMAT, _DNG = 324, 325, 330, 338, 339, 50706
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CFA, _LOG_L, _LOG_LUV, _LINEAR_RAW = 0, 1, 2, 32803, 32844, 32845, 34892
_UNCOMPRESSED, _UNSIGNED, _FLOAT = 1, 1, 3
_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA = 1, 2
# Compressions that only cameras write: Sony 32767, Nikon 34713, Pentax 65535, Kodak 65000, lossy DNG 34892.
_CAMERA_COMPRESSIONS = frozenset({32767, 34713, 65535, 65000, 34892})


def read(data: bytes, limits: Limits) -> Image8:
    """Decode the first page of a TIFF; a camera's raw file is refused.

    The range of 16-bit samples is what MaxSampleValue declares, else what they obviously use.
    """
    try:
        page = read_directory(data)
    except ValueError as error:
        raise UnreadableImage(TRUNCATED, "the file ends before its directory") from error
    _refuse_raw(data, page)
    width, height = page.first(_WIDTH, 0), page.first(_HEIGHT, 0)
    bits, samples = page.tags.get(_BITS, (1,)), page.first(_SAMPLES, 1)
    with limits.room(width, height, bits[0] * samples):
        # Decoders fill in what is missing of strips and tiles.
        for offsets, sizes in ((_STRIP_OFFSETS, _STRIP_SIZES), (_TILE_OFFSETS, _TILE_SIZES)):
            for offset, size in zip(page.tags.get(offsets, ()), page.tags.get(sizes, ()), strict=False):
                refuse_cut_off(data, offset + size)
        deep = max(bits) > 8 and page.first(_PHOTOMETRIC, 0) in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB)
        planar = page.first(_PLANAR, 1) != 1 and samples > 1
        if deep and not planar:
            return _read_deep(data, page)
        if max(bits) > 8 and planar and page.first(_COMPRESSION, 1) == _UNCOMPRESSED:
            raise UnreadableImage(UNSUPPORTED, "an uncompressed planar TIFF of deep samples, which decoders mix up")
        if page.first(_SAMPLE_FORMAT, _UNSIGNED) not in (_UNSIGNED, 4):
            raise UnreadableImage(UNSUPPORTED, "samples that are signed, complex or small floats")
        if page.first(_PHOTOMETRIC, 0) in (_LOG_L, _LOG_LUV):
            raise UnreadableImage(UNSUPPORTED, "a LogLuv TIFF")
        return read_by_pillow(data, "TIFF", limits)


def _refuse_raw(data: bytes, page: Directory) -> None:
    """Refuse a camera's raw file: its first picture is often a thumbnail, which would pass for the photo."""
    pages = [page]
    for offset in page.tags.get(_SUB_DIRECTORIES, ())[:8]:
        with suppress(ValueError):
            pages.append(read_directory(data, offset))
    is_thumbnail = page.first(_SUBFILE_TYPE, 0) & 1 and len(pages) > 1
    is_raw = any(
        one.first(_PHOTOMETRIC, 0) in (_CFA, _LINEAR_RAW) or one.first(_COMPRESSION, 1) in _CAMERA_COMPRESSIONS
        for one in pages
    )
    if page.tags.get(_DNG) or is_thumbnail or is_raw:
        raise UnreadableImage(UNSUPPORTED, "a camera's raw file: develop it to a JPEG, PNG or TIFF first")


def _read_deep(data: bytes, page: Directory) -> Image8:
    """Decode interleaved grey or RGB, of 16 bits or floating point; OpenCV turns it upright."""
    bits, samples = page.tags.get(_BITS, (1,)), page.first(_SAMPLES, 1)
    extra, kind = page.tags.get(_EXTRA_SAMPLES, ()), page.first(_SAMPLE_FORMAT, _UNSIGNED)
    floating = kind == _FLOAT and set(bits) <= {32, 64}
    colours = 3 if page.first(_PHOTOMETRIC, 0) == _RGB else 1
    if not (floating or (kind == _UNSIGNED and set(bits) == {16})) or samples - colours not in (0, colours // 3):
        raise UnreadableImage(UNSUPPORTED, f"a TIFF of {samples} x {bits[0]}-bit samples of format {kind}")
    image = decode_by_opencv(data, cv2.IMREAD_UNCHANGED, "its TIFF data is damaged or packed in an unknown way")
    if image.ndim == 3 and image.shape[2] == 4 and not set(extra) & {_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA}:
        image = image[..., :3]
    if floating and image.dtype in (np.float32, np.float64):
        return from_float(image[..., :3] if image.ndim == 3 else image, linear=False)
    if floating or image.dtype != np.uint16:
        raise UnreadableImage(UNSUPPORTED, "a TIFF whose samples the decoder changed")
    declared = page.first(_MAX_SAMPLE, 0)
    if page.first(_PHOTOMETRIC, 0) == _WHITE_IS_ZERO:
        declared = find_top(np.asarray(image, np.uint16), declared)
        image = declared - np.minimum(image, declared)
    return to_bgr(image, declared=declared, premultiplied=_ASSOCIATED_ALPHA in extra, profile=page.profile)
