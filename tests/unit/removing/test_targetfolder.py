"""Folders on other disks: full ones, ones that may not be written to, that have no links, and that go away."""

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.spares import Delete, MoveTo, Way, remove, undo
from tests.sparegroups import Lines, contents, write_group
from tests.spareruns import remove_elsewhere

WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_another_file_system_takes_times_permissions_and_attributes_too(disk: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a.jpg", "sub/b.jpg")]
    spare = photos / "sub/b.jpg"
    spare.chmod(0o640)
    os.utime(spare, ns=(10**18, 10**18 + 1))
    tagged = True
    try:
        os.setxattr(spare, "user.rating", b"5")
    except OSError:
        tagged = False
    before = contents(photos)
    assert remove(groups, MoveTo(str(disk)), log, print).done == 1
    moved = disk / "sub/b.jpg"
    assert [*contents(photos), *contents(disk)] == [str(photos / "a.jpg"), str(moved)]
    assert (moved.stat().st_mode & 0o777, moved.stat().st_mtime_ns) == (0o640, 10**18 + 1)
    if tagged and "user.rating" in os.listxattr(moved):
        assert os.getxattr(moved, "user.rating") == b"5"
    assert undo(log, print).done == 1
    assert (contents(photos), os.listdir(disk)) == (before, [])
    assert (spare.stat().st_mode & 0o777, spare.stat().st_mtime_ns) == (0o640, 10**18 + 1)


def test_a_full_disk_ends_the_run_and_loses_nothing(disk: Path, photos: Path, log: str) -> None:
    sizes = [300_000, 300_000, 600_000, 1000]
    groups = [write_group(photos, f"a{n}", f"b{n}", content=bytes([n]) * size) for n, size in enumerate(sizes)]
    before, told = contents(photos), Lines()
    assert remove(groups, MoveTo(str(disk / "spares")), log, told)[:3] == (2, 2, 0)
    assert told == [f"{disk}/spares: No space left on device; 2 spares are left as they are"]
    assert sorted(os.listdir(disk / "spares")) == ["b0", "b1"]
    assert {**contents(photos), **{str(photos / f"b{n}"): before[str(photos / f"b{n}")] for n in (0, 1)}} == before
    assert undo(log, told)[:2] == (2, 0)
    assert contents(photos) == before


def test_a_log_on_a_full_disk_ends_the_run(disk: Path, photos: Path) -> None:
    groups = [write_group(photos, f"a{n}", f"b{n}") for n in range(40)]
    before, told = contents(photos), Lines()
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize - 8192))
    spares = photos.parent / "spares"
    removed = remove(groups, MoveTo(str(spares)), str(disk / "log"), told)
    (line,) = told
    assert line.startswith(f"the log {disk}/log cannot be written: No space left on device; ")
    assert 0 < removed.done < 40
    assert removed.done + removed.left == 40
    # What was cut off tells of nothing that was done.
    assert undo(str(disk / "log"), told)[:2] == (removed.done, 0)
    assert contents(photos) == before


def test_a_target_that_goes_away_is_not_made_anew(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a", "b", "c", "d")]
    spares, told = tmp_path / "spares", Lines()

    def unmount(done: int, total: int) -> None:
        if done == 1:
            spares.rename(tmp_path / "unmounted")
            spares.mkdir()

    assert remove(groups, MoveTo(str(spares)), log, told, unmount)[:2] == (1, 2)
    assert told == [f"{spares} is not there any more, or is another folder; 2 spares are left as they are"]
    assert sorted(os.listdir(photos)) == ["a", "c", "d"]
    assert os.listdir(spares) == []


def test_a_dataset_that_goes_away_is_told_of_each_spare(photos: Path, log: str) -> None:
    groups = [write_group(photos, "a", "b", "c"), write_group(photos, "d", "e")]
    told = Lines()

    def unmount(done: int, total: int) -> None:
        if done == 1:
            photos.rename(photos.parent / "unmounted")

    assert remove(groups, Delete(), log, told, unmount)[:2] == (1, 2)
    assert told == [
        f"{photos}/c is left as it is: it is not there (any more)",
        f"{photos}/e is left as it is: the one to keep, {photos}/d: it is not there (any more)",
    ]


def test_folders_that_may_not_be_written_to(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a", "locked/b"), write_group(photos, "c", "d")]
    (photos / "locked").chmod(0o555)
    read_only = tmp_path / "read only"
    read_only.mkdir(mode=0o555)
    with pytest.raises(subprocess.CalledProcessError):
        remove_elsewhere(groups, MoveTo(str(read_only)), log, WITHOUT_PRIVILEGES)
    with pytest.raises(subprocess.CalledProcessError):
        remove_elsewhere(groups, MoveTo(str(read_only / "new")), log, WITHOUT_PRIVILEGES)
    assert not os.path.exists(log)
    ways: list[Way] = [MoveTo(str(tmp_path / "spares")), Delete()]
    for number, way in enumerate(ways):
        removed, told = remove_elsewhere(groups, way, f"{log}{number}", WITHOUT_PRIVILEGES)
        assert told[0] == f"{photos}/locked/b is left as it is: no permission to take it out of its folder"
        assert (removed.done, removed.left) == (1 - number, 1 + number)
    assert sorted(contents(photos)) == [str(photos / "a"), str(photos / "c"), str(photos / "locked/b")]
    (photos / "locked").chmod(0o755)


def test_a_file_has_the_name_of_a_folder(tmp_path: Path, photos: Path, log: str) -> None:
    groups = [write_group(photos, "a", "sub/b", "c")]
    (tmp_path / "spares").mkdir()
    (tmp_path / "spares/sub").write_bytes(b"mine")
    told = Lines()
    assert remove(groups, MoveTo(str(tmp_path / "spares")), log, told)[:2] == (1, 1)
    assert told == [f"{photos}/sub/b is left as it is: the folder {tmp_path}/spares/sub cannot be made: File exists"]
    with pytest.raises(ExpectedError, match=re.escape("spares/sub: no folder to move to (File exists)")):
        remove(groups, MoveTo(str(tmp_path / "spares/sub")), f"{log}2", told)


def test_where_there_are_no_links(tmp_path: Path, photos: Path, log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    groups = [write_group(photos, "a", "b", "sub/c")]
    before, told, spares = contents(photos), Lines(), tmp_path / "spares"
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        assert remove(groups, MoveTo(str(spares)), log, told)[:2] == (2, 0)
        shutil.copy(spares / "b", tmp_path / "b")
        assert undo(log, told)[:2] == (2, 0)
        assert contents(photos) == before
        # A run that was killed when it had taken the name.
        Path(log).write_text("".join(line for line in Path(log).read_text().splitlines(True) if '"done"' not in line))
        (spares / "b").touch()
        assert undo(log, told)[:3] == (0, 0, 2)
    assert (contents(photos), os.listdir(spares), told) == (before, [], [])
