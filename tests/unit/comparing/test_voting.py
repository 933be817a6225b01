import numpy as np
from numpy.typing import NDArray

from src.comparing.objectblock import ObjectBlock
from src.comparing.voting import CANDIDATES, candidates
from src.localfeatures import LocalFeatures


def features(codes: NDArray[np.uint8]) -> LocalFeatures:
    count = len(codes)
    return LocalFeatures(
        640, 480, np.zeros((count, 2), np.float32), np.zeros(count, np.uint8), np.zeros(count, np.float32), codes
    )


def block(rows: list[NDArray[np.uint8]]) -> ObjectBlock:
    ends = np.cumsum([0, *map(len, rows)]).astype("<u4")
    return ObjectBlock(np.ones(len(rows), "<u4"), ends, np.ones(ends[-1], "<u4"), np.concatenate(rows))


def drawn(count: int, seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 16), np.uint8)


def chosen(chunks: list[ObjectBlock], query: LocalFeatures) -> list[int]:
    starts = np.cumsum([0, *map(len, chunks)]).tolist()
    found: list[int] = candidates(chunks, starts, query).tolist()
    return found


def test_rows_with_features_alike_are_candidates_whatever_their_chunk() -> None:
    own = drawn(30, 1)
    few, none = np.concatenate([own[:5], drawn(20, 2)]), drawn(25, 3)
    most = np.concatenate([drawn(10, 4), own[10:]])
    empty = np.empty((0, 16), np.uint8)
    assert {1, 5} <= {*chosen([block([none, few, empty]), block([empty, none, most])], features(own))}


def test_a_feature_that_a_row_has_thousands_of_times_counts_once() -> None:
    own = drawn(241, 1)
    tiled = np.repeat(own[:1], 5000, axis=0)
    others = [own[first : first + 3] for first in range(1, 240, 3)]
    assert 0 not in chosen([block([tiled, *others])], features(own))


def test_a_picture_without_features_finds_nothing_and_is_never_found() -> None:
    own = drawn(30, 1)
    empty = own[:0]
    assert chosen([block([own])], features(empty)) == []
    assert chosen([block([empty, empty])], features(own)) == []


def test_no_more_rows_are_candidates_than_can_be_verified() -> None:
    own = drawn(200, 1)
    rows = [own[row : row + 1] for row in range(200)]
    assert len(chosen([block(rows)], features(own))) == CANDIDATES


def test_a_thing_that_an_index_has_many_times_is_found_among_others() -> None:
    own = drawn(40, 1)
    seen = own ^ np.packbits(np.random.default_rng(2).random((40, 128)) < 0.1, axis=1)
    rows = [own] * 12 + [drawn(40, seed) for seed in range(3, 100)]
    assert {*range(4)} <= {*chosen([block(rows)], features(seen))}


def test_features_that_are_turned_alike_count_for_more() -> None:
    own = drawn(120, 1)
    # A hundred rows have two of them; of every second, both are turned alike.
    rows = [own[[number, number + 1]] for number in range(100)]
    some = block(rows)
    some.places[:] = [1 if row % 2 or first else 17 for row in range(100) for first in (0, 1)]
    found = chosen([some], features(own))
    assert sum(number % 2 for number in found) > 40
