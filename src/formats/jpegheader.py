"""The segments of a JPEG: what those before the first scan say, and where the others begin (ITU-T T.81, annex B)."""

import re
import struct
from typing import NamedTuple

from ..errors import DAMAGED, TRUNCATED, UnreadableImage
from .completeness import CUT_OFF_HEADER
from .exif import read_orientation

DAMAGE = "its JPEG data is damaged"
# Markers of frames (table B.1): all of C0..CF but DHT (C4), JPG (C8) and DAC (CC).
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = frozenset({0xC2})
LOSSLESS = frozenset({0xC3})
DHT, EOI, SOS = 0xC4, 0xD9, 0xDA
_APP1, _APP2, _APP14 = 0xE1, 0xE2, 0xEE
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FILL = re.compile(rb"\xff+")
# A profile lies in one segment or several, each with its number and how many they are.
_PROFILE_PART = b"ICC_PROFILE\0"
# Stray bytes before a marker are passed over, up to this many.
_MOST_STRAYS = 100_000


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


def read_header(data: bytes) -> JpegHeader:
    """Walk the segments up to the first scan; raise UnreadableImage if they end before a frame and a scan."""
    frame = None
    orientation, adobe = 0, False
    parts: dict[int, bytes] = {}
    position = 2
    while True:
        marker, start, end = next_segment(data, position)
        if marker in FRAMES and frame is None:
            frame = (marker, *struct.unpack_from(">BHHB", data, start)) if end - start >= 6 else None
        elif marker == _APP1 and not orientation and data.startswith(b"Exif\0", start):
            orientation = read_orientation(data[start:end])
        elif marker == _APP2 and data.startswith(_PROFILE_PART, start) and end - start > 14:
            parts.setdefault(data[start + 12], data[start + 13 : end])
        elif marker == _APP14 and data.startswith(b"Adobe", start):
            adobe = True
        elif marker == SOS:
            break
        elif marker == EOI:
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


def next_segment(data: bytes, position: int) -> tuple[int, int, int]:
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
        if marker == EOI:
            return marker, position + 2, position + 2
        (length,) = struct.unpack_from(">H", data, position + 2)
        return marker, position + 4, position + 2 + max(2, length)
    raise UnreadableImage(DAMAGED, DAMAGE)


def find_scan_end(data: bytes, start: int) -> int:
    """Return where the entropy-coded data of a scan end."""
    found = _AFTER_SCAN.search(data, start)
    return found.start() if found else len(data)
