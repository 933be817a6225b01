"""Thumbnails: how large they come out, and which are kept."""

import numpy as np
import pytest

from src.web.thumbnails import ThumbnailCache, ThumbnailKey, reduced_to


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


def test_what_was_asked_for_last_is_kept() -> None:
    cache = ThumbnailCache(most_bytes=10)
    keys = [ThumbnailKey("a", "1", side) for side in (16, 17, 18)]
    for key in keys[:2]:
        cache.put(key, b"12345")
    assert cache.get(keys[0]) == b"12345"
    cache.put(keys[2], b"12345")
    assert [cache.get(key) for key in keys] == [b"12345", None, b"12345"]
    cache.put(keys[0], b"1")
    cache.put(keys[1], b"1234")
    assert [cache.get(key) for key in keys] == [b"1", b"1234", b"12345"]
    cache.put(keys[1], b"more than it holds")
    assert cache.get(keys[1]) is None
    assert cache.get(ThumbnailKey("a", "2", 16)) is None
