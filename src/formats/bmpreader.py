"""BMP -> pixels: bit fields are unpacked here, OpenCV decodes run lengths, and Pillow the rest.

OpenCV gets bit fields wrong, and Pillow refuses most of them.
"""

import struct

import cv2
import numpy as np

from ..errors import DAMAGED, UNSUPPORTED, UnreadableImage
from .completeness import CUT_OFF_HEADER, refuse_cut_off
from .iccprofile import MOST_BYTES
from .imagelimits import Limits
from .pillowreader import read_by_pillow
from .pixels import decode_by_opencv, to_bgr
from .rowblocks import Image8, row_blocks

_FILE_HEADER = 14
_CORE_HEADER, _OS2_HEADER, _V5_HEADER = 12, 64, 124
_EMBEDDED = b"DEBM"  # the colour space 'MBED', little-endian
_RUN_LENGTH = frozenset({1, 2})
_BIT_FIELDS = frozenset({3, 6})


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a BMP."""
    refuse_cut_off(data, _FILE_HEADER + _CORE_HEADER, CUT_OFF_HEADER)
    (size,) = struct.unpack_from("<I", data, _FILE_HEADER)
    if size <= _CORE_HEADER or len(data) < _FILE_HEADER + 40:
        return read_by_pillow(data, "BMP", limits)
    profile = _read_profile(data, size)
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, _FILE_HEADER + 4)
    if compression in _BIT_FIELDS and size != _OS2_HEADER:
        if bits not in (16, 32):
            raise UnreadableImage(DAMAGED, f"a BMP of {bits}-bit bit fields")
        with limits.room(width, abs(height), bits):
            return to_bgr(_read_bit_fields(data, size, width, height, bits), profile=profile)
    if compression in _RUN_LENGTH:
        # OpenCV notices runs that leave the picture, which Pillow draws on, and is faster by far.
        trouble = "its run-length data is damaged or leaves parts of the picture out"
        with limits.room(width, abs(height), bits):
            return to_bgr(decode_by_opencv(data, cv2.IMREAD_COLOR, trouble), profile=profile)
    if compression != 0:
        raise UnreadableImage(UNSUPPORTED, f"a BMP of compression {compression}")
    return read_by_pillow(data, "BMP", limits, profile=profile)


def _read_profile(data: bytes, header_size: int) -> bytes:
    """Return the profile that a header of version 5 says is embedded."""
    if header_size != _V5_HEADER or data[70:74] != _EMBEDDED:
        return b""
    start, size = struct.unpack_from("<II", data, _FILE_HEADER + 112)
    return data[_FILE_HEADER + start : _FILE_HEADER + start + size] if size <= MOST_BYTES else b""


def _read_bit_fields(data: bytes, header_size: int, width: int, height: int, bits: int) -> Image8:
    (start,) = struct.unpack_from("<I", data, 10)
    row_bytes = (width * bits + 31) // 32 * 4
    rows = abs(height)
    refuse_cut_off(data, start + row_bytes * rows)
    # The masks of red, green and blue follow the 40 bytes of the basic header, whether they count as header or not.
    red, green, blue = struct.unpack_from("<III", data, _FILE_HEADER + 40)
    (alpha,) = struct.unpack_from("<I", data, _FILE_HEADER + 52) if header_size >= 56 else (0,)
    masks = [blue, green, red] + [alpha] * bool(alpha)
    used = 0
    for mask in (red, green, blue, alpha):
        run = mask // (mask & -mask) if mask else 0
        if mask & used or run & (run + 1):
            raise UnreadableImage(DAMAGED, "its BMP bit fields overlap or have gaps")
        used |= mask
    packed = np.frombuffer(data, np.uint8, row_bytes * rows, start).reshape(rows, row_bytes)
    packed = packed.view("<u2" if bits == 16 else "<u4")[:, :width]
    image = np.empty((rows, width, len(masks)), np.uint8)
    for block in row_blocks(rows, width):
        for channel, mask in enumerate(masks):
            image[block, :, channel] = _take(packed[block], mask)
    if alpha and not image[..., 3].any():
        # Many programs leave alpha at 0 and mean an opaque picture.
        image = image[..., :3]
    if height > 0:
        image = image[::-1]
    return np.ascontiguousarray(image)


def _take(packed: np.ndarray, mask: int) -> np.ndarray:
    """Take one field out of packed pixels and stretch it to 0..255, rounded."""
    if mask == 0:
        return np.zeros(packed.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    top = mask >> shift
    field = (packed.astype(np.uint32) & np.uint32(mask)) >> np.uint32(shift)
    return field.astype(np.uint8) if top == 255 else np.rint(field * (255 / top)).astype(np.uint8)
