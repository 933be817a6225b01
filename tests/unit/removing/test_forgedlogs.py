import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from src.errors import ExpectedError
from src.spares import Link, MoveTo, Undone, remove, undo
from tests.sparegroups import Lines, contents, write_group


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return the log of a run that has moved b.jpg."""
    path = tmp_path / "run.log"
    remove([write_group(tmp_path / "photos", "a.jpg", "b.jpg")], MoveTo(str(tmp_path / "spares")), str(path), print)
    return path


def change(log: Path, **values: Any) -> None:
    """Let the action of a log say something else."""
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join([*lines[:2], json.dumps(json.loads(lines[2]) | values) + "\n", *lines[3:]]))


@pytest.mark.parametrize(
    "values",
    [
        {"file": "/a\0b"}, {"file": "/\ud800"}, {"to": "/\ud800"}, {"dataset": "/\0"}, {"dataset": "photos"},
        {"mtime_ns": 10**400}, {"mtime_ns": float("inf")}, {"bytes": float("inf")}, {"mode": float("nan")},
        {"digest": "00"}, {"way": "nonsense"}, {"way": "link"}, {"to": None}, {"action": [1]}, {"file": 5},
        {"file": "/etc/b.jpg"},
    ],
)  # fmt: skip
def test_what_no_run_writes_is_told_by_its_line_and_not_done(log: Path, tmp_path: Path, values: dict[str, Any]) -> None:
    change(log, **values)
    before, told = contents(tmp_path), Lines()
    assert undo(str(log), told).done == 0
    assert f"{log}, line 3, is damaged: what it tells of is not undone" in told
    assert contents(tmp_path) == before


@pytest.mark.parametrize("way_out", ["photos/c.jpg", "spares/../photos/c.jpg", "spares", "spares-of-others/c.jpg"])
def test_only_the_folder_that_took_spares_gives_them_back(log: Path, tmp_path: Path, way_out: str) -> None:
    for folder in ("photos", "spares-of-others"):
        (tmp_path / folder).mkdir(exist_ok=True)
        shutil.copy(tmp_path / "spares" / "b.jpg", tmp_path / folder / "c.jpg")
    change(log, to=f"{tmp_path}/{way_out}")
    before, told = contents(tmp_path), Lines()
    assert undo(str(log), told).done == 0
    assert told
    assert contents(tmp_path) == before


def test_a_link_at_the_place_of_a_spare_is_not_taken_for_an_empty_file(log: Path, tmp_path: Path) -> None:
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:3]))
    (tmp_path / "spares/b.jpg").rename(tmp_path / "photos/b.jpg")
    (tmp_path / "empty").touch()
    (tmp_path / "spares/b.jpg").symlink_to(tmp_path / "empty")
    assert undo(str(log), Lines()) == Undone(0, 1, 0)
    assert (tmp_path / "spares/b.jpg").is_symlink()


def test_a_whole_last_line_that_says_nothing_is_told(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b"???\n")
    told = Lines()
    assert undo(str(log), told) == Undone(1, 1, 0)
    assert told == [f"{log}, line 6, is damaged: what it tells of is not undone"]


def test_what_is_no_file_is_no_log(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path / "pipe"), os.devnull):
        with pytest.raises(ExpectedError, match="is no log of spares: --undo takes the file that --log has written"):
            undo(path, print)


def test_links_have_no_other_place(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    remove([write_group(tmp_path / "photos", "a.jpg", "b.jpg")], Link(), str(log), print)
    change(log, to=f"{tmp_path}/photos/a.jpg")
    assert undo(str(log), Lines()).done == 0
    assert (tmp_path / "photos/a.jpg").stat().st_nlink == 2
