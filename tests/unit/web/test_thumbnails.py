"""Thumbnails: how large they come out."""

import numpy as np
import pytest

from src.web.thumbnails import check_jpeg, encoded, reduced_to


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 600), (128, 256)),
        ((600, 300), (256, 128)),
        ((10, 20), (10, 20)),
        ((1, 5000), (1, 256)),
        ((256, 256),) * 2,
    ],
)
def test_the_longer_side_decides(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert reduced_to(np.zeros((*size, 3), np.uint8), 256).shape[:2] == expected


def test_what_is_no_jpeg_is_refused() -> None:
    check_jpeg(encoded(np.zeros((9, 9, 3), np.uint8)))
    for made in (b"", b"<script>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" + bytes(9_000_000)):
        with pytest.raises(ValueError, match="no JPEG"):
            check_jpeg(made)
