"""Which frame stands for an animation: the first, unless it is of one colour, as where a film fades in."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import cv2

from .rowblocks import Image8

# Lossy coders leave differences of a few levels in a frame of one colour.
_ONE_COLOUR = 8
# Two seconds at 30 frames a second, and what is decoded in about a second.
_MOST_FRAMES = 60
_MOST_PIXELS = 30_000_000
# A film fades in as long as its contrast grows by a twentieth within so many frames.
_GROWTH = 1.05
_PATIENCE = 3


class _Content(NamedTuple):
    """How much a frame says."""

    is_picture: bool
    """Whether it has more than one colour."""
    range: int
    """Of a picture, the largest difference within a channel; of one colour, how far it is from grey."""

    def exceeds(self, other: "_Content") -> bool:
        """Return whether it says more, and not only a little."""
        if self.is_picture != other.is_picture:
            return self.is_picture
        return self.range > max(other.range * _GROWTH, _ONE_COLOUR)


def is_one_colour(image: Image8) -> bool:
    """Return whether a picture says nothing but one colour."""
    return not _measure(image).is_picture


def choose_frame(first: Image8, others: Iterator[Image8]) -> Image8:
    """Return the frame that stands for an animation.

    If the first is of one colour, it is the first that is not, at the end of its fading in. If all are of one colour,
    it is the most colourful one where the first is black, and else the first. How far is looked depends on the size of
    the frames and on nothing else, so that the same film gives the same frame everywhere.
    """
    # Nearly every frame shows that it is a picture in a few of its pixels.
    if _measure(first[::16, ::16]).is_picture or (most := _measure(first)).is_picture:
        return first
    chosen, waited, starts_black = first, 0, first.max() <= _ONE_COLOUR
    height, width = first.shape[:2]
    for frame in islice(others, min(_MOST_FRAMES, _MOST_PIXELS // (height * width))):
        content = _measure(frame)
        if content.exceeds(most) and (content.is_picture or starts_black):
            chosen, most, waited = frame, content, 0
        elif most.is_picture:
            waited += 1
            if waited == _PATIENCE:
                break
    return chosen


def _measure(image: Image8) -> _Content:
    ranges = [cv2.minMaxLoc(channel)[:2] for channel in cv2.split(image)]
    within = max(high - low for low, high in ranges)
    if within > _ONE_COLOUR:
        return _Content(True, int(within))
    return _Content(False, int(max(high for _, high in ranges) - min(low for low, _ in ranges)))
