"""JPEG -> pixels: a short walk over the header, then one call of OpenCV."""

import re
import struct
from typing import NamedTuple

import cv2

from ..errors import DAMAGED, TRUNCATED, UNSUPPORTED, UnreadableImage
from .completeness import CUT_OFF, CUT_OFF_HEADER
from .exif import read_orientation
from .imagelimits import Limits
from .pixels import decode_by_opencv, to_bgr, upright
from .rowblocks import Image8

# Start-of-frame markers (ITU-T T.81, table B.1): all of C0..CF but DHT (C4), JPG (C8) and DAC (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2})
_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
_LOSSLESS = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF})
_DHT, _SOI, _EOI, _SOS, _APP1, _APP2, _APP14 = 0xC4, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xEE
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FILL = re.compile(rb"\xff+")
# A profile lies in one segment or several, each with its number and how many they are.
_PROFILE_PART = b"ICC_PROFILE\0"
# Stray bytes before a marker are passed over, up to this many.
_MOST_STRAYS = 100_000
# A lost disk sector reads as zeros; entropy-coded data holds hardly more than a few in a row (see _is_blanked).
_ZEROS = bytes(64)

_DAMAGE = "its JPEG data is damaged"
_REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}


class JpegHeader(NamedTuple):
    """What the segments before the first scan say."""

    frame: int
    precision: int
    width: int
    height: int
    components: int
    orientation: int
    adobe: bool
    scan: int
    profile: bytes


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
    held_scale = 1 if header.frame in _PROGRESSIVE else scale
    with limits.room(header.width, header.height, 8 * header.components, scale=held_scale):
        if data.find(_ZEROS, header.scan) >= 0 and header.frame in _HUFFMAN and _is_blanked(data, header):
            raise UnreadableImage(DAMAGED, "a stretch of its picture data is zeros, as after a disk error")
        image = _decode(data, header, scale)
        return upright(image, header.orientation)


def _decode(data: bytes, header: JpegHeader, scale: int) -> Image8:
    if header.components == 4:
        from .pillowreader import decode_cmyk_jpeg  # rarely needed

        return decode_cmyk_jpeg(data, inverted=header.adobe, profile=header.profile)
    how = _REDUCED.get(scale, cv2.IMREAD_COLOR)
    try:
        image = decode_by_opencv(data, how | cv2.IMREAD_IGNORE_ORIENTATION, _DAMAGE)
    except UnreadableImage as error:
        if data.find(b"\xff\xd9", header.scan) < 0:
            raise UnreadableImage(TRUNCATED, CUT_OFF) from error
        raise
    return to_bgr(image, profile=header.profile)


def read_header(data: bytes) -> JpegHeader:
    """Walk the segments up to the first scan; raise UnreadableImage if they end before a frame and a scan."""
    frame = None
    orientation, adobe = 0, False
    parts: dict[int, bytes] = {}
    position = 2
    while True:
        marker, start, end = _next_segment(data, position)
        if marker in _FRAMES and frame is None:
            frame = (marker, *struct.unpack_from(">BHHB", data, start)) if end - start >= 6 else None
        elif marker == _APP1 and not orientation and data.startswith(b"Exif\0", start):
            orientation = read_orientation(data[start:end])
        elif marker == _APP2 and data.startswith(_PROFILE_PART, start) and end - start > 14:
            parts.setdefault(data[start + 12], data[start + 13 : end])
        elif marker == _APP14 and data.startswith(b"Adobe", start):
            adobe = True
        elif marker == _SOS:
            break
        elif marker == _EOI:
            raise UnreadableImage(DAMAGED, "a JPEG without a picture")
        position = end
    if frame is None:
        raise UnreadableImage(DAMAGED, "a JPEG without a frame header")
    kind, precision, height, width, components = frame
    return JpegHeader(kind, precision, width, height, components, orientation or 1, adobe, start, _join(parts))


def _join(parts: dict[int, bytes]) -> bytes:
    """Put a profile together from its parts, each after a byte that says how many they are; empty if one is missing."""
    numbers = sorted(parts)
    if any(part[0] != len(parts) for part in parts.values()) or numbers != list(range(1, len(parts) + 1)):
        return b""
    return b"".join(parts[number][1:] for number in numbers)


def _next_segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Return marker, start and end of the content of the next segment; stray bytes before it are passed over."""
    for _ in range(_MOST_STRAYS):
        position = data.find(b"\xff", position)
        if position < 0 or position + 4 > len(data):
            raise UnreadableImage(TRUNCATED, CUT_OFF_HEADER)
        marker = data[position + 1]
        if marker == 0xFF:
            # Any number of fill bytes may stand before a marker; a file that is nothing else must not take long.
            position = _FILL.match(data, position).end() - 1  # type: ignore[union-attr]
            continue
        if marker == 0 or marker in _STANDALONE:
            position += 2
            continue
        if marker == _EOI:
            return marker, position + 2, position + 2
        (length,) = struct.unpack_from(">H", data, position + 2)
        return marker, position + 4, position + 2 + max(2, length)
    raise UnreadableImage(DAMAGED, _DAMAGE)


def _is_blanked(data: bytes, header: JpegHeader) -> bool:
    """Return whether a run of zeros in a scan cannot be picture data.

    libjpeg decodes zeros without complaint: a recovered photo with a lost sector would silently be half grey. What
    zeros mean is up to the scan's Huffman tables: the first symbol of a table has the all-zero code. Many zeros in a
    row are sound only if that symbol ends a block, as it may in a flat picture.
    """
    first_symbols: dict[int, int] = {}
    position = 2
    while True:
        try:
            marker, start, end = _next_segment(data, position)
        except UnreadableImage:
            return False
        if marker == _EOI:
            return False
        if marker == _DHT:
            first_symbols.update(_first_symbols(data[start:end]))
        elif marker == _SOS:
            found = _AFTER_SCAN.search(data, end)
            scan_end = found.start() if found else len(data)
            if data.find(_ZEROS, end, scan_end) >= 0 and not _zeros_are_sound(data[start:end], header, first_symbols):
                return True
            end = scan_end
        position = end


def _first_symbols(tables: bytes) -> dict[int, int]:
    """Map each Huffman table of a DHT segment (class and number in one byte) to its first symbol."""
    symbols = {}
    position = 0
    while position + 17 < len(tables):
        symbols[tables[position]] = tables[position + 17]
        position += 17 + sum(tables[position + 1 : position + 17])
    return symbols


def _zeros_are_sound(scan: bytes, header: JpegHeader, first_symbols: dict[int, int]) -> bool:
    count = scan[0] if scan else 0
    if len(scan) < 4 + 2 * count:
        return True
    selectors = scan[2 : 2 + 2 * count : 2]
    spectral_start, approximation = scan[1 + 2 * count], scan[3 + 2 * count]
    if header.frame in _PROGRESSIVE:
        # Scans of DC and refinement scans hold plain bits, which may be zeros. In others, zeros are sound if their
        # symbol is a run of finished blocks (its low half is 0).
        if spectral_start == 0 or approximation >> 4:
            return True
        symbol = first_symbols.get(0x10 | selectors[0] & 15, 0)
        return symbol & 15 == 0 and symbol != 0xF0
    return all(
        first_symbols.get(selector >> 4, 0) == 0 and first_symbols.get(0x10 | selector & 15, 0) == 0
        for selector in selectors
    )
