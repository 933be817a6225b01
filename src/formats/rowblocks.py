"""8-bit pictures, and their blocks of whole rows: what is done a block at a time needs little memory."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Image8 = NDArray[np.uint8]

_BLOCK_PIXELS = 1 << 18


def row_blocks(height: int, width: int) -> Iterator[slice]:
    """Split a picture into blocks of whole rows, about 2**18 pixels each, so that temporary arrays stay small."""
    step = max(1, _BLOCK_PIXELS // width)
    return (slice(top, min(top + step, height)) for top in range(0, height, step))


def as_8bit(image: Any) -> Image8:
    """Tell type checkers that a picture is of uint8, which OpenCV's annotations leave open."""
    array: Image8 = np.asarray(image, dtype=np.uint8)
    return array
