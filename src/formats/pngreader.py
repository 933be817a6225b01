"""PNG -> pixels: the chunks that make the picture, and only those, go to OpenCV.

Chunks of metadata can hold decompression bombs and make libpng print warnings. Those of an animation make OpenCV
decode other pictures than the default image. Both are left out, and the orientation is read here.
"""

import struct
import zlib

import cv2
import numpy as np

from ..errors import DAMAGED, TRUNCATED, UnreadableImage
from .animation import is_one_colour
from .completeness import refuse_cut_off
from .exif import read_orientation, unpack_raw_profile
from .iccprofile import MOST_BYTES
from .imageformats import PNG
from .imagelimits import BYTES_PER_PIXEL, Limits
from .pixels import decode_by_opencv, to_bgr, upright
from .pngending import CHANNELS, mend_end
from .rowblocks import Image8

_PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_RAW_PROFILES = (b"Raw profile type exif\0", b"Raw profile type APP1\0")
_MAX_PROFILE = 1 << 18
_DAMAGE = "its PNG data is damaged"


def read(data: bytes, limits: Limits) -> Image8:
    """Decode a PNG, of an animated one (APNG) the default image, unless it is of one colour.

    Deep samples span what they obviously use, though the standard demands 0..65535: cameras of 10 and 12 bits do not
    stretch them. An embedded profile is applied, gamma is not.
    """
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise UnreadableImage(TRUNCATED if len(data) < 33 else DAMAGED, "a PNG without a header")
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    if colour not in CHANNELS:
        raise UnreadableImage(DAMAGED, "a PNG of an unknown colour type")
    held = max(BYTES_PER_PIXEL, 2 * CHANNELS[colour] * depth // 8 + 3)
    with limits.room(width, height, depth * CHANNELS[colour], held=held):
        try:
            picture, orientation, key, profile = _keep_picture(data, colour)
        except UnreadableImage as error:
            if error.kind != TRUNCATED:
                raise
            picture, orientation, key, profile = _keep_picture(mend_end(data), colour)
        plain = depth <= 8 and colour == 2 and not key
        image = decode_by_opencv(picture, cv2.IMREAD_COLOR if plain else cv2.IMREAD_UNCHANGED, _DAMAGE)
        if key and len(key) >= 2 * CHANNELS[colour]:
            image = _with_alpha(image, np.frombuffer(key, ">u2", CHANNELS[colour]), depth)
        image = to_bgr(image, profile=profile)
        if data.find(b"acTL", 33, data.find(b"IDAT", 33)) >= 0 and is_one_colour(image):
            from .pillowreader import read_animation

            image = read_animation(data, "PNG", image, profile)
        return upright(image, orientation)


def _with_alpha(image: np.ndarray, key: np.ndarray, depth: int) -> np.ndarray:
    """Return BGRA samples: a tRNS chunk makes one grey or colour transparent, which OpenCV does for some kinds."""
    full = np.iinfo(image.dtype).max
    # Samples below 8 bits have been stretched to 8.
    value = key.astype(np.uint32)[::-1] & ((1 << depth) - 1)
    value = value * (full // ((1 << depth) - 1))
    matches = image == value.astype(image.dtype)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    else:
        matches = matches.all(axis=2)
    return np.dstack([image, np.where(matches, 0, full).astype(image.dtype)])


def _keep_picture(data: bytes, colour: int) -> tuple[bytes, int, bytes, bytes]:
    """Return the PNG without extra chunks, its orientation, its tRNS chunk if it has no palette, and its profile."""
    view = memoryview(data)
    kept: list[bytes | memoryview] = [PNG]
    orientation, raw_orientation, key, profile = 0, 1, b"", b""
    position, kind = len(PNG), b""
    while kind != b"IEND":
        refuse_cut_off(data, position + 12)
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        end = position + 12 + length
        if not kind.isalpha():
            raise UnreadableImage(DAMAGED, _DAMAGE)
        refuse_cut_off(data, end)
        if kind == b"tRNS" and colour in (0, 2):
            key = data[position + 8 : end - 4]
        elif kind in _PICTURE_CHUNKS:
            kept.append(view[position:end])
        elif kind == b"eXIf":
            orientation = orientation or read_orientation(data[position + 8 : end - 4])
        elif kind in (b"tEXt", b"zTXt"):
            raw_orientation = max(raw_orientation, _profile_orientation(kind, view[position + 8 : end - 4]))
        elif kind == b"iCCP" and not profile:
            profile = _inflate(data[position + 8 : end - 4].partition(b"\0")[2][1:], MOST_BYTES + 1)
        position = end
    return b"".join(kept), orientation or raw_orientation, key, profile


def _profile_orientation(kind: bytes, chunk: memoryview) -> int:
    if bytes(chunk[:22]) not in _RAW_PROFILES:
        return 1
    text = bytes(chunk[22 : 22 + _MAX_PROFILE])
    if kind == b"zTXt":
        text = _inflate(text[1:], _MAX_PROFILE)
    return read_orientation(unpack_raw_profile(text))


def _inflate(packed: bytes, most: int) -> bytes:
    """Decompress no more than so many bytes; nothing if they are damaged."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
