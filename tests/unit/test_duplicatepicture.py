import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src import duplicatepicture
from src.duplicategroup import FILE, Copy, Group
from src.duplicatepicture import Sheets, compare_pixels, show_difference, show_groups
from src.errors import ExpectedError, UnreadableImage
from src.imagereader import read_image
from src.viewing.display import Display
from src.viewing.picturedifference import Difference
from src.viewing.sheetbrowser import Sight
from tests.groups import group_of, made_up, picture_of
from tests.pictures import draw_picture, write_picture, write_pictures


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    write_pictures(folder, ["a.png", "b.png", "sub/c.png"])
    return folder


@pytest.fixture
def pair(photos: Path) -> Group:
    return group_of(picture_of(photos / "a.png"), [picture_of(photos / "b.png")])


def save(path: Path, groups: Sequence[Group], precious: Sequence[Path] = (), *, force: bool = False) -> list[str]:
    sheets = Sheets(str(path), force=force)
    sheets.check([str(one) for one in precious])
    return sheets.save(groups, 100.0)


def page_of(path: Path) -> NDArray[np.uint8]:
    return read_image(str(path))


def test_one_page_goes_to_the_file_that_is_named(pair: Group, tmp_path: Path) -> None:
    assert save(tmp_path / "out.png", [pair]) == []
    assert sorted(os.listdir(tmp_path)) == ["out.png", "photos"]
    # In the colours of both pictures.
    colours = {tuple(colour) for colour in page_of(tmp_path / "out.png").reshape(-1, 3).tolist()}
    for seed in (0, 1):
        own = {tuple(colour) for colour in draw_picture(seed).reshape(-1, 3).tolist()}
        assert len(own & colours) > 2


def test_several_pages_are_numbered_and_those_of_an_earlier_run_are_told(pair: Group, tmp_path: Path) -> None:
    many, few = [pair] * 60, [pair] * 30
    out = tmp_path / "out.jpg"
    assert save(out, many) == [f"the contact sheet has 4 pages: {tmp_path}/out-1.jpg to {tmp_path}/out-4.jpg"]
    assert save(out, few)[1:] == [f"{tmp_path}/out-3.jpg is there too, and is not of this run"]
    assert save(out, [pair]) == [f"{tmp_path}/out-1.jpg is there too, and is not of this run"]


def test_more_pages_than_anybody_looks_at_are_not_written(
    pair: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicatepicture, "MOST_PAGES", 2)
    remarks = save(tmp_path / "out.png", [pair] * 60)
    assert sorted(os.listdir(tmp_path)) == ["out-1.png", "out-2.png", "photos"]
    assert remarks[1].startswith("only the first ")


def test_progress_is_told_in_pages(pair: Group, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sheets = Sheets(str(tmp_path / "out.png"))
    sheets.check([])
    sheets.save([pair] * 30, 100.0, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_without_groups_the_sheet_says_so(tmp_path: Path) -> None:
    assert save(tmp_path / "out.png", []) == []
    assert page_of(tmp_path / "out.png").shape[1] == 1440


def test_files_of_others_are_replaced_by_force_alone_and_precious_ones_never(
    pair: Group, photos: Path, tmp_path: Path
) -> None:
    write_picture(tmp_path / "other.png", 5)
    index = tmp_path / "index.png"
    write_picture(index, 6)
    (tmp_path / "link.png").symlink_to(photos / "sub" / "c.png")
    before = {path: path.read_bytes() for path in (tmp_path / "other.png", index, *photos.rglob("*.png"))}
    with pytest.raises(ExpectedError, match="is no result picture"):
        save(tmp_path / "other.png", [pair])
    for path in (photos / "a.png", photos / "sub" / "c.png", tmp_path / "link.png", index):
        with pytest.raises(ExpectedError, match="is the index or one of the pictures"):
            save(path, [pair], [photos, index], force=True)
    assert before == {path: path.read_bytes() for path in before}
    save(tmp_path / "other.png", [pair], [photos, index], force=True)
    assert before[tmp_path / "other.png"] != (tmp_path / "other.png").read_bytes()


def test_a_sheet_may_be_named_as_the_folder_and_made_again_but_not_as_what_stands_beside_the_index(
    pair: Group, photos: Path, tmp_path: Path
) -> None:
    precious = [photos, tmp_path / "index"]
    for _ in range(2):
        save(tmp_path / "photos.png", [pair], precious)
    save(tmp_path / "index.cache.png", [pair])
    with pytest.raises(ExpectedError, match="is the index or one of the pictures"):
        save(tmp_path / "index.cache.png", [pair], precious)


def test_a_numbered_file_of_others_is_found_before_the_work_and_nothing_is_written(pair: Group, tmp_path: Path) -> None:
    write_picture(tmp_path / "out-2.png", 5)
    sheets = Sheets(str(tmp_path / "out.png"))
    sheets.check([])
    with pytest.raises(ExpectedError, match=r"out-2\.png is there and is no result picture"):
        sheets.save([pair] * 60, 100.0)
    assert sorted(os.listdir(tmp_path)) == ["out-2.png", "photos"]
    write_picture(tmp_path / "out-1.png", 5)
    with pytest.raises(ExpectedError, match=r"out-1\.png is there and is no result picture"):
        Sheets(str(tmp_path / "out.png")).check([])


def test_files_that_are_gone_changed_or_damaged_have_a_place_that_says_so(photos: Path, tmp_path: Path) -> None:
    keep, whole = picture_of(photos / "a.png"), picture_of(photos / "b.png")
    (photos / "cut.png").write_bytes((photos / "b.png").read_bytes()[:90])
    found = os.stat(photos / "cut.png")
    pages = []
    for copy in (
        whole, whole._replace(size=1), whole._replace(path=str(photos / "none.png")),
        whole._replace(path=str(photos / "cut.png"), size=found.st_size, mtime_ns=found.st_mtime_ns),
    ):  # fmt: skip
        save(tmp_path / "out.png", [group_of(keep, [copy])])
        pages.append((tmp_path / "out.png").read_bytes())
    assert len(set(pages)) == len(pages)


def test_explained_sheets_show_differences_or_that_there_is_none(photos: Path, tmp_path: Path) -> None:
    keep = picture_of(photos / "a.png")
    group = Group(keep, (Copy(keep, FILE, 1.0), *group_of(keep, [picture_of(photos / "b.png")]).copies))
    gone = group_of(keep, [made_up("gone.png")])
    sheets = Sheets(str(tmp_path / "out.png"))
    sheets.check([])
    assert sheets.save([group, gone], 100.0, explain=True) == []
    plain = tmp_path / "plain.png"
    save(plain, [group, gone])
    assert page_of(tmp_path / "out.png").shape[0] > page_of(plain).shape[0]


def test_the_difference_of_a_pair_is_measured_upright_and_written(photos: Path, tmp_path: Path) -> None:
    turned = cv2.rotate(draw_picture(0), cv2.ROTATE_90_CLOCKWISE)
    cv2.imwrite(str(photos / "turned.png"), turned)
    difference = compare_pixels(str(photos / "a.png"), str(photos / "turned.png"), 6)
    assert difference.is_none
    assert difference.names == ("a.png", "turned.png")
    assert "the first turned right" in difference.words[0]
    sheets = Sheets(str(tmp_path / "out.png"))
    sheets.check([str(photos)])
    sheets.save_difference(difference)
    assert page_of(tmp_path / "out.png").shape[1] == 1440
    with pytest.raises(UnreadableImage):
        compare_pixels(str(photos / "a.png"), str(photos / "none.png"))


def test_a_pair_of_one_name_is_told_apart_by_its_folders(photos: Path) -> None:
    (photos / "sub" / "a.png").write_bytes((photos / "a.png").read_bytes())
    assert compare_pixels(str(photos / "a.png"), str(photos / "sub" / "a.png")).names == (
        "a.png",
        os.path.join("sub", "a.png"),
    )
    assert compare_pixels(str(photos / "a.png"), str(photos / "a.png")).names == ("a.png", "a.png")


def test_in_a_window_pictures_open_in_full_and_copies_are_compared(
    photos: Path, pair: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_picture(photos / "large.png", 7, 900, 700)
    large = picture_of(photos / "large.png")
    shown: list[Sight] = []
    monkeypatch.setattr(duplicatepicture, "why_no_window", lambda: None)
    monkeypatch.setattr(duplicatepicture, "show_windows", lambda open_: open_(Display()))
    monkeypatch.setattr(duplicatepicture, "SheetBrowser", lambda display, groups, sight: shown.append(sight))
    for explain in (False, True):
        assert show_groups([pair], 100.0, explain=explain) is None
    plain, explained = shown
    small, full = plain.see(large), plain.open(large)
    assert isinstance(small, np.ndarray)
    assert isinstance(full, np.ndarray)
    assert max(small.shape) == 400
    assert np.array_equal(full, read_image(large.path))
    assert plain.open(made_up("gone.png")) == "it is not there (any more)"
    difference = plain.compare(pair.keep, pair.copies[0])
    assert isinstance(difference, Difference)
    assert not difference.is_none
    for other in (made_up("gone.png"), pair.copies[0].picture._replace(mtime_ns=0)):
        assert plain.compare(pair.keep, Copy(other, FILE, 1.0)) is None
    assert plain.see_difference is None
    assert explained.see_difference is not None
    assert isinstance(explained.see_difference(pair.keep, pair.copies[0]), np.ndarray)
    assert explained.see_difference(pair.keep, Copy(pair.keep, FILE, 1.0)) == "no difference"


def test_without_a_display_the_reason_is_returned(photos: Path, pair: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicatepicture, "why_no_window", lambda: "no display")
    assert show_groups([pair], 100.0) == "no display"
    assert show_groups([], 100.0) is None
    assert show_difference(compare_pixels(pair.keep.path, pair.keep.path)) == "no display"
