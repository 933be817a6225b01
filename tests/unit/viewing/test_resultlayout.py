from hypothesis import given
from hypothesis import strategies as st

from src.viewing.resultlayout import (
    CAPTION_END,
    LARGEST_ENLARGEMENT,
    SMALLEST_SIDE,
    STACKED_LINE,
    Box,
    Layout,
    Size,
    fitted_size,
)

sides = st.one_of(st.integers(1, 5), st.integers(1, 5000))
sizes = st.tuples(sides, sides)


@given(sizes, st.integers(1, 2000), st.integers(1, 2000))
def test_fitted_pictures_stay_in_their_box_and_keep_their_shape(size: Size, width: int, height: int) -> None:
    new_width, new_height = fitted_size(size, width, height)

    assert 1 <= new_width <= width
    assert 1 <= new_height <= height
    scale = min(width / size[0], height / size[1])
    if scale > LARGEST_ENLARGEMENT:
        scale = max(min(int(scale), -(-SMALLEST_SIDE // max(size))), LARGEST_ENLARGEMENT)
    assert abs(new_width - size[0] * scale) <= 1
    assert abs(new_height - size[1] * scale) <= 1


def test_small_pictures_are_enlarged_three_times_and_tiny_ones_until_they_are_seen() -> None:
    assert fitted_size((40, 30), 500, 500) == (120, 90)
    assert fitted_size((8, 8), 500, 500) == (96, 96)
    assert fitted_size((1, 7), 500, 500) == (14, 98)
    assert fitted_size((8, 8), 50, 500) == (48, 48)
    assert fitted_size((8, 8), 500, 500, enlarge=1) == (96, 96)
    assert fitted_size((200, 100), 500, 500, enlarge=1) == (200, 100)


@given(st.integers(640, 4000), st.integers(360, 2500), sizes, st.lists(sizes, max_size=50), st.integers(0, 2))
def test_nothing_overlaps_or_leaves_the_picture(
    width: int, height: int, query: Size, results: list[Size], foot_lines: int
) -> None:
    layout = Layout(width, height, query, results, foot_lines)

    assert len(layout.cells) == len(results)
    assert layout.height <= height
    lines = CAPTION_END + STACKED_LINE * layout.is_stacked
    places = [_with_caption(cell, layout.caption_letters, lines) for cell in layout.cells]
    query_place = _with_caption(layout.query_box, layout.letters, lines=2)
    places.append(query_place._replace(width=layout.sidebar - layout.margin))
    for number, place in enumerate(places):
        assert place.left >= 0
        assert place.left + place.width <= width
        assert place.top >= layout.head
        assert place.top + place.height <= layout.height
        assert not any(_overlap(place, other) for other in places[:number])


@given(sizes, st.lists(sizes, min_size=1, max_size=50))
def test_no_place_is_too_small_to_see_something(query: Size, results: list[Size]) -> None:
    layout = Layout(1440, 810, query, results, foot_lines=1)

    assert min(cell.height for cell in layout.cells) >= 20


def test_three_square_results_stand_in_a_row_as_large_as_the_query() -> None:
    layout = Layout(1440, 810, (300, 300), [(300, 300)] * 3, foot_lines=0)

    assert len({cell.top for cell in (*layout.cells, layout.query_box)}) == 1
    assert {(cell.width, cell.height) for cell in (*layout.cells, layout.query_box)} == {(322, 322)}


def test_a_row_of_landscapes_takes_less_height_than_it_may() -> None:
    assert Layout(1440, 810, (384, 256), [(384, 256)] * 3, foot_lines=0).height < 500


def _with_caption(cell: Box, letters: int, lines: float = CAPTION_END) -> Box:
    return cell._replace(height=cell.height + int(lines * letters))


def _overlap(one: Box, other: Box) -> bool:
    across = one.left < other.left + other.width and other.left < one.left + one.width
    down = one.top < other.top + other.height and other.top < one.top + one.height
    return across and down
