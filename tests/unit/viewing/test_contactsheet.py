import numpy as np
import pytest
from numpy.typing import NDArray

from src.duplicategroup import FILE, NEAR, PICTURE, Copy, Group, Picture
from src.viewing.contactsheet import Seen, draw_sheet, summary
from src.viewing.palette import ACCENT
from src.viewing.sheetlayout import SheetLayout
from tests.groups import group_of, made_up

RED, GREEN, BLUE = (10, 20, 230), (10, 230, 20), (230, 20, 10)
COLOURS = {"red": RED, "green": GREEN, "blue": BLUE}


def see(picture: Picture) -> Seen:
    if picture.id not in COLOURS:
        return "it is not there (any more)"
    return np.full((picture.height, picture.width, 3), COLOURS[picture.id], np.uint8)


def draw(groups: list[Group]) -> tuple[NDArray[np.uint8], SheetLayout]:
    layout = SheetLayout(groups, 1440, 2000)
    return draw_sheet(groups, layout, 0, see), layout


def test_the_picture_to_keep_comes_first_and_alone_has_a_frame() -> None:
    group = group_of(made_up("red"), [made_up("green"), made_up("blue")])
    page, layout = draw([group])
    stages = layout.pages[0].groups[0].stages
    for stage, colour in zip(stages, COLOURS.values(), strict=True):
        middle = stage.top + stage.height // 2
        assert page[middle, stage.left + stage.width // 2].tolist() == list(colour)
        assert (page[middle, stage.left - 1].tolist() == list(ACCENT)) == (colour == RED)


def test_pictures_are_not_stretched() -> None:
    group = group_of(made_up("red", 80, 60), [made_up("green", 30, 90)])
    page, _ = draw([group])
    for colour, shape in ((RED, 80 / 60), (GREEN, 30 / 90)):
        rows, columns = np.nonzero((page == colour).all(axis=2))
        # The frame hides the edge.
        assert np.ptp(columns) / np.ptp(rows) == pytest.approx(shape, rel=0.06)


def changed(one: Group, other: Group) -> bool:
    """Tell whether two groups are drawn in two ways."""
    pages = draw([one])[0], draw([other])[0]
    return pages[0].shape != pages[1].shape or not np.array_equal(*pages)


def test_all_that_is_known_of_a_copy_is_seen() -> None:
    copy = Copy(made_up("green"), NEAR, 0.97)
    group = Group(made_up("red"), (copy,))
    assert not changed(group, Group(made_up("red"), (copy,)))
    for other in (
        copy._replace(kind=PICTURE), copy._replace(kind=FILE), copy._replace(similarity=0.98),
        copy._replace(orientation=6), copy._replace(is_protected=True), copy._replace(takes_disk=False),
        copy._replace(picture=made_up("green", size=2000)), copy._replace(picture=made_up("gone")),
        copy._replace(picture=copy.picture._replace(width=160, height=120)),
    ):  # fmt: skip
        assert changed(group, Group(made_up("red"), (other,))), other


def test_names_keep_folder_and_end_in_sight() -> None:
    names = ["a/coat.jpg", "b/coat.jpg", f"{'x' * 90}/coat.jpg", f"a/{'x' * 90}1.jpg", f"a/{'x' * 90}2.jpg"]
    pages = {draw([group_of(made_up("red"), [made_up(name)])])[0].tobytes() for name in names}
    assert len(pages) == len(names)


@pytest.mark.parametrize("name", ["a\nb\x1b[31m.jpg", "\udcff.jpg", "عربى/שלום.jpg", "服 😀.jpg", "", "/", "a" * 5000])
def test_any_name_is_drawn(name: str) -> None:
    draw([group_of(made_up(name), [made_up(name)])])


def test_long_reasons_stay_in_their_place() -> None:
    group = group_of(made_up("red"), [made_up("gone")])
    layout = SheetLayout([group], 1440, 2000)
    stage = layout.pages[0].groups[0].stages[1]

    def drawn(reason: str) -> NDArray[np.uint8]:
        return draw_sheet([group], layout, 0, lambda picture: see(picture) if picture.id == "red" else reason)

    outside = np.ones(drawn("").shape[:2], bool)
    outside[stage.top : stage.top + stage.height, stage.left : stage.left + stage.width] = False
    for reason in ("word " * 200, "w" * 900):
        assert np.array_equal(drawn(reason)[outside], drawn("")[outside])


def test_differences_stand_below_the_copies() -> None:
    group = group_of(made_up("red"), [made_up("green")])
    layout = SheetLayout([group], 1440, 2000, with_differences=True, foot_lines=1)

    def difference(keep: Picture, copy: Copy) -> Seen:
        assert (keep.id, copy.picture.id) == ("red", "green")
        return np.full((60, 80, 3), BLUE, np.uint8)

    page = draw_sheet([group], layout, 0, see, see_difference=difference)
    stages = layout.pages[0].groups[0].stages
    for stage, colour in ((stages[1], GREEN), (layout.difference_place(stages[1]), BLUE)):
        assert page[stage.top + stage.height // 2, stage.left + stage.width // 2].tolist() == list(colour)


def test_the_summary_counts_groups_spares_and_disk() -> None:
    group = group_of(made_up("red"), [made_up("green", size=1_500_000), made_up("blue", size=2_000_000)])
    assert summary([group, group]) == "2 groups: 4 spares take 7.0 MB"
    assert summary([group_of(made_up("red"), [made_up("green", size=1)])]) == "1 group: 1 spare takes 1 byte"
