import numpy as np
import pytest
from numpy.typing import NDArray

from src.imagepart import Part
from src.places import Places, Shares
from src.viewing import outlinedrawing, resultwords
from src.viewing.outlinedrawing import Seen, draw_frame, draw_outlines
from src.viewing.palette import OF_RANKS
from src.viewing.resultpicture import Match, draw_results, query_place

SQUARE = np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]])
NO_POINTS = np.empty((0, 2))


def grey(height: int = 300, width: int = 400) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 128, np.uint8)


def seen(rank: int = 1, corners: NDArray[np.float64] = SQUARE, points: NDArray[np.float64] = NO_POINTS) -> Seen:
    return Seen(rank, corners, points, points)


def match(rank: int, lies: Seen | None) -> Match:
    return Match(grey(), f"{rank}.png", rank, 0.5, 0.5, seen=lies)


def places_of(picture: NDArray[np.uint8], rank: int) -> NDArray[np.intp]:
    """Return where the colour of a rank is in a picture, shape (n, 2): down and across."""
    return np.argwhere((picture == OF_RANKS[rank - 1]).all(axis=2))


def test_an_outline_lies_where_its_corners_are_and_leaves_the_rest_alone() -> None:
    drawn = draw_outlines(grey(), [seen()])
    places = places_of(drawn, 1)
    # Its number stands on its first corner.
    assert (places.min(axis=0) >= (60, 85)).all() and (places.max(axis=0) <= (226, 301)).all()
    # The dark edge is on both sides of the line.
    assert drawn[220:224, 200].min() < 64 and drawn[226:230, 200].min() < 64
    assert (drawn[100:200, 130:270] == 128).all() and (drawn[:50] == 128).all()


@pytest.mark.parametrize("corners", [SQUARE * 1e6, SQUARE + 40, SQUARE - 40, SQUARE * 0, np.full((4, 2), -1e300)])
def test_an_outline_that_lies_outside_or_is_of_no_size_is_drawn_all_the_same(corners: NDArray[np.float64]) -> None:
    assert draw_outlines(grey(), [seen(corners=corners, points=corners)]).shape == grey().shape


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 300), (300, 3), (20, 20)])
def test_the_smallest_pictures_are_drawn_too(height: int, width: int) -> None:
    found = seen(points=SQUARE)
    assert draw_outlines(grey(height, width), [found]).shape == (height, width, 3)
    assert draw_frame(grey(height, width), found).shape == (height, width, 3)


def test_the_numbers_of_results_at_the_same_place_stand_beside_each_other() -> None:
    drawn = draw_outlines(grey(), [seen(rank) for rank in range(1, 10)])
    # All lie on one line; the plate of each number is there, and the outline of the best.
    assert all(len(places_of(drawn, rank)) > 150 for rank in range(1, 10))
    assert len(places_of(drawn, 1)) > 600


def test_the_best_is_drawn_over_the_others() -> None:
    crossing = [seen(1), seen(2, SQUARE[[1, 2, 3, 0]])]
    drawn = draw_outlines(grey(), crossing)
    assert len(places_of(drawn, 1)) > 2 * len(places_of(drawn, 2)) > 0


def test_points_have_the_colour_of_their_result_in_both_pictures() -> None:
    middle = np.array([[0.5, 0.5]])
    drawn = draw_outlines(grey(), [seen(3, points=middle)])
    framed = draw_frame(grey(), seen(3, points=middle))
    for picture in (drawn, framed):
        assert (picture[149:151, 199:201] == OF_RANKS[2]).all()
        assert (picture[150, 194:198] != 128).any() and (picture[150, 185:190] == 128).all()
    assert (framed[:2, 100] == OF_RANKS[2]).all() and (framed[-2:, 100] == OF_RANKS[2]).all()


def test_a_query_that_is_the_proof_is_shown_larger_and_only_points_have_a_legend() -> None:
    plain, outlined = [match(1, None)], [match(1, seen())]
    width = query_place(grey(), plain, 1440, 810, "").width
    assert query_place(grey(), outlined, 1440, 810, "").width > 1.5 * width
    with_points = [match(1, seen(points=SQUARE))]
    assert len(draw_results(grey(), "q", with_points)) > len(draw_results(grey(), "q", outlined))


def test_a_page_says_whether_it_is_of_the_same_thing_or_of_nothing() -> None:
    for found in ([match(1, seen())], []):
        similar, same = (draw_results(grey(), "q", found, finds_the_same=one) for one in (False, True))
        assert similar.shape == same.shape and (similar[:60] != same[:60]).any()
        assert (similar[62:] == same[62:]).all()
    plain = draw_results(grey(), "q", [], finds_the_same=True, is_blank=True)
    assert (plain[:60] != same[:60]).any()


def test_numbers_and_words_have_one_size_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    for module in (outlinedrawing, resultwords):
        monkeypatch.setattr(module, "write", lambda page, text, left, middle, style: sizes.append(style.size))
    pictures = grey(), grey(300, 180), grey(80, 400)
    found = [
        match(rank, seen(rank))._replace(picture=picture, because=["the same thing", "30 points match"])
        for rank, picture in enumerate(pictures, 1)
    ]
    draw_results(grey(), "q", found)
    assert len(sizes) == 12 and len(set(sizes)) == 2


def test_a_result_with_an_outline_has_no_places_beside_it_and_leaves_the_query_clear() -> None:
    share = [Shares("net", np.ones((2, 2)) / 4, (0.25, 0.0, 0.5, 1.0))]
    page = draw_results(grey(), "q", [match(1, seen()), match(2, None)._replace(places=Places(share, share))])
    box = query_place(grey(), [match(1, seen()), match(2, None)], 1440, 810, "")
    assert (page[box.top : box.top + 40, box.left : box.left + box.width] == 128).all()


def test_a_part_of_a_query_has_its_places_in_the_whole_of_it() -> None:
    cut = Part(100, 150, 200, 100).cut(400, 300)
    corners = np.array([[0, 0], [1, 1], [-0.5, 0.5]])
    assert cut.in_whole(corners) == pytest.approx(np.array([[0.25, 0.5], [0.75, 5 / 6], [0, 2 / 3]]))
