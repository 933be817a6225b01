from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from src.duplicategroup import Group
from src.viewing.resultlayout import Box
from src.viewing.sheetlayout import MOST_PLACES, SheetLayout, shown_of
from tests.groups import group_of, made_up

pictures = st.builds(made_up, st.just("a.jpg"), st.integers(1, 9000), st.integers(1, 9000))
lists_of_groups = st.lists(st.builds(group_of, pictures, st.lists(pictures, min_size=1, max_size=40)), max_size=12)


def overlap(one: Box, other: Box) -> bool:
    across = one.left < other.left + other.width and other.left < one.left + one.width
    return across and one.top < other.top + other.height and other.top < one.top + one.height


def is_inside(one: Box, other: Box) -> bool:
    rows = other.top <= one.top and one.top + one.height <= other.top + other.height
    return rows and other.left <= one.left and one.left + one.width <= other.left + other.width


@settings(max_examples=40, deadline=None)
@given(lists_of_groups, st.integers(640, 3000), st.integers(360, 3000), st.booleans())
def test_all_groups_are_placed_in_their_order_and_nothing_overlaps(
    groups: list[Group], width: int, height: int, with_differences: bool
) -> None:
    layout = SheetLayout(groups, width, height, with_differences=with_differences, foot_lines=1)
    assert [placed.number for page in layout.pages for placed in page.groups] == list(range(len(groups)))
    for page in layout.pages:
        assert page.height <= height
        whole = Box(0, layout.head, width, page.height - layout.head - layout.foot)
        for one, other in combinations(page.groups, 2):
            assert not overlap(one.panel, other.panel)
        for placed in page.groups:
            group = groups[placed.number]
            assert is_inside(placed.panel, whole)
            boxes = [*placed.stages, *([placed.more] if placed.more else [])]
            assert len(boxes) <= MOST_PLACES
            assert placed.stages[0] == boxes[0]
            whole_tiles = [box._replace(height=layout.caption_end(box) - box.top) for box in boxes]
            assert all(is_inside(tile, placed.panel) for tile in whole_tiles)
            assert not any(overlap(one, other) for one, other in combinations(whole_tiles, 2))
            assert (placed.more is None) == (len(boxes) == 1 + len(group.copies))


def test_pairs_stand_side_by_side_and_a_large_group_has_rows_of_its_own() -> None:
    pair = group_of(made_up("a"), [made_up("b")])
    large = group_of(made_up("a"), [made_up("b")] * 7)
    layout = SheetLayout([pair, pair, large, pair], 1440, 2000)
    (page,) = layout.pages
    tops = [placed.panel.top for placed in page.groups]
    assert tops[0] == tops[1] < tops[2] < tops[3]
    stages = page.groups[2].stages
    assert [stage.top for stage in stages[:6]] == [stages[0].top] * 6
    assert stages[6].top == stages[7].top > stages[0].top


def test_of_a_huge_group_the_last_place_is_for_how_many_more_there_are() -> None:
    group = group_of(made_up("a"), [made_up(f"{number}") for number in range(1000)])
    (page,) = SheetLayout([group], 1440, 2000).pages
    (placed,) = page.groups
    assert placed.more is not None
    assert len(placed.stages) == MOST_PLACES - 1
    assert [picture.id for picture in shown_of(group, 4)] == ["a", "0", "1"]
    assert len(shown_of(group, 1001)) == 1001


def test_how_many_more_there_are_may_stand_in_a_row_of_its_own() -> None:
    group = group_of(made_up("a"), [made_up("b")] * 40)
    layouts = [SheetLayout([group], width, 810) for width in range(5000, 5600, 20)]
    (layout,) = [layout for layout in layouts if layout.columns == MOST_PLACES - 1][:1]
    (placed,) = layout.pages[0].groups
    assert placed.more is not None
    assert placed.more.top > placed.stages[-1].top


def test_a_row_is_as_high_as_its_own_pictures_need() -> None:
    flat, tall = made_up("a", 400, 100), made_up("b", 100, 400)
    (page,) = SheetLayout([group_of(flat, [flat] * 5 + [tall] * 3 + [flat] * 3)], 1440, 2000).pages
    heights = [stage.height for stage in page.groups[0].stages]
    assert set(heights[:6]) == {heights[0]}
    assert set(heights[6:]) == {heights[6]}
    assert heights[0] < heights[6]


def test_flat_pictures_take_less_of_a_page_than_tall_ones() -> None:
    flat, tall = ([group_of(made_up("a", *size), [made_up("b", *size)])] for size in ((400, 100), (100, 400)))
    assert SheetLayout(flat, 1440, 2000).pages[0].height < SheetLayout(tall, 1440, 2000).pages[0].height


def test_the_page_of_a_group_is_known() -> None:
    layout = SheetLayout([group_of(made_up("a"), [made_up("b")])] * 40, 1440, 810)
    assert len(layout.pages) > 2
    for number, page in enumerate(layout.pages):
        assert {layout.page_of(placed.number) for placed in page.groups} == {number}


def test_without_groups_there_is_one_page() -> None:
    (page,) = SheetLayout([], 1440, 2000).pages
    assert page.groups == ()
    assert page.height > 0
