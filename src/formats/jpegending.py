"""A JPEG without its end marker: whether all of its picture is there, as after a transfer that lost the last bytes.

Decoders do not say: they make up what is missing, be it the last pixel or half of the picture.
"""

import re
import struct
from collections.abc import Iterator
from itertools import pairwise

from ..errors import UnreadableImage
from .jpegheader import FRAMES, LOSSLESS, PROGRESSIVE, SOS, find_scan_end, next_segment

END = b"\xff\xd9"
_DRI = 0xDD
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
# How often bits are put where a file has none. Each time costs two decodings, which of a large picture take long.
_TRIALS, _TRIALS_IF_LARGE = 4, 1
_LARGE_PIXELS = 4_000_000


def mend_end(data: bytes, pixels: int) -> bytes | None:
    """Return a JPEG of so many pixels with its end marker, or None if some of its picture is missing.

    All scans must be there. Then whatever bits are put behind the last one must change no pixel: what is missing would
    be decoded from them.
    """
    from .pillowreader import hash_jpeg  # OpenCV prints a line for each of these

    # Half of the marker may be there.
    data = data.rstrip(b"\xff")
    if not _has_all_scans(data):
        return None
    trials = _TRIALS_IF_LARGE if pixels > _LARGE_PIXELS else _TRIALS
    pictures = (hash_jpeg(data + bits + END) for bits in _make_bits(trials))
    try:
        return data + END if all(one == other for one, other in pairwise(pictures)) else None
    except UnreadableImage:
        return None


def _make_bits(trials: int) -> Iterator[bytes]:
    """Make nothing, and then some bits and the opposite ones; none of the bytes is FF, with which markers begin."""
    import hashlib  # rarely needed, and slow to load

    yield b""
    for trial in range(trials):
        bits = bytes(1 + byte % 254 for byte in hashlib.shake_128(b"%d" % trial).digest(1024))
        yield bits
        yield bytes(255 - byte for byte in bits)


def _has_all_scans(data: bytes) -> bool:
    """Return whether every coefficient has been coded to its last bit, and no scan lacks a restart marker."""
    frame, kind, interval, position = b"", 0, 0, 2
    missing: set[tuple[int, int]] = set()
    try:
        while True:
            marker, start, end = next_segment(data, position)
            content = data[start:end]
            if marker in FRAMES:
                frame, kind = content, marker
                coefficients = range(64) if kind in PROGRESSIVE else range(1)
                missing = {(component, place) for component in content[6::3] for place in coefficients}
            elif marker == _DRI:
                (interval,) = struct.unpack_from(">H", content)
            position = end
            if marker == SOS:
                position = find_scan_end(data, end)
                restarts = len(_RESTART.findall(data, end, position))
                if end > len(data) or (interval and restarts != (_count_units(frame, kind, content) - 1) // interval):
                    return False
                missing -= _find_finished(content, kind)
    except (UnreadableImage, struct.error, IndexError):
        # The file ends here.
        return bool(frame) and not missing


def _find_finished(scan: bytes, kind: int) -> set[tuple[int, int]]:
    """Return of which component a scan codes which coefficient to its last bit; without scans in steps, all are one."""
    components = scan[1 : 1 + 2 * scan[0] : 2]
    first, last, steps = scan[1 + 2 * scan[0] :][:3]
    if kind not in PROGRESSIVE:
        return {(component, 0) for component in components}
    return {(component, place) for component in components for place in range(first, last + 1) if steps & 15 == 0}


def _count_units(frame: bytes, kind: int, scan: bytes) -> int:
    """Return how many minimum coded units a scan has (ITU-T T.81, A.2)."""
    height: int
    width: int
    height, width = struct.unpack_from(">HH", frame, 1)
    factors = {frame[place]: (frame[place + 1] >> 4, frame[place + 1] & 15) for place in range(6, len(frame) - 2, 3)}
    most_across, most_down = (max(factor[axis] for factor in factors.values()) for axis in (0, 1))
    side = 1 if kind in LOSSLESS else 8
    if scan[0] > 1:
        return -(-width // (side * most_across)) * -(-height // (side * most_down))
    across, down = factors[scan[1]]
    columns, rows = -(-width * across // most_across), -(-height * down // most_down)
    return -(-columns // side) * -(-rows // side)
