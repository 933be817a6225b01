"""Every distance with the vectors of every descriptor: whatever is exact for one must be exact for all."""

import io
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.cosine import cosine
from src.comparing.relativechisquared import relative_chi_squared
from src.descriptors import Descriptor
from src.distance import Distance, Rows, by_name, chi_squared, similarity_text
from src.searching.neighbours import Neighbours, nearest_of_parts
from src.searching.shortlist import Found
from tests.descriptors import ALL, FusedGrid
from tests.pictures import draw_picture

Vectors = NDArray[np.float32]


@pytest.fixture(params=[*ALL, FusedGrid()], ids=lambda descriptor: descriptor.name)
def descriptor(request: pytest.FixtureRequest) -> Descriptor:
    made: Descriptor = request.param
    return made


@pytest.fixture
def distance(descriptor: Descriptor) -> Distance:
    return by_name(descriptor.distance)


def vectors_of(descriptor: Descriptor, count: int, seed: int = 0) -> Vectors:
    """Return vectors as it makes them, of pictures and of mixtures of pictures; every tenth is a copy of another."""
    random = np.random.default_rng(seed)
    base = descriptor.describe_many([draw_picture(1000 * seed + one) for one in range(20)])
    shares = random.dirichlet(np.full(len(base), 0.2), count)
    vectors = (shares @ base.astype(np.float64)).astype(np.float32)
    for run, kind in by_name(descriptor.distance).legal:
        if kind.are_whole:
            vectors[:, run] = np.rint(vectors[:, run])
    vectors[::10] = vectors[random.integers(0, count, len(vectors[::10]))]
    return vectors


def rows_of(descriptor: Descriptor, vectors: Vectors) -> Rows:
    file, distance = io.BytesIO(), by_name(descriptor.distance)
    writer = distance.new_writer(file, descriptor.dimension, descriptor.name)
    writer.add(vectors)
    contents = writer.finish()
    return distance.open_rows(memoryview(file.getvalue()), contents)


def brute_force(distance: Distance, vectors: Vectors, query: Vectors, limit: int, furthest: float = np.inf) -> Found:
    distances = distance.between(vectors, query)
    order = np.argsort(distances, kind="stable")[:limit]
    order = order[distances[order] <= furthest]
    return order, distances[order]


def queries_of(descriptor: Descriptor, vectors: Vectors) -> Iterator[Vectors]:
    yield from vectors[:5]
    yield from vectors_of(descriptor, 5, seed=1)
    yield np.zeros(descriptor.dimension, np.float32)


def test_no_bound_exceeds_the_distance(descriptor: Descriptor, distance: Distance) -> None:
    vectors = vectors_of(descriptor, 500)
    vectors[7] = 0
    rows = rows_of(descriptor, vectors)
    chunks, everything = range(len(rows.starts) - 1), np.arange(len(vectors))
    for query in queries_of(descriptor, vectors):
        exact, comparison = distance.between(vectors, query), rows.compare(query)
        bounds, many = np.empty(len(rows), np.float32), np.empty((2, len(rows)), np.float32)
        comparison.bound(chunks, bounds)
        closer = bounds.copy()
        comparison.bound_closer(0, everything, closer)
        assert (bounds <= exact).all()
        assert (closer <= exact).all()
        rows.bound_many([comparison, comparison], chunks, many)
        assert (many <= exact).all()
        approximate = comparison.approximate(everything)
        assert all(comparison.widened(one) >= other for one, other in zip(exact, approximate, strict=True))
        assert comparison.distances(everything).tolist() == exact.tolist()


@pytest.mark.parametrize("limit", [1, 3, 50, 1000])
def test_the_nearest_are_those_of_comparing_with_all_and_ties_stand_in_the_order_of_the_index(
    descriptor: Descriptor, distance: Distance, limit: int
) -> None:
    vectors = vectors_of(descriptor, 800)
    vectors[13] = 0
    neighbours = Neighbours(rows_of(descriptor, vectors))
    queries = list(queries_of(descriptor, vectors))
    for furthest in (np.inf, float(brute_force(distance, vectors, queries[0], 9)[1][-1])):
        many = neighbours.nearest_of_many(queries, limit, furthest)
        for query, of_many in zip(queries, many, strict=True):
            wanted_rows, wanted_distances = brute_force(distance, vectors, query, limit, furthest)
            for rows, distances in (neighbours.nearest(query, limit, furthest), of_many):
                assert rows.tolist() == wanted_rows.tolist()
                assert distances.tolist() == wanted_distances.tolist()


@pytest.mark.parametrize("cuts", [[500], [1, 2], [250, 260, 799], [0, 800]])
def test_rows_of_several_parts_are_searched_as_those_of_one(
    descriptor: Descriptor, distance: Distance, cuts: list[int]
) -> None:
    vectors = vectors_of(descriptor, 800)
    parts = [Neighbours(rows_of(descriptor, part)) for part in np.split(vectors, cuts)]
    queries = list(queries_of(descriptor, vectors))
    for limit, furthest in ((3, np.inf), (40, np.inf), (3, 0.0)):
        for query, (rows, distances) in zip(queries, nearest_of_parts(parts, queries, limit, furthest), strict=True):
            wanted_rows, wanted_distances = brute_force(distance, vectors, query, limit, furthest)
            assert rows.tolist() == wanted_rows.tolist()
            assert distances.tolist() == wanted_distances.tolist()


def test_rows_come_back_bit_for_bit_however_they_are_copied(descriptor: Descriptor, distance: Distance) -> None:
    vectors = vectors_of(descriptor, 700)
    rows = rows_of(descriptor, vectors)
    file = io.BytesIO()
    writer = distance.new_writer(file, descriptor.dimension, descriptor.name)
    for block in rows.stored(100, 650):
        writer.add_stored(block)
    writer.add(vectors[3])
    contents = writer.finish()
    copied = distance.open_rows(memoryview(file.getvalue()), contents)
    assert copied.is_whole()
    assert copied.rows(0, 551).tobytes() == vectors[[*range(100, 650), 3]].tobytes()
    assert copied.take([550])[0].tobytes() == vectors[3].tobytes()


def test_the_parts_of_a_distance_sum_to_it(descriptor: Descriptor, distance: Distance) -> None:
    count = len(descriptor.parts)
    for a, b in zip(vectors_of(descriptor, 30), vectors_of(descriptor, 30, seed=1), strict=True):
        parts = distance.parts(a, b, count)
        assert parts.shape == (count,)
        assert (parts >= 0).all()
        assert parts.sum() == pytest.approx(float(distance.between(a, b)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["chi-squared", "relative-chi-squared"])
def test_a_part_is_as_similar_as_what_is_in_it_whatever_the_others_are(name: str) -> None:
    colour = by_name(name)
    query = np.array([1, 0, 0.1, 0.1, 0, 0, 1, 1], np.float32)
    other = np.array([0, 3, 0.1, 0.1, 0, 0, 1, 0], np.float32)
    similarities = colour.part_similarities(colour.parts(query, other, 4), query, other).tolist()
    # Nothing in common, the same, both empty, half of it.
    assert similarities == pytest.approx([0, 1, 1, 2 / 3], abs=1e-9)
    assert similarities[1:3] == [1, 1]


def test_parts_are_similar_from_0_to_1_and_1_is_for_the_same_alone(descriptor: Descriptor, distance: Distance) -> None:
    count = len(descriptor.parts)
    for a, b in zip(vectors_of(descriptor, 30), vectors_of(descriptor, 30, seed=1), strict=True):
        b[: len(b) // count] = a[: len(b) // count]
        parts = distance.parts(a, b, count)
        similarities = distance.part_similarities(parts, a, b)
        assert ((similarities >= 0) & (similarities <= 1)).all()
        assert ((similarities == 1) == (parts == 0)).all()


def test_similarity_falls_with_distance_and_is_1_for_the_same_alone(descriptor: Descriptor, distance: Distance) -> None:
    vectors = vectors_of(descriptor, 300)
    # Pictures of few colours differ most in their sums; a query of zeros has none.
    vectors[50:100] *= vectors[50:100] > np.quantile(vectors, 0.99)
    for query in (*vectors[:60], *vectors_of(descriptor, 40, seed=1), np.zeros_like(vectors[0])):
        distances = np.sort(distance.between(vectors, query))
        similarities = [distance.similarity(float(one), query) for one in distances]
        shown = [float(similarity_text(one)) for one in similarities]
        assert similarities == sorted(similarities, reverse=True)
        assert shown == sorted(shown, reverse=True)
        for far, similarity, text in zip(distances, similarities, shown, strict=True):
            assert 0 <= similarity <= 1
            assert (similarity == 1) == (text == 1) == (far == 0)
        above = [(far, similarity) for far, similarity in zip(distances, similarities, strict=True) if similarity > 0]
        for (near, high), (far, low) in pairwise(above):
            assert high > low or far - near <= 1e-12, "strictly"


@pytest.mark.parametrize(("name", "far"), [("chi-squared", 3.0), ("relative-chi-squared", 1.0), ("cosine", 2.0)])
def test_similarity_by_hand(name: str, far: float) -> None:
    distance, query = by_name(name), np.array([1.0, 2.0], np.float32)
    found = [distance.similarity(part * far, query) for part in (0, 0.25, 1, 1.5)]
    assert found == [1.0, 0.75, 0.0, 0.0]
    assert distance.similarity(1e-30, query) < 1, "not even by rounding"


def test_shown_is_no_1_but_of_the_same() -> None:
    shown = [similarity_text(similarity) for similarity in (1.0, np.nextafter(1, 0), 0.9996, 0.9984, 0.0004, 0.0)]
    assert shown == ["1.000", "0.999", "0.999", "0.998", "0.000", "0.000"]


def test_each_distance_knows_its_legal_numbers() -> None:
    for name, legal, illegal in (
        ("chi-squared", [0, 1.5], [-1.0]), ("relative-chi-squared", [0, 1.5], [-1.0]), ("cosine", [0, -1.5], []),
        ("mean-cosine", [0, 255], [-1.0, 0.5, 256.0]),
    ):  # fmt: skip
        distance = by_name(name)
        distance.check(np.array(legal, np.float32), 2)
        for number in (np.nan, np.inf, *illegal):
            with pytest.raises(ValueError, match=r"only .* numbers.*; number 2 is"):
                distance.check(np.array([0, number], np.float32), 2)
        with pytest.raises(ValueError, match=r"shape \(3,\), not \(2,\)"):
            distance.check(np.array([0, 1], np.float32), 3)


def test_each_part_of_a_fused_vector_has_legal_numbers_of_its_own() -> None:
    fused, grid = by_name("fused"), FusedGrid()
    vector = grid.describe(draw_picture(0))
    fused.check(vector, grid.dimension)
    for place, number, is_legal in ((0, 0.5, False), (2560, 0.5, True), (2560, -1, False), (-1, 0.5, False)):
        other = vector.copy()
        other[place] = number
        if is_legal:
            fused.check(other, grid.dimension)
        else:
            with pytest.raises(ValueError, match=f"number {place % grid.dimension + 1} is {number}"):
                fused.check(other, grid.dimension)


def test_only_the_fused_distance_depends_on_other_rows() -> None:
    assert by_name("fused").depends_on_others
    assert not any(by_name(name).depends_on_others for name in ("chi-squared", "cosine", "mean-cosine"))


def test_a_distance_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no distance 'euclid', only 'chi-squared', 'relative-chi-squared', 'cosine'"):
        by_name("euclid")


def test_the_definitions_are_those_of_the_face() -> None:
    a, b = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    assert by_name("chi-squared").between(a, b) == chi_squared(a, b) == pytest.approx(1, abs=1e-9)
    assert by_name("relative-chi-squared").between(a, b) == relative_chi_squared(a, b) == pytest.approx(1, abs=1e-9)
    assert by_name("cosine").between(a, b) == cosine(a, b) == pytest.approx(1, abs=1e-15)
    assert cosine(a, -3 * a) == pytest.approx(2, abs=1e-15)
