import pytest

from src.searching.reasons import Evidence, words

NOTHING = Evidence(kind=0.3, correlation=0.1, colours=[0.2] * 5, colours_count=True)


def agreeing(*regions: int) -> list[float]:
    return [0.9 if number in regions else 0.3 for number in range(5)]


def test_the_same_numbers_are_the_same_picture() -> None:
    assert words(Evidence(1.0, 1.0, [1.0] * 5, False)) == ["same picture"]


@pytest.mark.parametrize(
    ("kind", "correlation", "is_same"), [(0.9, 0.99, True), (0.5, 0.99, False), (0.9, 0.97, False)]
)
def test_the_same_photo_is_said_where_thumbnails_and_networks_agree(
    kind: float, correlation: float, is_same: bool
) -> None:
    assert ("same photo" in words(NOTHING._replace(kind=kind, correlation=correlation))) == is_same


def test_the_kind_of_thing_is_said_as_surely_as_it_is_known() -> None:
    said = [words(NOTHING._replace(kind=kind)) for kind in (0.85, 0.7, 0.5)]
    assert said == [["same kind of thing"], ["similar kind of thing"], ["little alike"]]


@pytest.mark.parametrize(
    ("regions", "where"),
    [
        ((0, 1, 2, 3, 4), "everywhere"),
        ((0, 1, 2, 3), "around the centre"),
        ((4,), "in the centre"),
        ((0, 1), "at the top"),
        ((2, 3, 4), "in the centre"),
        ((2, 3), "at the bottom"),
        ((0, 3), "at the left"),
        ((1, 2), "at the right"),
    ],
)
def test_it_is_said_where_colours_agree(regions: tuple[int, ...], where: str) -> None:
    assert words(NOTHING._replace(colours=agreeing(*regions))) == [f"colours agree {where}"]


def test_a_corner_alone_is_not_named() -> None:
    assert words(NOTHING._replace(colours=agreeing(2))) == ["little alike"]


def test_colours_that_did_not_count_are_not_named() -> None:
    assert words(NOTHING._replace(colours=agreeing(4), colours_count=False)) == ["little alike"]


def test_several_reasons_are_said_the_most_telling_first() -> None:
    evidence = Evidence(kind=0.85, correlation=0.95, colours=agreeing(4), colours_count=True)
    assert words(evidence) == ["same kind of thing", "same layout of colours", "colours agree in the centre"]
