"""Fingerprints to measure grouping with: as many as wanted, of pictures that are made up.

A made-up picture is a crop of a photo with a crop of another one shining through. So there are as many different ones
as there are pairs of photos, and a large folder has no more lookalikes a picture than a small one. One in ten is a copy
of another one: lighter or darker, and as noisy as a hard JPEG.

Folders whose pictures are all alike are made up too: what they have in common is what makes buckets full.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from src.fingerprint import LAYOUT, Fingerprint

SIDE = 96  # pixels, of a made-up picture: twice what a fingerprint looks at
ONE_COPY_IN = 10
BLOCK = 2000

VERSION = 1
"""Goes up when the same seed would give other pictures, so that fingerprints made before are not used again."""

Photo = NDArray[np.uint8]
Make = Callable[[int, np.random.Generator], NDArray[np.float32]]


def make_prints(draw: Make, count: int, seed: int) -> NDArray[np.void]:
    """Return fingerprints of what `draw` makes of each number, of `LAYOUT`, shape (count,)."""
    prints = np.empty(count, LAYOUT)

    def fill(start: int) -> None:
        numbers = range(start, min(start + BLOCK, count))
        pictures = [draw(number, np.random.default_rng((seed, number))) for number in numbers]
        whole = [np.clip(picture, 0, 255).astype(np.uint8) for picture in pictures]
        vectors = Fingerprint().describe_many(whole).astype(np.uint8)
        prints[start : start + len(whole)] = vectors.view(LAYOUT)[:, 0]

    threads_of_opencv = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(fill, range(0, count, BLOCK)))
    finally:
        cv2.setNumThreads(threads_of_opencv)
    return prints


def origin(number: int, seed: int) -> int:
    """Return which picture a number is a copy of: mostly of none but itself."""
    random = np.random.default_rng((seed, number, 1))
    return int(random.integers(number)) if number and random.random() < 1 / ONE_COPY_IN else number


def mixed(photos: list[Photo], seed: int) -> Make:
    """Return what makes pictures up of photos, one in ten a copy; a copy of a copy is one of the same picture."""

    size = (2 * SIDE, 2 * SIDE)
    small = [np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8) for photo in photos]

    def draw(number: int, random: np.random.Generator) -> NDArray[np.float32]:
        source = number
        while (earlier := origin(source, seed)) != source:
            source = earlier
        first = np.random.default_rng((seed, source, 2))
        share = np.float32(first.uniform(0.5, 0.8))
        one, other = (_crop(small[first.integers(len(small))], first) for _ in range(2))
        picture = share * one + (1 - share) * other
        if source == number:
            return picture
        return picture * np.float32(random.uniform(0.85, 1.15)) + _noise(6, random)

    return draw


def _crop(photo: Photo, random: np.random.Generator) -> NDArray[np.float32]:
    height, width = photo.shape[:2]
    tall, wide = (max(int(side * random.uniform(0.4, 1)), 1) for side in (height, width))
    top, left = random.integers(height - tall + 1), random.integers(width - wide + 1)
    part = photo[top : top + tall, left : left + wide]
    part = part[:, ::-1] if random.random() < 0.5 else part
    return cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)


def _noise(deviation: float, random: np.random.Generator) -> NDArray[np.float32]:
    return random.standard_normal((SIDE, SIDE, 3), np.float32) * np.float32(deviation)


def scan(_: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Make up a blank page: white paper, darker to one side, and the noise of a scanner."""
    light = np.linspace(0, random.uniform(-8, 0), SIDE, dtype=np.float32)[None, :, None]
    return random.uniform(240, 252) + light + _noise(2, random)


def icon(_: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Make up an icon: a small figure of one colour in the middle of white."""
    picture = np.full((SIDE, SIDE, 3), 255, np.float32)
    colour = tuple(random.uniform(0, 200, 3))
    middle, size = SIDE // 2 + random.integers(-4, 5, 2), random.integers(4, 16, 2)
    if random.random() < 0.5:
        cv2.ellipse(picture, middle.tolist(), size.tolist(), float(random.uniform(0, 180)), 0, 360, colour, -1)
    else:
        cv2.rectangle(picture, (middle - size).tolist(), (middle + size).tolist(), colour, -1)
    return picture


def page(_: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Make up a page of text: grey lines of words on white, at the same places on every page."""
    picture = np.full((SIDE, SIDE, 3), 250, np.float32)
    for top in range(10, SIDE - 10, 4):
        words = np.repeat(random.random(40) < 0.8, 2)[: SIDE - 20]
        picture[top : top + 2, 10 : 10 + len(words)][:, words] = random.uniform(90, 130)
    return picture


def one_photo(photos: list[Photo]) -> Make:
    """Return what makes copies of one photo, each as noisy as another JPEG of it."""
    photo = cv2.resize(photos[0], (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return lambda _, random: photo + _noise(3, random)
