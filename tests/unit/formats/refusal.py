"""What the tests of readers ask of a file that gives no picture."""

import pytest

from src.imagereader import UnreadableImage, decode_image


def refusal(data: bytes) -> UnreadableImage:
    """Return the error that decoding raises."""
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data)
    return caught.value
