import os
from pathlib import Path

import pytest

from src.duplicategroup import NEAR
from src.errors import ExpectedError
from src.spares import Delete, Link, MoveTo, Removed, Trash, Undone, remove, undo
from tests.sparegroups import Lines, contents, group_of, write_group
from tests.spareruns import remove_elsewhere


def test_spares_are_moved_with_their_folders_and_come_back(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [
        write_group(photos, "a.jpg", "sub/b.jpg", "sub/deep/c.jpg"),
        write_group(photos, "sub/d", "e é\udcff.jpg"),
    ]
    before, told = contents(photos), Lines()
    removed = remove(groups, MoveTo(str(tmp_path / "spares")), log, told)
    assert removed == Removed(3, 0, 0, sum(copy.picture.size for group in groups for copy in group.copies), log)
    assert set(contents(photos)) == {str(photos / "a.jpg"), str(photos / "sub/d")}
    assert {path.removeprefix(f"{tmp_path}/spares/") for path in contents(tmp_path / "spares")} == {
        "sub/b.jpg", "sub/deep/c.jpg", "e é\udcff.jpg",
    }  # fmt: skip
    assert undo(log, told) == Undone(3, 0, 0)
    assert contents(photos) == before
    assert os.listdir(tmp_path / "spares") == []
    assert undo(log, told) == Undone(0, 0, 3)
    assert told == []


def test_only_same_files_become_links_and_own_files_again(photos: Path, log: str) -> None:
    group = write_group(photos, "a.jpg", "b.jpg", "c.jpg")
    near = write_group(photos, "d.jpg", "e.jpg", kind=NEAR)
    os.utime(photos / "b.jpg", (1, 1))
    os.link(photos / "a.jpg", photos / "linked.jpg")
    groups = [group_of(photos, "a.jpg", "b.jpg", "c.jpg", "linked.jpg"), near]
    told = Lines()
    assert remove(groups, Link(), log, told) == Removed(2, 0, 2, 2 * group.keep.size, log)
    assert (photos / "a.jpg").stat().st_nlink == 4
    assert os.path.samefile(photos / "b.jpg", photos / "a.jpg")
    assert undo(log, told) == Undone(2, 0, 0)
    assert ((photos / "b.jpg").stat().st_nlink, (photos / "b.jpg").stat().st_mtime) == (1, 1)
    assert undo(log, told) == Undone(0, 0, 2)
    assert sorted(os.listdir(photos)) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "linked.jpg"]
    assert told == []


def test_a_link_would_open_a_file_to_others(photos: Path, log: str) -> None:
    group = write_group(photos, "a.jpg", "b.jpg")
    (photos / "b.jpg").chmod(0o600)
    told = Lines()
    assert remove([group], Link(), log, told)[:2] == (0, 1)
    assert told == [
        f"{photos}/b.jpg is left as it is: its owner or permissions are not those of the one to keep, {photos}/a.jpg, "
        "as a link's would be"
    ]


def test_deleted_spares_are_gone_for_good(photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "b.jpg")]
    seen: list[tuple[int, int]] = []
    assert remove(groups, Delete(), log, print, lambda done, total: seen.append((done, total))).done == 1
    assert os.listdir(photos) == ["a.jpg"]
    assert seen == [(1, 1)]
    with pytest.raises(ExpectedError, match="run.log is of spares that were deleted, for good"):
        undo(log, print)


def test_where_there_are_no_spares_nothing_is_written(photos: Path, log: str) -> None:
    group = write_group(photos, "a.jpg", "b.jpg", kind=NEAR)
    assert remove([], Delete(), log, print) == Removed(0, 0, 0, 0, None)
    assert remove([group], Link(), log, print) == Removed(0, 0, 1, 0, None)
    is_protected = group._replace(copies=tuple(copy._replace(is_protected=True) for copy in group.copies))
    assert remove([is_protected], Delete(), log, print) == Removed(0, 0, 0, 0, None)
    assert not os.path.exists(log)


def test_a_log_is_never_overwritten(photos: Path, log: str) -> None:
    Path(log).write_bytes(b"mine")
    with pytest.raises(ExpectedError, match="run.log is there: choose another name for --log; nothing was touched"):
        remove([write_group(photos, "a.jpg", "b.jpg")], Delete(), log, print)
    assert (photos / "b.jpg").exists()
    assert Path(log).read_bytes() == b"mine"


def test_names_that_are_taken_get_a_number(tmp_path: Path, photos: Path, log: str) -> None:
    (tmp_path / "spares/sub").mkdir(parents=True)
    (tmp_path / "spares/sub/b.jpg").write_bytes(b"mine")
    (tmp_path / "spares/sub/b (2).jpg").symlink_to("nowhere")
    groups = [write_group(photos, "a.jpg", "sub/b.jpg")]
    before = contents(photos)
    assert remove(groups, MoveTo(str(tmp_path / "spares")), log, print).done == 1
    assert sorted(os.listdir(tmp_path / "spares/sub")) == ["b (2).jpg", "b (3).jpg", "b.jpg"]
    assert (tmp_path / "spares/sub/b.jpg").read_bytes() == b"mine"
    assert undo(log, print).done == 1
    assert contents(photos) == before


@pytest.mark.parametrize("folder", ["photos", "photos/sub/spares", "link/spares"])
def test_a_folder_in_the_dataset_takes_nothing(tmp_path: Path, photos: Path, log: str, folder: str) -> None:
    (tmp_path / "link").symlink_to("photos")
    groups = [write_group(photos, "sub/a.jpg", "sub/b.jpg")]
    with pytest.raises(ExpectedError, match="where what is moved would be found again"):
        remove(groups, MoveTo(str(tmp_path / folder)), log, print)
    assert sorted(os.listdir(photos / "sub")) == ["a.jpg", "b.jpg"]
    assert not os.path.exists(log)
    assert remove(groups, MoveTo(str(photos / ".spares")), log, print).done == 1
    assert (photos / ".spares/sub/b.jpg").exists()


def test_the_dataset_may_lie_in_the_folder_that_takes_its_spares(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "sub/b.jpg", "c.jpg")]
    before = contents(tmp_path)
    assert remove(groups, MoveTo(str(tmp_path)), log, print).done == 2
    assert sorted(os.listdir(tmp_path)) == ["c.jpg", "photos", "run.log", "sub"]
    assert undo(log, print).done == 2
    os.unlink(log)
    assert contents(tmp_path) == before


def test_the_trash_takes_spares(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "b.jpg", "-c \udcff.jpg")]
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    removed, told = remove_elsewhere(groups, Trash(), log, environment=home)
    assert (removed.done, told) == (2, [])
    assert os.listdir(photos) == ["a.jpg"]
    assert sorted(os.listdir(tmp_path / "data/Trash/files")) == ["-c \udcff.jpg", "b.jpg"]
    with pytest.raises(ExpectedError, match="from where only the trash brings them back"):
        undo(log, print)
