"""The nearest by networks, colours and thumbnails: what holds of every answer, whatever the index is made of."""

import io
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from src.distance import Rows, by_name
from src.indexfile import Cache
from src.searching.fusedneighbours import SHORTLIST, FusedNeighbours
from src.searching.fusion import (
    Likeness,
    colour_directions,
    colour_weight,
    deep_directions,
    distances_of,
    same_photo,
    scores,
)
from src.searching.localparts import LocalParts
from src.searching.shortlist import Found

DEEP, BINS, PIXELS = 1280, 1440, 576
Vectors = NDArray[np.float32]


def make_vectors(count: int, seed: int = 0) -> Vectors:
    """Make up rows of a few kinds; every tenth is a copy of another, or has the thumbnail of another."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 1 + count // 12, count)
    deep = np.where(rng.random((count, DEEP)) < 0.1, rng.integers(0, 256, (count, DEEP)), 0)
    deep = np.maximum(deep, np.where(rng.random((kinds.max() + 1, DEEP)) < 0.1, 200, 0)[kinds])
    colours = rng.random((count, BINS)) * (rng.random((count, BINS)) < 0.1)
    vectors = np.concatenate([deep, colours, rng.integers(0, 256, (count, PIXELS))], axis=1).astype(np.float32)
    for copy in range(10, count, 10):
        other, part = rng.integers(0, count), slice(None) if copy % 20 else slice(-PIXELS, None)
        vectors[copy, part] = vectors[other, part]
    return vectors


def make_rows(vectors: Vectors, name: str = "fused") -> Rows:
    file, distance = io.BytesIO(), by_name(name)
    writer = distance.new_writer(file, vectors.shape[1], "")
    writer.add(vectors)
    contents = writer.finish()
    return distance.open_rows(memoryview(file.getvalue()), contents)


def open_fused(*files: Vectors) -> FusedNeighbours:
    opened = SimpleNamespace(path="", info=None, ids=[], parts=[*map(make_rows, files)])
    return FusedNeighbours(LocalParts(cast("Cache", opened)), by_name("fused").components)


def search(vectors: Vectors, query: Vectors, limit: int, max_distance: float = np.inf) -> Found:
    return open_fused(vectors).nearest_of_many([query], limit, max_distance)[0].found


def brute_force(vectors: Vectors, query: Vectors) -> Found:
    """Rank all rows as the modules of the step say, over plain arrays; of vectors without copies."""
    away = by_name("mean-cosine").between(vectors[:, :DEEP], query[:DEEP])
    correlations = np.array([np.corrcoef(row, query[-PIXELS:])[0, 1] for row in vectors[:, -PIXELS:]])
    order = np.argsort(away, kind="stable")
    candidates = np.union1d(order[:SHORTLIST], np.flatnonzero(correlations >= 0.93))
    others = [row for row in [*order[:SHORTLIST], *np.setdiff1d(candidates, order[:SHORTLIST])] if away[row] > 0]
    both = np.concatenate([query[None], vectors[others]])
    likeness = Likeness(
        deep_directions(both[:, :DEEP], 1), colour_directions(both[:, DEEP:-PIXELS]), correlations[others]
    )
    weight = colour_weight(likeness, int(np.isin(others, order[:SHORTLIST]).sum()))
    points = dict(zip(others, scores(likeness, weight), strict=True))
    distances = dict.fromkeys(candidates, 0.0) | {row: float(distances_of(one)) for row, one in points.items()}
    rest = [row for row in order if row not in distances]
    scale = min(1.0, min(points.values()) / max((1 - away[rest]).max(initial=1e-9), 1e-9))
    distances |= {row: float(distances_of((1 - away[row]) * scale)) for row in rest}
    ranked = sorted(distances, key=lambda row: (distances[row], row))
    return np.array(ranked), np.array([distances[row] for row in ranked])


def test_an_answer_is_that_of_the_definition() -> None:
    vectors = make_vectors(450)
    _, first = np.unique(vectors, axis=0, return_index=True)
    vectors = vectors[np.sort(first)]
    for query in (vectors[3], vectors[200], make_vectors(1, seed=5)[0], vectors[7] * np.float32(1)):
        rows, distances = search(vectors, query, len(vectors))
        wanted_rows, wanted = brute_force(vectors, query)
        assert rows.tolist() == wanted_rows.tolist()
        assert np.allclose(distances, wanted, atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 13, 250])
def test_every_limit_is_the_beginning_of_a_larger_one_and_all_rows_are_found_once(count: int) -> None:
    vectors = make_vectors(count)
    for query in (vectors[0], make_vectors(1, seed=9)[0]):
        rows, distances = search(vectors, query, count + 7)
        assert sorted(rows.tolist()) == list(range(count))
        assert (np.diff(distances) >= 0).all()
        assert distances.min() >= 0
        assert distances.max() <= 1
        for limit in {1, 2, count // 2 + 1, min(count, SHORTLIST + 1)}:
            some = search(vectors, query, limit)
            assert some[0].tolist() == rows[:limit].tolist()
            assert some[1].tolist() == distances[:limit].tolist()


def test_rows_beyond_a_largest_distance_are_left_out() -> None:
    vectors = make_vectors(250)
    rows, distances = search(vectors, vectors[4], 250)
    for furthest in (0.0, float(distances[20]), 0.999 * float(distances[120])):
        some = search(vectors, vectors[4], 250, furthest)
        assert some[0].tolist() == rows[distances <= furthest].tolist()


def test_only_what_equals_the_query_is_at_distance_0_and_copies_tie_in_index_order() -> None:
    vectors = make_vectors(300)
    vectors[[30, 90, 270]] = vectors[5]
    vectors[[40, 150]] = vectors[41]
    # Networks find nothing between these, and nor do thumbnails.
    vectors[100] = vectors[5]
    vectors[100, DEEP] += 0.5
    rows, distances = search(vectors, vectors[5], 300)
    assert rows[:5].tolist() == [5, 30, 90, 270, 100]
    assert (distances[:4] == 0).all()
    assert (distances[4:] > 0).all()
    copies = [rows.tolist().index(copy) for copy in (40, 41, 150)]
    assert copies == list(range(copies[0], copies[0] + 3))
    assert len(set(distances[copies])) == 1


def test_more_copies_than_a_shortlist_has_are_all_found_first() -> None:
    vectors = make_vectors(400)
    vectors[50:350] = vectors[7]
    rows, distances = search(vectors, vectors[7], 400)
    copies = [row for row in range(400) if (vectors[row] == vectors[7]).all()]
    assert rows[: len(copies)].tolist() == copies
    assert np.count_nonzero(distances == 0) == len(copies)


def test_a_query_that_is_in_the_index_does_not_change_the_rest_of_the_answer() -> None:
    vectors = make_vectors(150)
    query = make_vectors(1, seed=3)[0]
    with_query = search(np.concatenate([vectors, query[None]]), query, 151)
    without = search(vectors, query, 150)
    assert with_query[0].tolist() == [150, *without[0].tolist()]
    assert np.allclose(with_query[1][1:], without[1], atol=1e-7)


def test_the_same_photo_is_found_wherever_the_networks_put_it() -> None:
    vectors, rng = make_vectors(500), np.random.default_rng(1)
    query = make_vectors(1, seed=3)[0]
    vectors[333, -PIXELS:] = np.clip(query[-PIXELS:] + rng.integers(-3, 4, PIXELS), 0, 255)
    vectors[333, :DEEP] = 0
    vectors[333, 17] = 255
    rows, distances = search(vectors, query, 3)
    assert rows[0] == 333
    assert distances[0] <= 0.1 < distances[1]
    assert same_photo(np.array([0.9999])) == 1


def test_an_index_of_several_files_answers_as_one() -> None:
    vectors = make_vectors(320)
    whole = open_fused(vectors)
    parts = open_fused(vectors[:7], vectors[7:260], vectors[260:])
    queries = [vectors[3], vectors[300], make_vectors(1, seed=4)[0]]
    for one, other in zip(whole.nearest_of_many(queries, 320), parts.nearest_of_many(queries, 320), strict=True):
        assert one.found[0].tolist() == other.found[0].tolist()
        assert one.found[1].tolist() == other.found[1].tolist()
        assert one.colour_weight == other.colour_weight


def test_many_queries_are_answered_as_each_alone() -> None:
    vectors = make_vectors(230)
    neighbours = open_fused(vectors)
    together = neighbours.nearest_of_many(list(vectors[:6]), 20)
    for query, one in zip(vectors, together, strict=False):
        (alone,) = neighbours.nearest_of_many([query], 20)
        assert alone.found[0].tolist() == one.found[0].tolist()
        assert alone.found[1].tolist() == one.found[1].tolist()
    assert neighbours.nearest_of_many([], 3) == []


def test_evidence_tells_the_same_picture_from_the_same_photo() -> None:
    vectors = make_vectors(5)
    vectors[2, -PIXELS:] = np.clip(vectors[1, -PIXELS:] + 1, 0, 255)
    neighbours = open_fused(vectors)
    own, other = (neighbours.evidence(vectors[1], vectors[row], 0.2) for row in (1, 2))
    assert (own.kind, own.correlation, list(own.colours), own.colours_count) == (1, 1, [1] * 5, True)
    assert other.correlation > 0.99
    assert other.kind < 1
    assert all(0 <= one < 1 for one in other.colours)
