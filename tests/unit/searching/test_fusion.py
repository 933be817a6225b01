"""How near pictures are by networks, colours, thumbnails and their company, as plain loops over the definition say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from src.searching.fusion import (
    COMPANY,
    MOST_WEIGHT,
    NEAR,
    NEIGHBOURS,
    RANKED,
    Likeness,
    below,
    colour_directions,
    colour_weight,
    deep_directions,
    distances_of,
    same_photo,
    scores,
)

Doubles = NDArray[np.float64]
REGIONS = 5


def made_up(count: int, seed: int, *, spread: float = 1.0) -> Likeness:
    """Make up pictures of a few kinds, whose colours go with their kinds; the less, the more they are spread."""
    rng = np.random.default_rng(seed)
    kinds = np.concatenate([[0], rng.integers(0, max(count // 6, 1), count)])
    deep = rng.random((kinds.max() + 1, 24))[kinds] + rng.random((count + 1, 24))
    colour = rng.random((kinds.max() + 1, 40))[kinds] + spread * rng.random((count + 1, 40))
    near_first = np.argsort(-(directions(deep) @ directions(deep)[0])[1:])
    order = np.concatenate([[0], 1 + near_first])
    return Likeness(
        directions(deep)[order].astype(np.float32), directions(colour)[order].astype(np.float32),
        rng.uniform(0.8, 1.0, count) * (rng.random(count) < 0.2),
    )  # fmt: skip


def directions(vectors: Doubles) -> Doubles:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def plain_weight(likeness: Likeness, count: int) -> float:
    deep, colour = (part.astype(np.float64) for part in (likeness.deep, likeness.colour))
    shares, usual = [], []
    for one in range(1, min(NEAR, count) + 1):
        others = [other for other in range(1, count + 1) if other != one]
        by_colour = sorted(others, key=lambda other: -float(colour[one] @ colour[other]))  # noqa: B023
        for other in sorted(others, key=lambda other: -float(deep[one] @ deep[other]))[:NEIGHBOURS]:  # noqa: B023
            shares.append(by_colour.index(other) / (count - 1))
            usual.append(colour[one] @ colour[other])
    light = np.mean([colour[0] @ colour[one] for one in range(1, NEIGHBOURS + 1)]) / np.mean(usual)
    says, light_says = np.clip([(0.34 - np.mean(shares)) / 0.19, (light - 0.65) / 0.2], 0, 1)
    return float(MOST_WEIGHT * says * light_says)


def plain_scores(likeness: Likeness, weight: float) -> Doubles:
    deep, colour = (part.astype(np.float64) for part in (likeness.deep, likeness.colour))
    alike = (deep @ deep.T + weight * colour @ colour.T) / (1 + weight)
    to_query = alike[0, 1:]
    ranked = sorted(range(len(to_query)), key=lambda one: -to_query[one])[:RANKED]
    # As vectors: a picture and a query are their place, an inner product is that of `alike`.
    axes = np.eye(len(alike))

    def unit(vector: Doubles) -> Doubles:
        return np.asarray(vector / np.sqrt(vector @ alike @ vector))

    mixtures = {}
    for one in ranked:
        company = sorted((other for other in ranked if other != one), key=lambda other: -alike[1 + one, 1 + other])
        vector = axes[1 + one].copy()
        for other in company[:COMPANY]:
            vector += alike[1 + one, 1 + other] ** 4 * axes[1 + other]
        mixtures[one] = unit(vector)
    query = axes[0].copy()
    for one in sorted(ranked, key=lambda one: -float(mixtures[one] @ alike @ axes[0]))[:COMPANY]:
        query += to_query[one] ** 4 * mixtures[one]
    shown = {one: float(mixtures[one] @ alike @ unit(query)) for one in ranked}
    others = {one: to_query[one] for one in range(len(to_query)) if one not in shown}
    factor = min(1, min(shown.values()) / max(others.values(), default=1e-9))
    shown |= {one: value * factor for one, value in others.items()}
    bonus = np.clip((likeness.correlations - 0.93) / 0.06, 0, 1)
    return np.array([shown[one] for one in range(len(to_query))]) + bonus


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 60, 130])
def test_scores_are_those_of_the_definition(count: int) -> None:
    for seed, weight in enumerate((0.0, 0.25, 0.6)):
        likeness = made_up(count, seed)
        assert np.allclose(scores(likeness, weight), plain_scores(likeness, weight), atol=2e-6)


@pytest.mark.parametrize("spread", [0.2, 1.0, 3.0])
def test_the_weight_of_colours_is_that_of_the_definition(spread: float) -> None:
    for seed in range(3):
        likeness = made_up(150, seed, spread=spread)
        assert colour_weight(likeness, 120) == pytest.approx(plain_weight(likeness, 120), abs=1e-5)


def test_colours_count_where_they_go_with_kinds_and_not_where_they_do_not() -> None:
    telling, silent = made_up(150, 1, spread=0.2), made_up(150, 1)
    shuffled = np.random.default_rng(0).permutation(silent.colour)
    assert colour_weight(telling, 150) > 0.05
    assert colour_weight(silent._replace(colour=shuffled), 150) == 0


def test_colours_do_not_count_for_a_query_in_another_light() -> None:
    telling = made_up(150, 1, spread=0.2)
    colour = telling.colour.copy()
    colour[0] = 0
    colour[0, :4] = 0.5
    assert colour_weight(telling._replace(colour=colour), 150) == 0


def test_few_pictures_say_nothing_of_colours() -> None:
    assert colour_weight(made_up(11, 0, spread=0.1), 11) == 0


def test_the_same_photo_is_ahead_of_all_others() -> None:
    likeness = made_up(50, 2)
    correlations = np.zeros(50)
    correlations[49] = 0.995
    assert scores(likeness._replace(correlations=correlations), 0.3).argmax() == 49


def test_a_correlation_counts_from_a_high_one_on() -> None:
    assert same_photo(np.array([-1, 0.5, 0.93, 0.96, 0.99, 1])).round(6).tolist() == [0, 0, 0, 0.5, 1, 1]


def test_distances_fall_strictly_as_scores_rise_and_are_never_0() -> None:
    points = np.linspace(0, 2, 401)
    distances = distances_of(points)
    assert (np.diff(distances) < 0).all()
    assert distances[0] == 1
    assert distances[-1] > 0
    # People read .9 and more of the same photo.
    assert distances_of(np.array([1.0])) == pytest.approx(0.1)


def test_what_stands_behind_is_scaled_below_what_stands_before() -> None:
    assert below(np.array([0.8, 0.4]), 0.6).tolist() == pytest.approx([0.6, 0.3])
    assert below(np.array([0.5, 0.4]), 0.6).tolist() == [0.5, 0.4]
    assert below(np.array([]), 0.6).tolist() == []


def test_directions_are_of_length_1_and_zeros_stay_zeros() -> None:
    rng = np.random.default_rng(0)
    deep = rng.integers(0, 256, (3, 60)).astype(np.float32)
    colours = rng.random((3, 8 * REGIONS)).astype(np.float32)
    deep[2], colours[2] = 0, 0
    for made in (deep_directions(deep, 3), colour_directions(colours)):
        assert np.linalg.norm(made, axis=1) == pytest.approx([1, 1, 0], abs=1e-6)
    blocks = deep.reshape(3, 3, 20)[:2]
    cosines = [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in zip(*blocks, strict=True)]
    both = deep_directions(deep, 3)[:2]
    assert float(both[0] @ both[1]) == pytest.approx(np.mean(cosines), abs=1e-5)
