"""Step 1, describe: a picture becomes 1440 numbers that tell which colours it has, and roughly where.

The picture is split into five regions: four corners and an ellipse in the centre. For each region the pixels are
counted in a three-dimensional histogram over hue, saturation and value, and it is scaled to length 1. So a thumbnail
and a poster of the same picture get the same numbers. Regions make the description know that the sky is above and the
sand below; plain histograms of the whole picture would not.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .color.histograms import can_count_at_once, count_at_once
from .color.regions import REGIONS, Region, regions

__all__ = ["REGIONS", "ColorDescriptor", "Region", "regions"]

# Upper ends of OpenCV's 8-bit HSV: hue is halved to 0..179 to fit a byte, saturation and value are 0..255.
HSV_RANGES = [0, 180, 0, 256, 0, 256]

# Other programs write fewer digits of a number than there are.
LARGEST_NORM_ERROR = 1e-2


class ColorDescriptor:
    """Describe a picture by HSV histograms of five regions: the classic descriptor.

    Pictures of like colours in like places get like vectors, whatever their size. Any object with the attributes and
    methods below can take its place; see `descriptor.Descriptor`.

    Parameters
    ----------
    bins : tuple of three int, optional
        Bins for hue, saturation and value. 8 x 12 x 3 is the classic choice: saturation is split finest.

    Attributes
    ----------
    name : str
        Names the descriptor in an index, so that indexes of different descriptors are not mixed up.
    dimension : int
        Length of the feature vector: 5 regions times the bins, 1440 by default.
    distance : str
        The distance that suits the vectors: 'chi-squared'.
    parts : sequence of str
        The regions, each an equal part of the vector.
    options, fewest_pixels, shortest_side
        See `descriptor.Descriptor`.

    Examples
    --------
    A picture is an array of blue, green and red, as `read_image` gives it. Here is one, and one half as large:

    >>> import numpy as np
    >>> from image_similarity import ColorDescriptor
    >>> sunset = np.full((200, 300, 3), (60, 120, 250), np.uint8)
    >>> sunset[120:] = (90, 40, 20)
    >>> descriptor = ColorDescriptor()
    >>> features = descriptor.describe(sunset)
    >>> features.shape, features.dtype
    ((1440,), dtype('float32'))
    >>> np.allclose(features, descriptor.describe(sunset[::2, ::2]), atol=0.02)
    True

    Each fifth of the vector is one region, and has length 1:

    >>> descriptor.parts
    ('top-left', 'top-right', 'bottom-right', 'bottom-left', 'centre')
    >>> np.linalg.norm(features.reshape(5, -1), axis=1).round(3).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """

    distance = "chi-squared"
    parts = REGIONS
    # On 42 wallpapers of 4 to 18 megapixels, decoding no smaller than this moved the vector by 0.010 (median; 0.22 in
    # one of twenty). The nearest other picture was 8.8 away.
    fewest_pixels = 700_000
    shortest_side = 1

    def __init__(self, bins: tuple[int, int, int] = (8, 12, 3)) -> None:
        self.bins = bins
        self.options = {"bins": bins}
        self.name = f"hsv-{bins[0]}x{bins[1]}x{bins[2]}-5-regions"
        self.dimension = len(REGIONS) * bins[0] * bins[1] * bins[2]

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture into its feature vector.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            Pixels in OpenCV's channel order blue, green, red; any size from 1 x 1.

        Returns
        -------
        ndarray of float32, shape (dimension,)
            The regions' histograms one after the other, each of L2 norm 1 (all zeros for a region without a pixel).

        Raises
        ------
        ValueError
            If `image` is anything else; the message names what it is.
        """
        _check(image)
        height, width = image.shape[:2]
        if can_count_at_once(self.bins, height, width):
            histograms = count_at_once(image, self.bins)
        else:
            hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
            histograms = np.stack([self.count(hsv, region).ravel() for region in regions(height, width)])
        for histogram in histograms:
            cv2.normalize(histogram, histogram)
        return histograms.ravel()

    def describe_many(self, images: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Turn n pictures into feature vectors, float32 of shape (n, dimension); see `describe`."""
        return np.array([self.describe(image) for image in images], np.float32).reshape(-1, self.dimension)

    def recognises(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a vector, shape (dimension,), may be one of these: no number below 0, each region of norm 1."""
        norms = np.linalg.norm(features.reshape(len(REGIONS), -1), axis=1)
        return bool((features >= 0).all() and ((np.abs(norms - 1) < LARGEST_NORM_ERROR) | (norms == 0)).all())

    def count(self, hsv: NDArray[Any], region: Region) -> NDArray[Any]:
        """Count the colours of one region of a whole picture in hue, saturation and value; float32 of shape `bins`.

        This is what a histogram is; `histograms.count_at_once` gives the same five histograms faster.
        """
        box = hsv[region.rows, region.columns]
        return cv2.calcHist([box], [0, 1, 2], region.mask, list(self.bins), HSV_RANGES)


def _check(image: object) -> None:
    wanted = "a picture must be uint8 of shape (height, width, 3), channels blue, green, red"
    if not isinstance(image, np.ndarray):
        raise ValueError(f"{wanted}; this is {type(image).__name__}")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise ValueError(f"{wanted}; this is {image.dtype} of shape {image.shape}")
