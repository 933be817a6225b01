"""Lossless JPEGs (ITU-T T.81, annex H), which nothing installed here can write."""

import struct

import numpy as np
from numpy.typing import NDArray

# Every category of a difference, 0 to 16, has a code of five bits.
_CODE_BITS = 5
_TABLE = b"\0" + bytes([0, 0, 0, 0, 17] + [0] * 11) + bytes(range(17))


def lossless_jpeg(samples: NDArray[np.uint8] | NDArray[np.uint16], *, predictor: int = 1, bits: int = 8) -> bytes:
    """Encode grey (h, w) or RGB (h, w, 3) samples by predictor 1 (left), 2 (above) or 7 (the mean of both)."""
    planes = np.atleast_3d(samples).astype(np.int64)
    height, width, count = planes.shape
    left, above = np.roll(planes, 1, axis=1), np.roll(planes, 1, axis=0)
    guess = {1: left, 2: above, 7: (left + above) >> 1}[predictor].copy()
    guess[0], guess[1:, 0] = left[0], above[1:, 0]
    guess[0, 0] = 1 << (bits - 1)
    stream = []
    for difference in (planes - guess).ravel().tolist():
        category = abs(difference).bit_length()
        stream.append(f"{category:0{_CODE_BITS}b}")
        if category:
            stream.append(f"{difference if difference > 0 else difference + (1 << category) - 1:0{category}b}")
    text = "".join(stream)
    text += "1" * (-len(text) % 8)
    scan = int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")
    frame = struct.pack(">BHHB", bits, height, width, count) + b"".join(bytes([i, 0x11, 0]) for i in range(count))
    start = bytes([count]) + b"".join(bytes([i, 0]) for i in range(count)) + bytes([predictor, 0, 0])
    segments = [(0xC4, _TABLE), (0xC3, frame), (0xDA, start)]
    head = b"".join(struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content for marker, content in segments)
    return b"\xff\xd8" + head + scan + b"\xff\xd9"
