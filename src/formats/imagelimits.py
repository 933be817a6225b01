"""How large a picture may be: its megapixels, its expansion from the file, and the memory that threads share."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..errors import DAMAGED, TOO_LARGE, UnreadableImage
from .reading import Reading

MEGAPIXEL = 1_000_000
# Decoding holds the picture about four times: the decoder's own rows, the pixels, a turned copy, a conversion.
BYTES_PER_PIXEL = 4 * 3
# Smaller pictures (4 megapixels: 48 MB) need no reservation; threads may always decode a handful of those.
_UNRESERVED_PIXELS = 4 * MEGAPIXEL
# Photos pack 50 : 1, blank scans 100 : 1. Deflate reaches 1032 : 1, LZW about 1500 : 1, both only on empty pictures.
# So a picture of 25 megapixels or more that packs 500 : 1 is a bomb or as good as empty.
_SUSPECT_PIXELS = 25 * MEGAPIXEL
_MAX_EXPANSION = 500
# What a decoder written in Python does in about three seconds (QOI and DDS in Pillow: 1.4 s a megapixel).
SLOW_PIXELS = 2 * MEGAPIXEL


class MemoryBudget:
    """Memory that threads share: a reservation waits until that much is free, first come, first served.

    A reservation above the whole budget is served too, alone.
    """

    def __init__(self, total_bytes: int) -> None:
        self._total = total_bytes
        self._used = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def reserve(self, nbytes: int) -> Iterator[None]:
        """Hold `nbytes` of the budget inside a `with` block, waiting for them first."""
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                self._changed.wait_for(lambda: self._queue[0] is ticket and self._fits(nbytes))
                self._used += nbytes
            finally:
                # A thread that is interrupted while it waits leaves the queue as well.
                self._queue.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._used -= nbytes
                self._changed.notify_all()

    def _fits(self, nbytes: int) -> bool:
        return self._used == 0 or self._used + nbytes <= self._total


class Limits:
    """What one call of the reader allows an encoded picture of `data_size` bytes."""

    def __init__(self, reading: Reading, budget: MemoryBudget | None, data_size: int) -> None:
        self.reading = reading
        self.max_pixels = reading.max_megapixels * MEGAPIXEL
        self._budget = budget
        self._data_size = data_size
        self._holds_room = False
        self._held = 0

    @contextmanager
    def room(
        self, width: int, height: int, bits_per_pixel: int, *, slow: bool = False, scale: int = 1,
        held: int = BYTES_PER_PIXEL,
    ) -> Iterator[None]:  # fmt: skip
        """Refuse a picture that is too large by its header (see `check`); else hold the memory to decode it.

        `scale` divides width and height of what is decoded, and so the memory. A decoder that takes more has `held`
        bytes a pixel.
        """
        self.check(width, height, bits_per_pixel, slow=slow)
        self._held = max(self._held, width * height * held)
        pixels = width * height // scale**2
        if self._budget is None or self._holds_room or pixels <= _UNRESERVED_PIXELS:
            yield
            return
        # A reader that hands on to another one holds room already: to reserve again could wait for itself for ever.
        self._holds_room = True
        try:
            with self._budget.reserve(pixels * held):
                yield
        finally:
            self._holds_room = False

    def check(self, width: int, height: int, bits_per_pixel: int, *, slow: bool = False) -> None:
        """Raise UnreadableImage for a picture that by its header is empty, too large, or expands too much.

        Bits are those before compression; a `slow` decoder is one that is written in Python.
        """
        pixels, trouble = width * height, ""
        megapixels = f"{pixels / MEGAPIXEL:,.1f} megapixels"
        if width <= 0 or height <= 0:
            raise UnreadableImage(DAMAGED, f"its header declares {width} x {height} pixels")
        is_bomb = pixels > _SUSPECT_PIXELS and pixels * bits_per_pixel / 8 > _MAX_EXPANSION * self._data_size
        if is_bomb:
            megapixels += f" from only {self._data_size:,} bytes: a decompression bomb"
        if pixels > self.max_pixels:
            trouble = f"{width} x {height} is {megapixels}; the limit is {self.reading.max_megapixels:g}"
            # To raise it would be in vain for a bomb.
            trouble += "" if is_bomb else " (--max-megapixels)"
        elif slow and pixels > SLOW_PIXELS:
            limit = f"the limit for this format, which is slow to decode, is {SLOW_PIXELS / MEGAPIXEL:g}"
            trouble = f"{width} x {height} is {megapixels}; {limit}"
        elif is_bomb:
            trouble = megapixels
        if trouble:
            raise UnreadableImage(TOO_LARGE, trouble)
        self._held = max(self._held, pixels * BYTES_PER_PIXEL)

    def lacks_memory(self) -> bool:
        """Tell whether the system refuses the memory to decode what was checked; most decoders then speak of damage."""
        try:
            # As decoders ask for it; none of it is touched.
            np.empty(1 + self._held, np.uint8)
        except (MemoryError, ValueError):
            return True
        return False
