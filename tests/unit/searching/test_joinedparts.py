"""Parts that are open elsewhere answer as one index does, whatever is asked of them, and are asked seldom."""

import pickle
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from src.distance import by_name
from src.indexfile import Cache, IndexInfo
from src.searching.fetched import FETCHED_ROWS
from src.searching.fusedneighbours import FusedNeighbours
from src.searching.joinedparts import JoinedParts
from src.searching.localparts import LocalParts
from src.searching.parts import Ask
from tests.unit.searching.test_fusedneighbours import Vectors, make_rows, make_vectors


class Elsewhere:
    """Parts in this process, which get everything by pickle, and what they were asked."""

    def __init__(self, parts: list[LocalParts]) -> None:
        self.parts, self.asked = parts, list[str]()

    def __call__(self, work: Callable[..., Any], arguments: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        self.asked.append(work.__name__)
        sent = pickle.loads(pickle.dumps((work, arguments)))
        return {part: pickle.loads(pickle.dumps(sent[0](self.parts[part], *sent[1][part]))) for part in arguments}


class Names(list[str]):
    """Image ids, as an index has them."""

    def find(self, image_id: str) -> int | None:
        return self.index(image_id) if image_id in self else None


def open_local(distance: str, vectors: Vectors, names: list[str]) -> LocalParts:
    info = IndexInfo(distance, vectors.shape[1], distance)
    opened = SimpleNamespace(path="", info=info, ids=Names(names), parts=[make_rows(vectors, distance)])
    return LocalParts(cast("Cache", opened))


def open_both(distance: str, count: int, cuts: tuple[int, ...]) -> tuple[LocalParts, JoinedParts, Elsewhere, Vectors]:
    """Open rows at once, and cut into parts that are elsewhere."""
    vectors = make_vectors(count)
    if distance == "chi-squared":
        vectors = np.ascontiguousarray(vectors[:, 1280:2720])
    if distance == "cosine":
        vectors = np.ascontiguousarray(vectors[:, :1280])
    names = [f"{number:05}.jpg" for number in range(count)]
    pieces = [slice(*both) for both in zip((0, *cuts), (*cuts, count), strict=True)]
    elsewhere = Elsewhere([open_local(distance, vectors[own], names[own]) for own in pieces])
    info = IndexInfo(distance, vectors.shape[1], distance)
    joined = JoinedParts("", info, [len(names[own]) for own in pieces], elsewhere)
    return open_local(distance, vectors, names), joined, elsewhere, vectors


@pytest.mark.parametrize("distance", ["chi-squared", "cosine", "fused"])
def test_the_nearest_are_those_of_one_index_ties_included(distance: str) -> None:
    local, joined, _, vectors = open_both(distance, 300, (7, 90, 260))
    queries = [*vectors[:40:3], *vectors[200:210]]
    for limit, furthest in ((1, np.inf), (4, np.inf), (40, 0.3), (400, np.inf)):
        ask = Ask(queries, limit, furthest)
        (found,), (wanted,) = joined.nearest(ask), local.nearest(ask)
        for one, other in zip(found, wanted, strict=True):
            assert one[0].tolist() == other[0].tolist()
            assert one[1].tolist() == other[1].tolist()
        (_, pictures) = joined.nearest_pictures(ask, vectors=True)
        for rows, _ in wanted:
            if len(rows):
                assert pictures.names(rows) == local.names(rows)
                assert np.array_equal(pictures.take(rows), local.take(rows))
    assert [rows.tolist() for rows in joined.ranked(Ask(queries, 9))] == [
        rows.tolist() for rows, _ in local.nearest(Ask(queries, 9))[0]
    ]
    assert joined.nearest(Ask([], 3)) == [[]]


def test_a_search_asks_once_and_one_that_depends_on_other_rows_twice() -> None:
    _, joined, elsewhere, vectors = open_both("cosine", 100, (50,))
    _, pictures = joined.nearest_pictures(Ask(list(vectors[:5]), 3), vectors=True)
    pictures.take([0])
    assert elsewhere.asked == ["_nearest_pictures"]
    local, joined, elsewhere, vectors = open_both("fused", 320, (100, 101))
    components = by_name("fused").components
    found = FusedNeighbours(joined, components).nearest_of_many(list(vectors[:2]), 20)
    assert elsewhere.asked == ["_nearest", "of", "of"]
    for one, other in zip(found, FusedNeighbours(local, components).nearest_of_many([*vectors[:2]], 20), strict=True):
        assert one.found[0].tolist() == other.found[0].tolist()
        assert one.found[1].tolist() == other.found[1].tolist()
        assert one.colour_weight == other.colour_weight


def test_many_rows_are_fetched_block_by_block_in_any_order() -> None:
    local, joined, elsewhere, _ = open_both("chi-squared", 2 * FETCHED_ROWS + 5, (FETCHED_ROWS - 3,))
    rows = np.random.default_rng(0).permutation(len(joined))
    pictures = joined.at_hand(rows)
    assert pictures.names(rows) == local.names(rows)
    assert np.array_equal(pictures.take(rows[-7:]), local.take(rows[-7:]))
    assert len(elsewhere.asked) == 3 + 2
    assert joined.at_hand(rows[:0]).names([]) == []


def test_ids_and_vectors_are_those_of_one_index() -> None:
    local, joined, _, _ = open_both("fused", 30, (1, 12))
    assert (len(joined), joined.ids[:], [*joined.ids]) == (30, [*local.ids], [*local.ids])
    assert (joined.ids[-1], joined.ids[9:14], joined.ids[28:2:-9]) == (
        local.ids[29],
        local.ids[9:14],
        local.ids[28:2:-9],
    )
    assert (joined.find("00012.jpg"), joined.find("none"), "00000.jpg" in joined.ids) == (
        12, None, True,
    )  # fmt: skip
    assert np.array_equal(joined.take([29, 0, 13]), local.take([29, 0, 13]))
    assert np.array_equal(joined.take([29, 0, 13], 1), local.take([29, 0, 13], 1))
    assert joined.take([]).shape == local.take([]).shape
