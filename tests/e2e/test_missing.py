"""What index.py does with pictures that it does not find: of what cannot be looked at now, rows stay."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.indexes import read_table
from tests.pictures import write_picture, write_pictures
from tests.programs import PYTHON, ROOT, fail, run, succeed

NAMES = [f"a/{number:02}.png" for number in range(40)] + [f"disk/b/{number:02}.png" for number in range(40)]


@pytest.fixture
def photos(tmp_path: Path) -> Iterator[Path]:
    write_pictures(tmp_path / "photos", NAMES)
    succeed("index.py", "-d", tmp_path / "photos", "-i", tmp_path / "index.csv")
    yield tmp_path / "photos"
    for folder, _, _ in os.walk(tmp_path):
        os.chmod(folder, 0o755)


def bound_by_modes(photos: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run index.py as a user whom the modes of files bind, as they do not bind root."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*drop, *PYTHON, str(ROOT / "index.py"), "-i", str(photos.parent / "index.csv"), *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return ended.returncode, ended.stderr.decode()


def update(photos: Path, *arguments: str) -> tuple[str, str]:
    """Index the folder; return the closing line without its seconds, and what stood above."""
    code, said = bound_by_modes(photos, "-d", photos, *arguments)
    assert code == 0, said
    *lines, closing = said.splitlines()
    return closing.split(" in ")[0], "\n".join(lines)


def ids(photos: Path) -> list[str]:
    return read_table(str(photos.parent / "index.csv"), 1440).ids


def test_a_folder_and_a_file_without_permission_keep_their_rows(photos: Path) -> None:
    before = (photos.parent / "index.csv").read_bytes()
    (photos / "disk").chmod(0)
    (photos / "a/07.png").chmod(0)
    for _ in range(2):
        closing, lines = update(photos)
        assert closing == "indexed 80 (0 new, 0 changed, 0 removed, 0 moved, 41 kept, 2 skipped)"
        assert "skipping disk: no permission to open it; its 40 images stay in the index" in lines
        assert "skipping a/07.png: no permission to open it; it stays in the index" in lines
        assert (photos.parent / "index.csv").read_bytes() == before
    # They are looked at again as soon as that can be done.
    (photos / "disk").chmod(0o755)
    (photos / "a/07.png").chmod(0o644)
    write_picture(photos / "a/07.png", 999)
    (photos / "disk/b/03.png").unlink()
    assert update(photos)[0] == "indexed 79 (0 new, 1 changed, 1 removed, 0 moved, 0 skipped)"


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("--exclude=disk", "indexed 41 (1 new, 0 changed, 40 removed, 0 moved, 0 skipped)"),
        (".imageignore", "indexed 41 (1 new, 0 changed, 40 removed, 0 moved, 0 skipped)"),
        ("--no-recursive", "indexed 1 (1 new, 0 changed, 80 removed, 0 moved, 0 skipped)"),
    ],
)
def test_what_is_left_out_by_choice_leaves_even_if_it_cannot_be_looked_at(
    photos: Path, choice: str, expected: str
) -> None:
    write_picture(photos / "c.png", 999)
    (photos / "disk").chmod(0)
    if choice == ".imageignore":
        (photos / choice).write_text("disk/\n")
    assert update(photos, *([choice] if choice.startswith("--") else []))[0] == expected


def test_what_is_hidden_by_now_leaves_even_if_it_cannot_be_looked_at(photos: Path) -> None:
    (photos / "disk").rename(photos / ".disk")
    assert update(photos, "--hidden")[0] == "indexed 80 (0 new, 0 changed, 0 removed, 40 moved, 0 skipped)"
    (photos / ".disk").chmod(0)
    assert update(photos)[0] == "indexed 40 (0 new, 0 changed, 40 removed, 0 moved, 0 skipped)"


def test_a_folder_that_can_be_listed_and_not_entered_keeps_its_rows(photos: Path) -> None:
    (photos / "disk/b").chmod(0o644)
    assert update(photos, "--prune")[0] == "indexed 80 (0 new, 0 changed, 0 removed, 0 moved, 40 kept, 40 skipped)"
    assert ids(photos) == NAMES


def test_a_file_without_permission_that_is_added_again_keeps_its_row(photos: Path) -> None:
    (photos / "a/07.png").chmod(0)
    code, said = bound_by_modes(photos, "--add", photos / "a/07.png")
    assert code == 1
    assert "07.png: no permission to open it; it stays in the index" in said
    assert ids(photos) == NAMES


def test_a_file_that_is_no_picture_any_more_leaves(photos: Path) -> None:
    (photos / "a/07.png").write_bytes((photos / "a/07.png").read_bytes()[:100])
    assert update(photos)[0] == "indexed 79 (0 new, 0 changed, 1 removed, 0 moved, 1 skipped)"


@pytest.mark.parametrize("mount_point", [True, False])
def test_a_disk_that_is_not_mounted_keeps_its_rows_until_prune_removes_them(photos: Path, mount_point: bool) -> None:
    before = (photos.parent / "index.csv").read_bytes()
    (photos / "disk").rename(photos.parent / "unmounted")
    if mount_point:
        (photos / "disk").mkdir()
    closing, line = update(photos)
    assert closing == "indexed 80 (0 new, 0 changed, 0 removed, 0 moved, 40 kept, 0 skipped)"
    assert line == (
        f"index.py: 40 of 80 images are no longer there ({photos}/disk is empty now: is a disk not mounted?); "
        "they stay in the index: --prune removes them"
    )
    assert (photos.parent / "index.csv").read_bytes() == before
    said = json.loads("".join(succeed("index.py", "-d", photos, "-i", photos.parent / "index.csv", "--json")))
    assert (said["kept"], said["removed"], said["warnings"]) == (40, 0, [line.removeprefix("index.py: ")])
    assert update(photos, "--prune")[0] == "indexed 40 (0 new, 0 changed, 40 removed, 0 moved, 0 skipped)"
    assert ids(photos) == NAMES[:40]


def test_a_folder_that_was_renamed_moves_whatever_its_size(photos: Path) -> None:
    (photos / "disk").rename(photos / "other")
    assert update(photos) == ("indexed 80 (0 new, 0 changed, 0 removed, 40 moved, 0 skipped)", "")


def test_what_is_left_out_by_choice_leaves(photos: Path) -> None:
    (photos / "disk").rename(photos / ".disk")
    update(photos, "--hidden")
    assert len(ids(photos)) == 80
    assert update(photos)[0] == "indexed 40 (0 new, 0 changed, 40 removed, 0 moved, 0 skipped)"


@pytest.mark.parametrize("option", ["--rebuild", "--full-resolution"])
def test_rows_that_stay_are_taken_over_by_a_rebuild_and_not_by_other_options(photos: Path, option: str) -> None:
    csv = photos.parent / "index.csv"
    before = csv.read_bytes()
    (photos / "disk").rename(photos.parent / "unmounted")
    if option == "--rebuild":
        closing, line = update(photos, option)
        assert closing == "indexed 80 (40 new, 0 changed, 0 removed, 0 moved, 40 kept, 0 skipped)"
        assert "40 of 80 images are no longer there" in line
        assert csv.read_bytes() == before
    else:
        line = fail("index.py", "-d", photos, "-i", csv, option)
        assert f"{photos}/disk/b/00.png is not there or cannot be looked at, and its row cannot be taken over" in line
        assert "let --prune remove them" in line
        assert csv.read_bytes() == before
    assert update(photos, option, "--prune")[0].startswith("indexed 40 (40 new")
    assert ids(photos) == NAMES[:40]


@pytest.mark.parametrize("cache", ["damaged", "missing"])
def test_without_the_cache_no_row_is_lost_that_cannot_be_described_anew(photos: Path, cache: str) -> None:
    csv = photos.parent / "index.csv"
    before = csv.read_bytes()
    (photos / "disk").chmod(0)
    if cache == "missing":
        (photos.parent / "index.csv.cache").unlink()
    else:
        (photos.parent / "index.csv.cache").write_bytes(b"image similarity: no cache")
    code, said = bound_by_modes(photos, "-d", photos)
    assert code == 1
    *_, line = said.splitlines()
    assert f"{photos}/disk/b/00.png is not there or cannot be looked at" in line
    assert csv.read_bytes() == before
    assert update(photos, "--prune")[0] == "indexed 40 (40 new, 0 changed, 0 removed, 0 moved, 1 skipped)"


def test_a_run_that_is_killed_while_a_disk_is_away_loses_no_row(photos: Path) -> None:
    csv = photos.parent / "index.csv"
    (photos / "disk").rename(photos.parent / "unmounted")
    for number in range(40, 400):
        write_picture(photos / f"a/{number:03}.png", 1000 + number)
    command = [*PYTHON, "index.py", "-d", str(photos), "-i", str(csv), "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        journal = photos.parent / "index.csv.partial"
        deadline = time.monotonic() + 30
        while not journal.exists() or journal.stat().st_size < 100_000:
            assert time.monotonic() < deadline and process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert ids(photos) == NAMES
    assert "40 kept" in update(photos)[0]
    (photos.parent / "unmounted").rename(photos / "disk")
    assert update(photos)[0] == "indexed 440 (0 new, 0 changed, 0 removed, 0 moved, 0 skipped)"


def test_pruning_is_about_the_whole_folder(photos: Path) -> None:
    ended = run("index.py", "-i", photos.parent / "index.csv", "--remove", "a/00.png", "--prune")
    assert ended.returncode == 2
    assert b"--prune is about whole folders" in ended.stderr
