import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.descriptor import FeatureMap
from src.distance import by_name
from src.places import Shares, are_of, mean_of, shares

SIDES = ((7, 7), (8, 8), (3, 5))


def maps_of(seed: int, features: int = 40) -> list[FeatureMap]:
    """Maps as networks with ReLU6 give them: half of the numbers are 0."""
    random = np.random.default_rng(seed)
    return [
        FeatureMap(f"n{side}", np.clip(random.normal(0, 2, (features, *side)), 0, 6).astype(np.float32))
        for side in SIDES
    ]


def vector(maps: list[FeatureMap], rounded: bool = True) -> NDArray[np.float32]:
    means = [one.values.mean(axis=(1, 2), dtype=np.float64) for one in maps]
    if rounded:
        means = [np.rint(mean * 255 / mean.max()) for mean in means]
    return np.concatenate(means).astype(np.float32)


def total(found: list[Shares]) -> float:
    return float(sum(one.values.sum() for one in found))


def mean_cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    between = by_name("cosine").between
    return float(np.mean([1 - between(one, other) for one, other in zip(np.split(a, 3), np.split(b, 3), strict=True)]))


@pytest.mark.parametrize("rounded", [True, False])
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_shares_of_either_picture_sum_to_the_similarity_of_the_vectors(rounded: bool, one: int, other: int) -> None:
    maps, others = maps_of(one), maps_of(other)
    a, b = vector(maps, rounded), vector(others, rounded)

    assert total(shares(maps, a, b)) == pytest.approx(mean_cosine(a, b), abs=1e-14)
    assert total(shares(others, b, a)) == pytest.approx(mean_cosine(a, b), abs=1e-14)


def test_a_place_has_what_its_features_add_to_the_cosine() -> None:
    maps, others = maps_of(1), maps_of(2)
    a, b = vector(maps, rounded=False), vector(others, rounded=False)
    found = shares(maps, a, b)

    assert [one.values.shape for one in found] == list(SIDES)
    for number, (map_, one) in enumerate(zip(maps, found, strict=True)):
        mine, theirs = (np.split(vector_.astype(np.float64), 3)[number] for vector_ in (a, b))
        for row, column in np.ndindex(*SIDES[number]):
            product = map_.values[:, row, column].astype(np.float64) @ theirs
            expected = product / (np.linalg.norm(mine) * np.linalg.norm(theirs)) / one.values.size / 3
            assert one.values[row, column] == pytest.approx(expected, abs=1e-7)


def test_rounding_is_spread_evenly_and_is_little() -> None:
    maps, others = maps_of(1), maps_of(2)
    exact = shares(maps, vector(maps, rounded=False), vector(others))
    rounded = shares(maps, vector(maps), vector(others))

    for one, other in zip(exact, rounded, strict=True):
        moved = one.values - other.values
        assert np.ptp(moved) < 1e-15
        assert 0 < abs(moved[0, 0]) < 1e-3 * one.values.max()


def test_what_the_two_pictures_do_not_share_carries_nothing() -> None:
    """The one picture has a thing at the left, the other has it at the bottom, on another ground."""
    mine, theirs = np.zeros((3, 4, 4)), np.zeros((3, 4, 4))
    mine[1], mine[0, :, :2] = 1, 5
    theirs[2], theirs[0, 3] = 1, 5
    maps, others = [FeatureMap("n", mine)], [FeatureMap("n", theirs)]
    a, b = (one.mean(axis=(1, 2)) for one in (mine, theirs))

    (in_mine,), (in_theirs,) = shares(maps, a, b), shares(others, b, a)
    assert in_mine.values[:, 2:] == pytest.approx(0, abs=1e-15)
    assert (in_mine.values[:, :2] > 0.01).all()
    assert in_theirs.values[:3] == pytest.approx(0, abs=1e-15)
    assert (in_theirs.values[3] > 0.01).all()


def test_a_vector_is_known_as_that_of_its_maps_however_it_is_scaled_and_rounded() -> None:
    for seed in range(20):
        maps = maps_of(seed)
        assert are_of(maps, vector(maps))
        assert are_of(maps, vector(maps, rounded=False))
        assert are_of(maps, 3 * vector(maps, rounded=False))


def test_a_vector_of_other_maps_is_not_taken_for_theirs() -> None:
    maps, features = maps_of(1), vector(maps_of(1))
    assert not are_of(maps, vector(maps_of(2)))
    assert not are_of(maps, features[:-1])
    assert not are_of([], features)
    for number in (0, 50, 119):
        other = features.copy()
        other[number] += 3
        assert not are_of(maps, other)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_map_without_a_direction_is_of_no_vector(value: float) -> None:
    maps = [FeatureMap("n", np.full((4, 2, 2), value))]
    assert not are_of(maps, np.ones(4))
    assert not are_of(maps, np.zeros(4))


def test_zeros_are_not_divided_by() -> None:
    maps = [FeatureMap("n", np.ones((4, 2, 2)))]
    (found,) = shares(maps, np.ones(4), np.zeros(4))
    assert found.values == pytest.approx(0.5 / 4)


def test_the_mean_of_several_is_made_place_by_place() -> None:
    window = (0.0, 0.25, 1.0, 0.5)
    one, other = ([Shares("n", np.full((2, 2), value), window)] for value in (0.1, 0.3))
    (mean,) = mean_of([one, other])
    assert mean.values == pytest.approx(0.2)
    assert (mean.network, mean.window) == ("n", window)
