import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing import nearestcodes
from src.comparing.nearestcodes import Pairs, nearest_codes


def codes(count: int, seed: int) -> NDArray[np.uint8]:
    """Draw codes of which some are near to others."""
    rng = np.random.default_rng(seed)
    some = np.random.default_rng(0).integers(0, 256, (20, 16), np.uint8)[rng.integers(0, 20, count)]
    some ^= rng.integers(0, 256, some.shape, np.uint8) & rng.integers(0, 256, some.shape, np.uint8) & 0x11
    return some


def plain(parts: list[NDArray[np.uint8]], own: NDArray[np.uint8], count: int, most_bits: int) -> list[tuple[int, ...]]:
    apart = np.unpackbits(own[:, None] ^ np.concatenate(parts), axis=2).sum(axis=2)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :count]
    return [
        (query, feature, apart[query, feature])
        for query in range(len(own)) for feature in nearest[query].tolist() if apart[query, feature] <= most_bits
    ]  # fmt: skip


def told(pairs: Pairs) -> list[tuple[int, ...]]:
    return [*zip(*(array.tolist() for array in pairs), strict=True)]


@pytest.mark.parametrize("most_bits", [4, 12, 120])
def test_the_nearest_codes_are_those_that_comparing_all_finds(most_bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearestcodes, "BLOCK", 64)
    monkeypatch.setattr(nearestcodes, "COPIED", 128)
    monkeypatch.setattr(nearestcodes, "MOST_KEPT", 100)
    parts, own = [codes(300, 1), codes(0, 2), codes(200, 3)], codes(50, 4)
    assert told(nearest_codes(parts, own, 5, most_bits)) == plain(parts, own, 5, most_bits)


def test_on_more_threads_they_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearestcodes, "PAIRS_FOR_A_THREAD", 100)
    parts, own = [codes(300, 1)], codes(90, 4)
    found = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(nearestcodes, "usable_cores", lambda threads=threads: threads)
        found.append(told(nearest_codes(parts, own, 5, 36)))
    assert found[0] == found[1] == found[2] == plain(parts, own, 5, 36)


def test_nothing_is_near_to_nothing() -> None:
    assert told(nearest_codes([codes(5, 1)], codes(0, 2), 5, 36)) == []
    assert told(nearest_codes([], codes(5, 1), 5, 36)) == []
