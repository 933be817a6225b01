"""Scenes that tests draw, as rich as photos: smooth light, things with edges, and texture; and copies of them."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from src.fingerprint import LAYOUT, Fingerprint

Image = NDArray[np.uint8]


def draw_scene(seed: int, height: int = 240, width: int = 320) -> Image:
    """Draw a scene: every seed looks different."""
    random = np.random.default_rng(seed)
    light = cv2.resize(random.uniform(60, 200, (3, 4, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(24):
        colour = [int(value) for value in random.integers(0, 256, 3)]
        middle = int(random.integers(0, width)), int(random.integers(0, height))
        axes = int(random.integers(width // 20, width // 5)), int(random.integers(height // 20, height // 5))
        angle = int(random.integers(0, 180))
        if random.random() < 0.5:
            cv2.ellipse(light, middle, axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
        else:
            corners = cv2.boxPoints((middle, axes, angle)).astype(np.int32)
            cv2.fillPoly(light, [corners], colour, cv2.LINE_AA)
    texture = cv2.resize(random.normal(0, 8, (height // 12, width // 12)), (width, height))
    return as_levels(light + texture[..., None])


def as_levels(picture: NDArray[Any]) -> Image:
    """Return a picture as whole levels of 0 to 255."""
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def prints_of(*images: Image) -> NDArray[np.void]:
    """Return the fingerprints of pictures, shape (n,)."""
    vectors = Fingerprint().describe_many(images).astype(np.uint8)
    return np.ascontiguousarray(vectors).view(LAYOUT).reshape(-1)


def grey_of(image: Image) -> Image:
    """Return the small grey picture of a fingerprint."""
    grey: Image = prints_of(image)["grey"][0]
    return grey


def resized(image: Image, scale: float, across: float | None = None) -> Image:
    """Return a picture scaled; by another scale across, if one is given."""
    return np.asarray(cv2.resize(image, None, fx=across or scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def as_jpeg(image: Image, quality: int) -> Image:
    """Return what a picture is after compression."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def cropped(image: Image, left: float, top: float, right: float, bottom: float) -> Image:
    """Return a part of a picture, given as shares of the sides."""
    height, width = image.shape[:2]
    return image[round(top * height) : round(bottom * height), round(left * width) : round(right * width)].copy()


def bordered(image: Image, pixels: int, colour: tuple[int, int, int]) -> Image:
    """Return a picture with a border."""
    sides = (pixels,) * 4
    return np.asarray(cv2.copyMakeBorder(image, *sides, cv2.BORDER_CONSTANT, value=colour), np.uint8)


def with_words(image: Image) -> Image:
    """Return a picture with a watermark."""
    marked = image.copy()
    place = image.shape[1] // 20, image.shape[0] * 19 // 20
    cv2.putText(marked, "(c) A. Painter", place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    return marked


def in_grey(image: Image) -> Image:
    """Return a picture without its colours."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2).astype(np.uint8)


COPIES: dict[str, Callable[[Image], Image]] = {
    "half as large": lambda image: resized(image, 0.5),
    "twice as large": lambda image: resized(image, 2),
    "stretched": lambda image: resized(image, 0.8, across=1.2),
    "JPEG of quality 75": lambda image: as_jpeg(image, 75),
    "JPEG of quality 20": lambda image: as_jpeg(image, 20),
    "small and compressed": lambda image: as_jpeg(resized(image, 0.4), 50),
    "lighter": lambda image: as_levels(image + 30.0),
    "darker": lambda image: as_levels(image * 0.7),
    "less contrast": lambda image: as_levels(image * 0.6 + 50),
    "more contrast": lambda image: as_levels((image - 128.0) * 1.2 + 128),
    "gamma": lambda image: as_levels(255 * (image / 255) ** 0.7),
    "blurred": lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), 1.5), np.uint8),
    "sharpened": lambda image: as_levels(1.8 * image - 0.8 * cv2.GaussianBlur(image, (0, 0), 2)),
    "grey": in_grey,
    "paler": lambda image: as_levels(0.5 * image + 0.5 * in_grey(image)),
    "warmer": lambda image: as_levels(image * np.array([0.9, 1.0, 1.1])),
    "watermarked": with_words,
    "cropped evenly": lambda image: cropped(image, 0.04, 0.04, 0.96, 0.96),
    "cropped on one side": lambda image: cropped(image, 0.08, 0, 1, 1),
    "cropped all over": lambda image: cropped(image, 0.03, 0.06, 0.92, 0.97),
    "white border": lambda image: bordered(image, 20, (255, 255, 255)),
    "dark border": lambda image: bordered(image, 24, (40, 20, 20)),
}
"""Ways to make a copy that is near its picture."""
