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


def test_the_row_with_the_most_features_alike_comes_first_whatever_its_chunk() -> None:
    own = drawn(30, 1)
    few, none = np.concatenate([own[:5], drawn(20, 2)]), drawn(25, 3)
    most = np.concatenate([drawn(10, 4), own[10:]])
    empty = np.empty((0, 16), np.uint8)
    assert chosen([block([none, few, empty]), block([empty, none, most])], features(own)) == [5, 1]


def test_a_feature_that_a_row_has_thousands_of_times_counts_once() -> None:
    own = drawn(30, 1)
    tiled, other = np.repeat(own[:1], 5000, axis=0), np.concatenate([own[1:4], drawn(5, 2)])
    assert chosen([block([tiled, other])], features(own)) == [1, 0]


def test_a_picture_without_features_finds_nothing_and_is_never_found() -> None:
    own = drawn(30, 1)
    empty = own[:0]
    assert chosen([block([own])], features(empty)) == []
    assert chosen([block([empty, empty])], features(own)) == []


def test_no_more_rows_are_candidates_than_can_be_verified() -> None:
    own = drawn(200, 1)
    rows = [own[row : row + 1] for row in range(200)]
    assert chosen([block(rows)], features(own)) == [*range(CANDIDATES)]
