"""A PNG that ends too early: whether all of its pixels are there, and the same with its end."""

import struct
import zlib

from ..errors import DAMAGED, TRUNCATED, UnreadableImage
from .completeness import CUT_OFF
from .imageformats import PNG

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BLOCK = 1 << 20
# First column and row, and the steps to the next ones, of each pass of an interlaced picture (PNG standard, 8.2).
_WHOLE = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def mend_end(data: bytes) -> bytes:
    """Return a PNG, whose size was checked, with all that must follow its pixels; damaged or missing pixels raise."""
    before: list[bytes] = []
    packed: list[bytes] = []
    position = len(PNG)
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        content, end = data[position + 8 : position + 8 + length], position + 12 + length
        if kind == b"IDAT":
            if end <= len(data) and zlib.crc32(kind + content) != struct.unpack_from(">I", data, end - 4)[0]:
                raise UnreadableImage(DAMAGED, "its PNG data is damaged")
            packed.append(content)
        elif not packed and end <= len(data):
            before.append(data[position:end])
        position = end
    idat = _repack(b"".join(packed), _count_bytes(data))
    return b"".join([PNG, *before, frame_chunk(b"IDAT", idat), frame_chunk(b"IEND", b"")])


def frame_chunk(kind: bytes, content: bytes) -> bytes:
    """Put length and checksum around the content of a chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _repack(packed: bytes, size: int) -> bytes:
    """Compress pixels anew, with the checksum that they may lack; raise UnreadableImage if there are fewer bytes."""
    unpacker, packer = zlib.decompressobj(), zlib.compressobj(1)
    parts = []
    try:
        while size > 0:
            block = unpacker.decompress(packed, min(size, _BLOCK))
            packed = unpacker.unconsumed_tail
            if not block:
                raise UnreadableImage(TRUNCATED, CUT_OFF)
            size -= len(block)
            parts.append(packer.compress(block))
    except zlib.error as error:
        raise UnreadableImage(DAMAGED, "its PNG data is damaged") from error
    return b"".join([*parts, packer.flush()])


def _count_bytes(data: bytes) -> int:
    """Return how many bytes the pixels have before compression, each row with its filter."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    total = 0
    for left, top, across, down in _ADAM7 if interlaced else _WHOLE:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * depth * CHANNELS[colour] // 8))
    return total
