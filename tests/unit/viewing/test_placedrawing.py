import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from src.descriptor import WHOLE, Box
from src.places import Places, Shares
from src.viewing import resultwords
from src.viewing.palette import ALIKE
from src.viewing.placedrawing import DIMMEST, draw_clearness, draw_places
from src.viewing.resultlayout import Box as ResultBox
from src.viewing.resultpicture import Match, draw_results
from src.viewing.resultwords import Words, write_words

LEFT_HALF: Box = (0.0, 0.0, 0.5, 1.0)


def grey(height: int = 200, width: int = 300) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 160, np.uint8)


def shares(values: NDArray[np.float64], window: Box = WHOLE) -> list[Shares]:
    return [Shares("n", values / values.size, window)]


def at_one_place(row: int, column: int, alike: float = 3.0) -> NDArray[np.float64]:
    values = np.zeros((7, 7))
    values[row, column] = alike
    return values


def framed(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(picture.astype(np.int64) - ALIKE) < 40).all(axis=2))


def test_what_carries_nothing_is_dimmed_and_what_carries_much_is_as_it_was() -> None:
    values = np.zeros((7, 7))
    values[2:5, 2:5] = 2.0
    drawn = draw_places(grey(), shares(values))

    assert (drawn[100, 150] == 160).all()
    for corner in ((5, 5), (195, 5), (5, 295), (195, 295)):
        assert drawn[corner] == pytest.approx(160 * DIMMEST, abs=2)
    rows, columns = np.nonzero(framed(drawn))
    assert rows.min() > 30 and rows.max() < 170 and columns.min() > 45 and columns.max() < 255


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 6), (6, 0), (6, 6), (3, 3), (1, 5)])
def test_the_brightest_place_is_the_one_that_carries_most(row: int, column: int) -> None:
    drawn = draw_places(grey(), shares(at_one_place(row, column, 1.5))).astype(np.int64)
    brightest = np.argwhere(drawn.sum(axis=2) == drawn.sum(axis=2).max()).mean(axis=0)
    assert abs(brightest[0] - (row + 0.5) / 7 * 200) < 25
    assert abs(brightest[1] - (column + 0.5) / 7 * 300) < 35


def test_all_pictures_share_one_scale() -> None:
    """How a place looks depends on what it carries alone: a less similar picture is dimmer, and has no frame."""
    looks = [draw_places(grey(), shares(np.full((7, 7), alike))) for alike in (0.0, 0.3, 0.6, 0.9)]
    middles = [int(drawn[100, 150, 0]) for drawn in looks]
    assert middles == sorted(set(middles))
    assert middles[2] - middles[1] == pytest.approx(middles[1] - middles[0], abs=2)
    assert not any(framed(drawn).any() for drawn in looks)
    assert framed(draw_places(grey(), shares(np.full((7, 7), 1.1)))).any()


def test_the_colours_of_a_picture_stay() -> None:
    picture = np.random.default_rng(1).integers(40, 255, (200, 300, 3), np.uint8)
    drawn = draw_places(picture, shares(np.full((7, 7), 0.4))).astype(np.float64)
    scale = drawn / picture
    assert np.ptp(scale) < 0.03


def test_what_the_networks_have_not_seen_is_dim_and_its_edge_marked() -> None:
    drawn = draw_places(grey(), shares(np.full((7, 7), 0.9), LEFT_HALF)).astype(np.int64)
    assert drawn[100, 100, 0] > 140
    assert drawn[100, 152:] == pytest.approx(160 * DIMMEST, abs=1)
    assert (drawn[100, 149] != drawn[100, 140]).any(), "a line where it ends"


def test_grids_of_several_networks_are_drawn_as_one_field() -> None:
    both = [Shares("a", at_one_place(3, 3, 0.0), WHOLE), Shares("b", np.full((9, 9), 0.5 / 81), WHOLE)]
    alone = [Shares("b", np.full((9, 9), 0.5 / 81), WHOLE)]
    assert np.array_equal(draw_places(grey(), both), draw_places(grey(), alone))


def test_the_scale_goes_from_dim_to_clear_and_framed() -> None:
    strip = np.zeros((11, 130, 3), np.uint8)
    draw_clearness(strip)
    assert (np.diff(strip[5, :90, 0].astype(np.int64)) >= 0).all()
    assert strip[5, 0, 0] < 0.5 * strip[5, 110, 0]
    assert not framed(strip)[:, :95].any()
    assert framed(strip)[:, 100:].any()


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 9), st.floats(-1, 6), st.floats(0, 0.9))
def test_pictures_of_any_size_can_be_drawn(height: int, width: int, side: int, alike: float, left: float) -> None:
    picture = grey(height, width)
    drawn = draw_places(picture, shares(np.full((side, side), alike), (left, left, 1 - left, 1 - left)))
    assert drawn.shape == picture.shape
    assert drawn.dtype == np.uint8
    assert (picture == 160).all(), "the picture given is not drawn on"


def match(rank: int, places: Places | None = None, regions: list[float] | None = None, unexplained: str = "") -> Match:
    return Match(
        grey(), f"{rank}.jpg", rank, 0.5, 0.5, region_similarities=regions, places=places, unexplained=unexplained
    )


def places() -> Places:
    return Places(shares(at_one_place(1, 1)), shares(at_one_place(5, 5)))


def test_what_is_drawn_depends_on_what_the_explanation_holds() -> None:
    def drawn(**explanation: object) -> bytes:
        return draw_results(grey(), "q", [match(1, **explanation), match(2)]).tobytes()  # type: ignore[arg-type]

    plain, by_places, by_regions = drawn(), drawn(places=places()), drawn(regions=[0.5] * 5)
    assert len({plain, by_places, by_regions}) == 3
    assert drawn(places=places(), regions=[0.5] * 5) == by_places, "places are the finer explanation"


def test_the_query_shows_where_it_matched_on_average() -> None:
    """Its own places are drawn into it, not those of the results."""
    page = draw_results(grey(), "q", [match(1, places()), match(2, places())])
    rows, columns = np.nonzero(framed(page[60:400, :378]))
    assert rows.size
    assert rows.max() < 110 and columns.max() < 190, "top left"


def written_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    written: list[str] = []
    monkeypatch.setattr(resultwords, "write", lambda cell, text, *others: written.append(text))
    return written


def test_a_result_that_is_not_explained_says_why_and_has_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    written = written_by(monkeypatch)
    page = draw_results(grey(), "q", [match(1, places()), match(2, unexplained="it has changed")])
    assert written == ["it has changed"]
    assert not framed(page[60:300, 950:])[:-40].any()


def test_what_decided_is_written_on_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    written = written_by(monkeypatch)
    because = ["same kind of thing", "colours agree in the centre"]
    draw_results(grey(), "q", [match(1, places())._replace(because=because)])
    assert written == because
    written.clear()
    draw_results(grey(), "q", [match(rank, places())._replace(because=because) for rank in range(1, 40)])
    assert written[:3] == [because[0], "colours agree", "in the centre"], "in two lines where it is narrow"


@pytest.mark.parametrize(("height", "width"), [(200, 300), (60, 80), (8, 80), (1, 1), (300, 12)])
def test_words_stay_within_their_cell(height: int, width: int) -> None:
    cell = np.full((height, width, 3), 160, np.uint8)
    box = ResultBox(0, 0, width, height)
    for is_framed in (False, True):
        write_words(cell, Words(["same kind of thing", "colours agree in the centre"], box, box, is_framed))
    assert cell.shape == (height, width, 3)
