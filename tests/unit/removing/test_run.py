"""What is seen just before a spare is touched: then it stays, one line says why, and the rest goes on."""

import fcntl
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from src.duplicategroup import Group
from src.errors import ExpectedError
from src.spares import Delete, Link, MoveTo, Trash, Way, remove, undo
from tests.sparegroups import Lines, contents, group_of, picture_of, write_group


@pytest.fixture(params=["move", "link", "delete"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    ways: dict[str, Way] = {"move": MoveTo(str(tmp_path / "spares")), "link": Link(), "delete": Delete()}
    return ways[request.param]


def rewrite_quietly(path: Path) -> None:
    """Write other bytes, and leave size and time as they were."""
    status = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


TROUBLES: dict[str, Callable[[Path], object]] = {
    "it has been changed since its fingerprint was taken": rewrite_quietly,
    "it is not there (any more)": Path.unlink,
    "it is a symbolic link now": replace_by_link,
    "it is not a file any more": replace_by_pipe,
}


@pytest.mark.parametrize("reason", TROUBLES)
@pytest.mark.parametrize("which", ["a.jpg", "b.jpg"])
def test_what_is_not_as_it_was_stays(photos: Path, log: str, way: Way, reason: str, which: str) -> None:
    groups = [write_group(photos, "a.jpg", "b.jpg"), write_group(photos, "c.jpg", "d.jpg")]
    TROUBLES[reason](photos / which)
    before, told = sorted(os.listdir(photos)), Lines()
    removed = remove(groups, way, log, told)
    assert removed[:2] == (1, 1)
    keep = f"the one to keep, {photos}/a.jpg: " if which == "a.jpg" else ""
    assert told == [f"{photos}/b.jpg is left as it is: {keep}{reason}"]
    assert sorted(os.listdir(photos)) == [name for name in before if name != "d.jpg" or isinstance(way, Link)]


def test_the_one_to_keep_may_change_between_two_spares(photos: Path, log: str) -> None:
    group = write_group(photos, "a.jpg", "b.jpg", "c.jpg")
    told = Lines()
    removed = remove([group], Delete(), log, told, lambda done, total: rewrite_quietly(photos / "a.jpg"))
    assert removed[:2] == (1, 1)
    assert len(told) == 1
    assert (photos / "c.jpg").exists()


def test_what_any_group_keeps_stays(photos: Path, log: str, way: Way) -> None:
    write_group(photos, "a.jpg", "b.jpg", "c.jpg")
    (photos.parent / "link").symlink_to(photos)
    by_link = picture_of(photos.parent / "link", "b.jpg")
    groups = [group_of(photos, "a.jpg", "b.jpg"), group_of(photos, "b.jpg", "c.jpg")._replace(keep=by_link)]
    told = Lines()
    remove(groups, way, log, told)
    assert told == [f"{photos}/b.jpg is left as it is: a group keeps it"]
    assert (photos / "b.jpg").stat().st_size


def test_protected_folders_lose_nothing_by_whatever_path(photos: Path, log: str, way: Way) -> None:
    write_group(photos, "a.jpg", "safe/sub/b.jpg", "c.jpg", "unsafe/d.jpg")
    (photos / "way in").symlink_to("safe")
    group = group_of(photos, "a.jpg", "way in/sub/b.jpg", "c.jpg", "unsafe/d.jpg")
    told = Lines()
    remove([group], way, log, told, protect=[str(photos / "safe")])
    assert told == [f"{photos}/way in/sub/b.jpg is left as it is: it lies in {photos}/safe, which is protected"]
    assert (photos / "safe/sub/b.jpg").stat().st_nlink == 1
    with pytest.raises(ExpectedError, match="a folder to protect must be there; nothing was touched"):
        remove([group], way, f"{log}2", told, protect=[str(photos / "misspelt")])


def test_one_file_by_two_paths_is_no_spare(photos: Path, log: str, way: Way) -> None:
    write_group(photos, "a.jpg")
    (photos.parent / "link").symlink_to(photos)
    other = photos.parent / "link"
    group = Group(picture_of(photos, "a.jpg"), group_of(other, "a.jpg", "a.jpg").copies)
    told = Lines()
    removed = remove([group], way, log, told)
    assert removed.done == 0
    assert (photos / "a.jpg").exists()
    assert len(told) == removed.left


def test_a_name_of_the_same_file_goes_and_frees_nothing(photos: Path, log: str) -> None:
    write_group(photos, "a.jpg")
    os.link(photos / "a.jpg", photos / "A.jpg")
    assert remove([group_of(photos, "a.jpg", "A.jpg")], Delete(), log, print)[:4] == (1, 0, 0, 0)
    assert os.listdir(photos) == ["a.jpg"]


def test_a_folder_that_is_mounted_twice_loses_nothing(photos: Path, log: str) -> None:
    write_group(photos, "a.jpg")
    os.link(photos / "a.jpg", photos.parent / "another name")
    twice = photos.parent / "twice"
    twice.mkdir()
    if subprocess.run(["mount", "--bind", photos, twice], capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting needs root")
    try:
        group = Group(picture_of(photos, "a.jpg"), group_of(twice, "a.jpg", "a.jpg").copies)
        told = Lines()
        assert remove([group], Delete(), log, told)[:2] == (0, 1)
    finally:
        subprocess.run(["umount", twice], check=True)
    assert (photos / "a.jpg").exists()


def test_what_another_run_works_on_stays(photos: Path, log: str, way: Way) -> None:
    group = write_group(photos, "a.jpg", "b.jpg")
    told = Lines()
    with open(photos / "a.jpg", "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert remove([group], way, log, told)[:2] == (0, 1)
    assert told == [f"{photos}/b.jpg is left as it is: another run works on it at this moment"]
    # Two runs may keep the same one.
    with open(photos / "a.jpg", "rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert remove([group], way, f"{log}2", told)[:2] == (1, 0)


def test_two_runs_of_opposite_decisions_never_lose_both(photos: Path, log: str) -> None:
    names = [f"{number:02}.jpg" for number in range(40)]
    one = [write_group(photos, f"a{name}", f"b{name}") for name in names]
    other = [group_of(photos, f"b{name}", f"a{name}") for name in names]
    told = Lines()
    runs = [
        threading.Thread(target=remove, args=(groups, Delete(), f"{log}{number}", told))
        for number, groups in enumerate([one, other])
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    left = {name[1:] for name in os.listdir(photos)}
    assert left == set(names)


def test_an_interrupt_says_how_far_it_came(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "b.jpg", "c.jpg")]
    before = contents(photos)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"interrupted; 1 of 2 spares are done, and .*run.log tells which"):
        remove(groups, MoveTo(str(tmp_path / "spares")), log, print, interrupt)
    assert undo(log, print)[:2] == (1, 0)
    assert contents(photos) == before


def test_ways_are_told_apart_and_none_is_nothing() -> None:
    ways: list[Way] = [MoveTo("a"), Link(), Trash(), Delete()]
    assert len(set(ways)) == 4
    assert all(ways)


def test_a_log_that_would_tell_of_nothing_is_not_left(photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "b.jpg", "c.jpg")]
    (photos / "c.jpg").write_bytes(b"edited")
    told = Lines()
    assert remove(groups, Link(), log, told)[:3] == (1, 1, 0)
    assert remove(groups, Link(), f"{log}2", told) == (0, 1, 1, 0, None)
    assert len(told) == 2
    assert sorted(os.listdir(photos.parent)) == ["photos", "run.log"]
