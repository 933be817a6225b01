"""The tag directories of TIFF, which EXIF shares: enough of them to turn a picture upright and to judge a TIFF.

Layout: TIFF 6.0, section 2; BigTIFF as libtiff defines it; EXIF 2.3 for the orientation.
"""

import re
import struct
from typing import NamedTuple

from .iccprofile import MOST_BYTES

ORIENTATION = 274
_ICC_PROFILE = 34675
_PREFIX = b"Exif\0\0"
# Bytes and struct letter of the integer field types: BYTE, SHORT, LONG, IFD, LONG8, IFD8.
_INTEGER_TYPES = {1: (1, "B"), 3: (2, "H"), 4: (4, "I"), 13: (4, "I"), 16: (8, "Q"), 18: (8, "Q")}
_MAX_ENTRIES = 1000


class Directory(NamedTuple):
    """Integer tags of one image file directory, the data's byte order ('<' or '>'), and its ICC profile."""

    tags: dict[int, tuple[int, ...]]
    order: str
    profile: bytes

    def first(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        return self.tags.get(tag, (default,))[0]


def read_directory(data: bytes, offset: int | None = None) -> Directory:
    """Read the directory at `offset`, by default the first, of data that begin with the byte order mark `II` or `MM`.

    Tags whose values are no integers or lie outside of the data are left out. ValueError if there is no directory.
    """
    try:
        order = {b"II": "<", b"MM": ">"}[data[:2]]
        (version,) = struct.unpack_from(order + "H", data, 2)
        big = version == 43
        if offset is None:
            (offset,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        (count,) = struct.unpack_from(order + ("Q" if big else "H"), data, offset)
    except (KeyError, struct.error, OverflowError) as error:
        raise ValueError("no TIFF directory") from error
    start, size = (offset + 8, 20) if big else (offset + 2, 12)
    tags: dict[int, tuple[int, ...]] = {}
    profile = b""
    for position in range(start, start + size * min(count, _MAX_ENTRIES), size):
        entry = data[position : position + size]
        if len(entry) < size:
            break
        profile = profile or _read_profile(data, entry, order, big)
        tag, values = _read_entry(data, entry, order, big)
        if values:
            tags.setdefault(tag, values)
    return Directory(tags, order, profile)


def _read_entry(data: bytes, entry: bytes, order: str, big: bool) -> tuple[int, tuple[int, ...]]:
    tag, kind, count = struct.unpack_from(order + ("HHQ" if big else "HHI"), entry)
    if kind not in _INTEGER_TYPES or count == 0 or count > len(data):
        return tag, ()
    size, letter = _INTEGER_TYPES[kind]
    room = 8 if big else 4
    if size * count <= room:
        return tag, struct.unpack_from(f"{order}{count}{letter}", entry, len(entry) - room)
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), entry, len(entry) - room)
    if offset + size * count > len(data):
        return tag, ()
    return tag, struct.unpack_from(f"{order}{count}{letter}", data, offset)


def _read_profile(data: bytes, entry: bytes, order: str, big: bool) -> bytes:
    """Return the ICC profile if the entry is of one (its bytes are of type BYTE or UNDEFINED), else nothing."""
    tag, kind, count, offset = struct.unpack_from(order + ("HHQQ" if big else "HHII"), entry)
    return data[offset : offset + count] if tag == _ICC_PROFILE and kind in (1, 7) and count <= MOST_BYTES else b""


def read_orientation(block: bytes) -> int:
    """Return the orientation, 1 to 8, that an EXIF block declares; 1 if the block is broken or declares none."""
    block = block.removeprefix(_PREFIX)
    try:
        value = read_directory(block).first(ORIENTATION, 1)
    except ValueError:
        return 1
    return value if 1 <= value <= 8 else 1


def unpack_raw_profile(text: bytes) -> bytes:
    """Decode the 'Raw profile type exif' text that ImageMagick writes into PNG: name, length, then hex digits."""
    match = re.match(rb"\s*\w+\s+\d+\s+([0-9a-fA-F\s]+)", text)
    if match is None:
        return b""
    digits = b"".join(match[1].split())
    return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
