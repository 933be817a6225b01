"""How a picture is put before a network: its centre, scaled, as numbers of the size that it was trained with."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ..descriptor import Box

# Of a picture that is longer than this many times its width, only the middle is looked at: scaled as a whole, a strip
# one pixel high would become gigabytes. The network sees a square of the middle anyway.
LONGEST = 4

# The square that networks are mostly trained on is this much of the shorter side: 224 of 256 pixels, for all sizes.
CENTRE = 224 / 256

Channels = tuple[float, float, float]


class Preprocessing(NamedTuple):
    """How pictures are put before a network.

    The shorter side is scaled to `shorter` pixels, the square of `side` in the centre is cut out, and each channel
    becomes (value - mean) * scale.
    """

    side: int
    shorter: int
    mean: Channels
    """Of values 0 to 255, in the order in which the network takes channels."""
    scale: Channels
    is_rgb: bool
    """Whether the network takes red first; otherwise it takes blue first, as OpenCV's pictures have it."""

    def apply(self, image: NDArray[np.uint8]) -> tuple[NDArray[np.float32], Box]:
        """Put a picture before the network.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            Blue, green, red; of any size from 1 x 1.

        Returns
        -------
        blob : ndarray of float32, shape (1, 3, side, side)
        window : Box
            Which part of the picture that is.
        """
        middle, left, top = _middle(image)
        height, width = middle.shape[:2]
        factor = self.shorter / min(height, width)
        size = max(self.shorter, round(width * factor)), max(self.shorter, round(height * factor))
        # Means over areas where pixels become fewer, so that nothing is skipped.
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        scaled = middle if size == (width, height) else cv2.resize(middle, size, interpolation=how)
        x, y = (size[0] - self.side) // 2, (size[1] - self.side) // 2
        square = scaled[y : y + self.side, x : x + self.side, :: -1 if self.is_rgb else 1]
        values = (square - np.array(self.mean, np.float32)) * np.array(self.scale, np.float32)
        across, down = width / size[0] / image.shape[1], height / size[1] / image.shape[0]
        left, top = left / image.shape[1] + x * across, top / image.shape[0] + y * down
        window = (left, top, self.side * across, self.side * down)
        return np.ascontiguousarray(values.transpose(2, 0, 1)[np.newaxis]), window


def _middle(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float, float]:
    """Cut a very long picture down to its middle; return it and where that begins, in pixels."""
    height, width = image.shape[:2]
    left = max(0, (width - LONGEST * height) // 2)
    top = max(0, (height - LONGEST * width) // 2)
    return image[top : height - top, left : width - left], left, top
