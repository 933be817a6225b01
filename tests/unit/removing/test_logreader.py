"""Logs that were cut or damaged, and places that are not as the run left them."""

import os
from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.spares import MoveTo, remove, undo
from tests.sparegroups import Lines, contents, write_group


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "run.log"


@pytest.fixture
def before(tmp_path: Path, photos: Path, log: Path) -> dict[str, bytes]:
    """Move some spares; return what was there before."""
    groups = [write_group(photos, "a.jpg", "b.jpg", "sub/c.jpg"), write_group(photos, "d.jpg", "e \udcff.jpg")]
    before = contents(photos)
    remove(groups, MoveTo(str(tmp_path / "spares")), str(log), print)
    return before


def test_a_log_that_is_cut_at_any_byte_is_taken_as_far_as_it_goes(
    tmp_path: Path, photos: Path, log: Path, before: dict[str, bytes]
) -> None:
    whole = log.read_bytes()
    for end in range(0, len(whole), 11):
        log.write_bytes(whole[:end])
        told = Lines()
        undone = undo(str(log), told)
        assert (undone.left, told) == (0, [])
        assert undone.done == whole[:end].count(b'"to"') if whole[:end].endswith(b"}\n") else undone.done <= 3
        # What it tells of no more is where it was moved to.
        assert len(contents(photos, tmp_path / "spares")) == len(before)
        log.write_bytes(whole)
        undo(str(log), told)
        assert contents(photos) == before
        for name in ("b.jpg", "sub/c.jpg", "e \udcff.jpg"):
            (tmp_path / "spares" / name).parent.mkdir(exist_ok=True)
            (photos / name).rename(tmp_path / "spares" / name)


def test_a_line_that_is_damaged_costs_itself(tmp_path: Path, photos: Path, log: Path, before: dict[str, bytes]) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    wrong = [
        b"\0" * 40 + b"\n",
        b"[]\n",
        b'{"is": "intended", "action": 1}\n',
        lines[2].replace(b'"digest": "', b'"digest": "0'),
    ]
    for one in wrong:
        log.write_bytes(b"".join([*lines[:2], one, *lines[4:]]))
        told = Lines()
        assert undo(str(log), told).left == 1
        assert told == [f"{log}, line 3, is damaged: what it tells of is not undone"]
    # Without the second line, nobody knows where to tidy up; all else is known.
    log.write_bytes(b"".join([lines[0], b"?\n", *lines[2:]]))
    assert undo(str(log), print).left == 0
    assert contents(photos) == before


@pytest.mark.parametrize("content", [b"image", b"", b"image similarity log of spares 1\n"])
def test_a_log_of_nothing_undoes_nothing(log: Path, content: bytes) -> None:
    log.write_bytes(content)
    assert undo(str(log), print) == (0, 0, 0)


@pytest.mark.parametrize("content", [b"rm -rf", b"image similarity index", b"image similarity log of spares 2\n"])
def test_other_files_are_no_logs(log: Path, content: bytes) -> None:
    log.write_bytes(content)
    with pytest.raises(
        ExpectedError, match="run.log is no log of spares: --undo takes the file that --log has written"
    ):
        undo(str(log), print)


def test_a_log_that_is_not_there_or_a_folder(tmp_path: Path, log: Path) -> None:
    with pytest.raises(FileNotFoundError):
        undo(str(log), print)
    with pytest.raises(IsADirectoryError):
        undo(str(tmp_path), print)


def test_what_somebody_has_put_there_meanwhile_stays(
    tmp_path: Path, photos: Path, log: Path, before: dict[str, bytes]
) -> None:
    (photos / "b.jpg").write_bytes(b"mine")
    (tmp_path / "spares/sub/c.jpg").write_bytes(b"edited")
    (tmp_path / "spares/e \udcff.jpg").unlink()
    told = Lines()
    assert undo(str(log), told) == (0, 3, 0)
    assert told == [
        f"{tmp_path}/spares/e \udcff.jpg is left as it is: it is not there any more, nor is what it was at "
        f"{photos}/e \udcff.jpg",
        f"{tmp_path}/spares/sub/c.jpg is left as it is: it has been changed since its fingerprint was taken",
        f"{tmp_path}/spares/b.jpg is left as it is: another file is at {photos}/b.jpg",
    ]
    assert (photos / "b.jpg").read_bytes() == b"mine"
    assert (tmp_path / "spares/b.jpg").read_bytes() == before[str(photos / "b.jpg")]


def test_folders_are_made_again_but_not_where_the_disk_is_away(
    tmp_path: Path, photos: Path, log: Path, before: dict[str, bytes]
) -> None:
    os.rmdir(photos / "sub")
    photos.rename(tmp_path / "unmounted")
    photos.mkdir()
    told = Lines()
    assert undo(str(log), told) == (0, 3, 0)
    assert told[0] == (
        f"{tmp_path}/spares/e \udcff.jpg is left as it is: {photos}, where it was, is not there: is a disk not mounted?"
    )
    assert os.listdir(photos) == []
    photos.rmdir()
    (tmp_path / "unmounted").rename(photos)
    assert undo(str(log), told) == (3, 0, 0)
    assert contents(photos) == before


def test_a_folder_that_all_spares_have_left_takes_them_back(tmp_path: Path, photos: Path, log: Path) -> None:
    (tmp_path / "other").mkdir()
    groups = [write_group(tmp_path / "other", "a.jpg"), write_group(photos, "a.jpg", "sub/b.jpg")]
    groups = [groups[0]._replace(copies=groups[1].copies)]
    (photos / "a.jpg").unlink()
    before = contents(photos)
    assert remove(groups, MoveTo(str(tmp_path / "spares")), str(log), print).done == 1
    os.rmdir(photos / "sub")
    assert undo(str(log), print).done == 1
    assert contents(photos) == before
