"""What the tests of readers ask of a file that gives no picture."""

import pytest

from src.imagereader import FULL_RESOLUTION, Reading, UnreadableImage, decode_image


def refusal(data: bytes, reading: Reading = FULL_RESOLUTION) -> UnreadableImage:
    """Return the error that decoding raises; it has a kind, and a reason in one line."""
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data, reading)
    error = caught.value
    assert error.kind and error.reason and "\n" not in error.reason
    return error
