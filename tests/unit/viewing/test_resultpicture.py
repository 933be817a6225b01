from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing import legend as legends
from src.viewing import resultcaption
from src.viewing.picturecell import fit
from src.viewing.resultpicture import Match, draw_results

Colour = tuple[int, int, int]
RED, GREEN, BLUE, YELLOW = (0, 0, 250), (0, 250, 0), (250, 0, 0), (0, 250, 250)


def plain(colour: Colour, height: int = 200, width: int = 200) -> NDArray[np.uint8]:
    return np.full((height, width, 3), colour, np.uint8)


def match(rank: int, colour: Colour = GREEN, height: int = 200, width: int = 200, **other: Any) -> Match:
    values: dict[str, Any] = {"name": f"{rank}.jpg", "distance": 1.5, "similarity": 0.5, **other}
    return Match(plain(colour, height, width), rank=rank, **values)


def place_of(page: NDArray[np.uint8], colour: Colour) -> tuple[int, int, int, int]:
    """Left, top, width and height of a colour in the page."""
    rows, columns = np.nonzero((page == colour).all(axis=2))
    assert rows.size, f"{colour} is not in the picture"
    return int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def test_the_query_comes_first_then_the_results_in_their_order() -> None:
    page = draw_results(plain(YELLOW), "query.jpg", [match(1, RED), match(2, GREEN), match(3, BLUE)])

    lefts = [place_of(page, colour)[0] for colour in (YELLOW, RED, GREEN, BLUE)]
    assert lefts == sorted(lefts)
    assert len({place_of(page, colour)[1] for colour in (YELLOW, RED, GREEN, BLUE)}) == 1


@pytest.mark.parametrize(("height", "width"), [(200, 200), (100, 300), (300, 100), (37, 411), (600, 401), (3000, 2000)])
def test_pictures_are_never_stretched(height: int, width: int) -> None:
    page = draw_results(plain(YELLOW, width, height), "q", [match(1, RED, height, width), match(2, GREEN)])

    for colour, shape in ((RED, width / height), (YELLOW, height / width)):
        _, _, seen_width, seen_height = place_of(page, colour)
        assert abs(seen_width - shape * seen_height) <= 1 + shape


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5000), (5000, 1), (2, 3000)])
def test_the_narrowest_pictures_are_still_seen(height: int, width: int) -> None:
    found = [match(1, RED, height, width), match(2, GREEN, height, width), match(3, BLUE)]
    page = draw_results(plain(YELLOW, height, width), "q", found)

    for colour in (RED, GREEN, YELLOW):
        _, _, seen_width, seen_height = place_of(page, colour)
        assert seen_width <= max(3 * width, 96)
        assert seen_height <= max(3 * height, 96)


def test_the_pixels_of_a_tiny_picture_are_enlarged_to_be_seen() -> None:
    tiny = np.random.default_rng(1).integers(0, 255, (8, 6, 3), np.uint8)

    shown = fit(tiny, 300, 300)
    assert shown.shape == (96, 72, 3)
    assert np.array_equal(shown, np.repeat(np.repeat(tiny, 12, axis=0), 12, axis=1))
    assert np.array_equal(fit(tiny, 300, 300, enlarge=1), shown), "in a window of its own, too"
    assert fit(tiny, 50, 300).shape == (64, 48, 3), "by a whole number, where there is less room"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 10, 23, 50])
def test_any_number_of_results_fits(count: int) -> None:
    matches = [match(rank, (0, 100 + rank, 0)) for rank in range(1, count + 1)]
    page = draw_results(plain(YELLOW), "q", matches, hint="q ends")

    assert page.shape[1] == 1440
    assert page.shape[0] <= 810
    assert page.dtype == np.uint8
    for rank in range(1, count + 1):
        _, _, width, height = place_of(page, (0, 100 + rank, 0))
        assert width == height >= 60


def test_results_beyond_the_fiftieth_are_counted_not_shown() -> None:
    matches = [match(rank) for rank in range(1, 61)]
    fifty, sixty = (draw_results(plain(YELLOW), "q", matches[:count]) for count in (50, 60))

    rows = np.nonzero((fifty != sixty).any(axis=(1, 2)))[0]
    assert rows.size
    assert rows.max() < 62, "the heading says it"


def test_rank_similarity_distance_and_name_are_all_written() -> None:
    usual = match(1)
    changes: dict[str, Any] = {"rank": 2, "similarity": 0.501, "distance": 1.5001, "name": "2.jpg"}
    page = draw_results(plain(YELLOW), "q", [usual])

    for field, value in changes.items():
        other = draw_results(plain(YELLOW), "q", [usual._replace(**{field: value})])
        assert (other != page).any(), field
    assert (draw_results(plain(YELLOW), "other", [usual]) != page).any()


def test_the_bar_is_as_long_as_the_similarity() -> None:
    def bar(similarity: float) -> int:
        page = draw_results(plain(YELLOW), "q", [match(1, RED, similarity=similarity), match(2, GREEN)])
        left, top, width, height = place_of(page, RED)
        below = page[top + height : top + height + 60, 406:899].astype(int)
        # The longest run of the bar's colour, wherever its row is; letters have short ones.
        return max(int((row == (196, 190, 92)).all(axis=1).sum()) for row in below)

    whole = bar(1.0)
    assert whole > 300
    assert bar(0.5) == pytest.approx(whole / 2, abs=4)
    assert bar(0.0) < 15
    assert bar(7.0) == whole, "nothing is longer than the bar"


def test_a_picture_that_cannot_be_shown_leaves_a_place_that_says_so() -> None:
    gone = match(2)._replace(picture=None)
    page = draw_results(plain(YELLOW), "q", [match(1, RED), gone, match(3, BLUE)])
    damaged = draw_results(plain(YELLOW), "q", [match(1, RED), gone._replace(missing="damaged"), match(3, BLUE)])

    left, top, width, height = place_of(page, RED)
    next_left = place_of(page, BLUE)[0]
    place = page[top : top + height, left + width : next_left]
    assert place.max() > 100, "something is written there"
    assert (page != damaged).any()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a" * 5000,
        "\x1b[31mred\n\t",
        "broken \udcff\udc80",
        "服装/连衣裙.jpg",
        "Ж" * 300,
        "👗.png",
        "עברית",
        "%s {0} \\",
    ],
)
def test_any_name_can_be_drawn(name: str) -> None:
    page = draw_results(plain(YELLOW), name, [match(1, name=name), match(2)._replace(picture=None, missing=name)])

    # A name never reaches into its neighbour's place: between the two results there is only background.
    _, top, _, height = place_of(page, GREEN)
    assert (page[top:, 901:917] == (27, 24, 22)).all()


@pytest.mark.parametrize("hint", ["", "q ends"])
@pytest.mark.parametrize("width", [640, 1440])
def test_explained_results_have_frames_and_a_legend_with_both_ends(
    hint: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(legends, "write", lambda page, text, *others: written.append(text))
    similarities = [0.1, 1.0, 1.0, 1.0, 1.0]
    found = match(1, (128, 128, 128))
    usual = draw_results(plain(YELLOW), "q", [found], width=width)
    explained = found._replace(region_similarities=similarities)
    page = draw_results(plain(YELLOW), "q", [explained], width=width, hint=hint)

    assert page.shape[0] > usual.shape[0]
    assert {"100% the same colours", "0% no colour in common"} <= set(written)
    orange = page.astype(int)
    orange = orange[:, :, 2] - orange[:, :, 0]
    assert (orange[: usual.shape[0] - 30] > 150).sum() > 200
    # The legend's scale has both ends, and reaches into nothing that stands beside it.
    legend = orange[usual.shape[0] - 30 :]
    assert (legend > 150).any() and (legend < -100).any()


def test_the_pictures_given_are_not_drawn_on() -> None:
    query, found = plain(YELLOW), match(1, region_similarities=[1, 0.2, 0.3, 0.4, 0.5])
    draw_results(query, "q", [found])

    assert found.picture is not None
    assert np.array_equal(query, plain(YELLOW))
    assert np.array_equal(found.picture, plain(GREEN))


@pytest.mark.parametrize(("width", "height"), [(639, 360), (640, 359), (0, 0)])
def test_too_small_a_picture_is_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=f"640 x 360, not {width} x {height}"):
        draw_results(plain(YELLOW), "q", [], width=width, height=height)


@pytest.mark.parametrize("size", [(640, 360), (1000, 800), (3302, 1858)])
def test_the_picture_can_have_any_larger_size(size: tuple[int, int]) -> None:
    width, height = size
    matches = [match(rank, region_similarities=[1, 0.2, 0.3, 0.4, 0.5]) for rank in range(1, 51)]
    page = draw_results(plain(YELLOW), "q", matches, width=width, height=height, hint="q ends")

    assert page.shape[1] == width
    assert page.shape[0] <= height


def test_a_picture_of_the_right_size_is_left_as_it_is() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 60, 3), np.uint8)

    assert fit(noise, 60, 100, enlarge=1) is noise


@pytest.mark.parametrize("count", [1, 3, 9, 20, 50])
def test_every_number_keeps_its_words_however_many_results_there_are(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(resultcaption, "write", lambda page, text, *others: written.append(text))
    matches = [match(rank, distance=12.3456, similarity=0.523, height=90, width=120) for rank in range(1, count + 1)]
    draw_results(plain(YELLOW), "q", matches)

    assert written.count("similarity ") == written.count("0.523") == written.count("distance 12.3456") == count
    assert [text for text in written if text.isdigit()] == [str(rank) for rank in range(1, count + 1)]
