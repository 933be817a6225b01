from pathlib import Path

import pytest

from src.indexfile import NOTHING_KNOWN, FileState
from src.indexing.missing import FEW, Staying, staying_rows
from tests.pictures import write_pictures


def state(number: int) -> FileState:
    return FileState(number, number, number, number.to_bytes(16, "little"))


def images(names: list[str], first: int = 0) -> dict[str, FileState]:
    return {name: state(number) for number, name in enumerate(names, first)}


def names(folder: str, count: int) -> list[str]:
    return [f"{folder}/{number:03}.jpg" for number in range(count)]


def staying(
    before: dict[str, FileState], found: dict[str, FileState], folder: Path, unlooked: list[str] | None = None
) -> Staying:
    kept = staying_rows(before, found, set(unlooked or ()), lambda one: f"{folder}/{one}", prune=False)
    assert not kept.states.keys() & found.keys()
    pruned = staying_rows(before, found, set(unlooked or ()), lambda one: f"{folder}/{one}", prune=True)
    assert pruned.warning is None
    assert set(pruned.states) == set(unlooked or ()) - found.keys()
    return kept


def test_nothing_stays_of_what_was_found(tmp_path: Path) -> None:
    before = images(names("a", 50))
    assert staying(before, before, tmp_path) == Staying({}, None)


def test_what_could_not_be_looked_at_stays_as_it_was(tmp_path: Path) -> None:
    before = images(names("a", 50))
    unlooked = names("a", 40)
    found = {one: before[one] for one in before if one not in unlooked}
    assert staying(before, found, tmp_path, unlooked) == Staying({one: before[one] for one in unlooked}, None)


def test_few_images_that_are_gone_leave(tmp_path: Path) -> None:
    before = images(names("a", FEW) + names("b", 5))
    assert staying(before, images(names("b", 5), FEW), tmp_path) == Staying({}, None)


def test_a_tenth_of_an_index_leaves_and_more_stays(tmp_path: Path) -> None:
    before = images(names("a", 300))
    for left, count in ((270, 0), (269, 31)):
        found = dict(list(before.items())[:left])
        kept = staying(before, found, tmp_path)
        assert len(kept.states) == count
        assert (kept.warning is None) == (count == 0)
    assert kept.warning == ("31 of 300 images are no longer there; they stay in the index: --prune removes them")


def test_the_topmost_folders_that_are_empty_now_are_named(tmp_path: Path) -> None:
    before = images(names("a", 9) + names("disk/b", 12) + names("disk/c", 12) + names("e/f", 3) + names("e", 1))
    found = {one: before[one] for one in [*names("a", 9), *names("e", 1)]}
    warning = staying(before, found, tmp_path).warning
    assert warning is not None
    assert f"27 of 37 images are no longer there ({tmp_path}/disk, {tmp_path}/e/f are empty now" in warning
    many = images([one for number in range(9) for one in names(f"d{number}", 9)] + names("a", 1))
    warning = staying(many, {"a/000.jpg": many["a/000.jpg"]}, tmp_path).warning
    assert warning is not None
    assert f"{tmp_path}/d2 and 6 more are empty now" in warning


def test_what_was_renamed_leaves_under_its_old_name(tmp_path: Path) -> None:
    before = images(names("a", 50))
    assert staying(before, images(names("b", 50)), tmp_path) == Staying({}, None)


def test_of_two_copies_one_may_leave_unless_its_whole_folder_is_away(tmp_path: Path) -> None:
    originals = images(names("a", 50))
    before = {**originals, **{f"a/copy of {one[2:]}": state for one, state in originals.items()}}
    assert staying(before, originals, tmp_path) == Staying({}, None)
    mirror = images(names("mirror", 50))
    assert set(staying({**originals, **mirror}, originals, tmp_path).states) == mirror.keys()


def test_what_was_copied_and_renamed_is_no_loss(tmp_path: Path) -> None:
    before = images(names("a", 50))
    found = {**images(names("b", 50)), **images(names("c", 50))}
    assert staying(before, found, tmp_path) == Staying({}, None)


def test_rows_of_which_nothing_is_known_leave_as_they_may_have_been_renamed(tmp_path: Path) -> None:
    before = dict.fromkeys(names("a", 50), NOTHING_KNOWN)
    assert staying(before, images(names("b", 50)), tmp_path) == Staying({}, None)


def test_files_that_are_there_and_were_left_out_leave(tmp_path: Path) -> None:
    write_pictures(tmp_path, names("hidden", 30))
    before = images(names("hidden", 30) + names("a", 5))
    assert staying(before, images(names("a", 5), 30), tmp_path) == Staying({}, None)


@pytest.mark.parametrize("target", ["/nowhere/x.jpg", "000.jpg"])
def test_links_that_lead_nowhere_count_as_gone(tmp_path: Path, target: str) -> None:
    (tmp_path / "a").mkdir()
    for one in names("a", 30):
        (tmp_path / one).symlink_to(target)
    before = images(names("a", 30) + names("b", 5))
    kept = staying(before, images(names("b", 5), 30), tmp_path)
    assert set(kept.states) == set(names("a", 30))
    assert kept.warning is not None


def test_what_the_system_cannot_tell_of_stays(tmp_path: Path) -> None:
    before = images(["x" * 5000, "b.jpg"])
    kept = staying_rows(before, images(["b.jpg"], 1), set(), lambda one: f"{tmp_path}/{one}", prune=True)
    assert list(kept.states) == ["x" * 5000]


def test_an_id_that_no_file_can_have_is_gone(tmp_path: Path) -> None:
    assert staying(images(["a\0.jpg", "b.jpg"]), images(["b.jpg"], 1), tmp_path) == Staying({}, None)
