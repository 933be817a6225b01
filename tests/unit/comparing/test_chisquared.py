import io

import numpy as np
import pytest
from numpy.typing import NDArray

from src.comparing.chisquared import chi_squared, chi_squared_parts, chi_squared_similarity
from src.comparing.sparserows import SparseRows
from src.comparing.sparsewriter import SparseWriter
from src.searching.neighbours import Neighbours
from src.searching.shortlist import Found


def vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Feature vectors as the descriptor makes them: five parts of length one, about a quarter of the bins filled."""
    random = np.random.default_rng(seed)
    parts = random.random((count, 5, 288)) ** 4 * (random.random((count, 5, 288)) < 0.23)
    parts /= np.linalg.norm(parts, axis=2, keepdims=True)
    return parts.reshape(count, 1440).astype(np.float32)


def test_distance_by_hand() -> None:
    # 0.5 * ((1-0)^2/1 + (0-1)^2/1) = 1; 0.5 * (0.2^2/1.0 + 0.1^2/0.5) = 0.5 * (0.04 + 0.02) = 0.03
    assert chi_squared(np.array([1.0, 0, 0]), np.array([0, 1.0, 0])) == pytest.approx(1, abs=1e-9)
    assert chi_squared(np.array([0.4, 0.3, 0]), np.array([0.6, 0.2, 0])) == pytest.approx(0.03, abs=1e-9)


def test_distance_of_a_vector_to_itself_is_exactly_zero() -> None:
    for vector in vectors(20):
        assert chi_squared(vector, vector) == 0


def test_the_regions_parts_sum_to_the_distance() -> None:
    for a, b in zip(vectors(50, 1), vectors(50, 2), strict=True):
        parts = chi_squared_parts(a, b, 5)
        assert parts.shape == (5,)
        assert parts.sum() == pytest.approx(float(chi_squared(a, b)), rel=1e-12)


def test_similarity_is_one_for_the_same_and_zero_for_nothing_shared() -> None:
    a, b = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.3, 0.7])
    assert chi_squared_similarity(float(chi_squared(a, a)), a, a) == 1.0
    assert chi_squared_similarity(float(chi_squared(a, b)), a, b) == pytest.approx(0, abs=1e-9)
    assert chi_squared_similarity(0.0, np.zeros(4), np.zeros(4)) == 1.0


def nearest(
    features: NDArray[np.float32], query: NDArray[np.float32], limit: int, max_distance: float = np.inf
) -> Found:
    file = io.BytesIO()
    writer = SparseWriter(file, features.shape[1])
    writer.add(features)
    contents = writer.finish()
    return Neighbours(SparseRows(memoryview(file.getvalue()), contents)).nearest(query, limit, max_distance)


def slow_ranking(features: NDArray[np.float32], query: NDArray[np.float32]) -> list[tuple[float, int]]:
    distances = [
        0.5 * sum((float(a) - float(b)) ** 2 / (float(a) + float(b) + 1e-10) for a, b in zip(row, query, strict=True))
        for row in features
    ]
    return sorted((distance, row) for row, distance in enumerate(distances))


@pytest.mark.parametrize("limit", [1, 3, 10, 40, 1000])
def test_nearest_ranks_as_the_slow_and_obvious_way_does(limit: int) -> None:
    features = vectors(40)
    for query in (features[17], *vectors(2, seed=9)):
        wanted = slow_ranking(features, query)[:limit]
        rows, distances = nearest(features, query, limit)
        assert rows.tolist() == [row for _, row in wanted]
        np.testing.assert_allclose(distances, [distance for distance, _ in wanted], atol=1e-5)


def test_ties_stand_in_the_order_of_the_index() -> None:
    features = np.concatenate([vectors(600)] * 3)
    query = features[5]
    rows, distances = nearest(features, query, 3)
    assert rows.tolist() == [5, 605, 1205]
    assert distances.tolist() == [0, 0, 0]
    rows, distances = nearest(features, vectors(1, seed=77)[0], 4)
    assert [row % 600 for row in rows[:3]] == [rows[0]] * 3
    assert rows[0] < rows[1] < rows[2]


def test_what_float32_cannot_tell_apart_is_ranked_exactly() -> None:
    query = vectors(1)[0]
    step = np.zeros(1440, np.float32)
    step[np.argmax(query)] = np.spacing(query.max())
    features = np.stack([query + 3 * step, query + 2 * step, query + step, query])
    assert nearest(features, query, 4)[0].tolist() == [3, 2, 1, 0]


def test_rows_beyond_the_largest_distance_are_left_out() -> None:
    features = vectors(30)
    query = vectors(1, seed=5)[0]
    all_rows, all_distances = nearest(features, query, 30)
    rows, distances = nearest(features, query, 30, max_distance=float(all_distances[11]))
    assert rows.tolist() == all_rows[:12].tolist()
    assert distances.max() == all_distances[11]


def test_an_index_without_rows_has_no_nearest() -> None:
    rows, distances = nearest(np.empty((0, 1440), np.float32), vectors(1)[0], 3)
    assert len(rows) == len(distances) == 0
