"""index.py as a process: what it says, and what is in the index afterwards."""

import fcntl
import json
import os
import re
import struct
import subprocess
import termios
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.imagereader import READER_VERSION, read_image
from src.storing.info import FileState
from src.storing.journal import Journal
from src.storing.rowtext import numbers_text
from tests.indexes import read_table
from tests.pictures import draw_picture, write_picture, write_pictures
from tests.programs import PYTHON, ROOT, fail, run, succeed

NAMES = ["b.jpg", "a.png", "sub/deeper/c.png", "sub/B.jpg", "no extension", "ÄÖ ü.png"]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    return tmp_path / "photos"


def index(photos: Path, *arguments: str | Path) -> tuple[str, list[str]]:
    """Index a folder beside it; return the closing line without its seconds, and the lines before it."""
    ended = run("index.py", "--dataset", photos, "--index", photos.parent / "index.csv", *arguments)
    *lines, closing = ended.stderr.decode().splitlines()
    assert ended.returncode == 0, closing
    closing, count = re.subn(r" in \d+\.\d s -> .*index\.csv$", "", closing)
    assert count == 1
    return closing, lines


def ids(photos: Path) -> list[str]:
    return read_table(str(photos.parent / "index.csv"), 1440).ids


def test_every_image_is_described_under_its_own_name_in_sorted_order(photos: Path) -> None:
    closing, lines = index(photos)
    assert (closing, lines) == ("indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 0 skipped)", [])
    table = read_table(str(photos.parent / "index.csv"), 1440)
    assert table.ids == sorted(NAMES)
    for image_id, features in zip(table.ids, table.features, strict=True):
        np.testing.assert_array_equal(features, ColorDescriptor().describe(read_image(str(photos / image_id))))


def test_short_options_work(photos: Path) -> None:
    succeed("index.py", "-d", photos, "-i", photos.parent / "index.csv")
    assert len(ids(photos)) == 6


def test_a_second_run_describes_only_what_is_new_or_changed(photos: Path) -> None:
    index(photos)
    write_picture(photos / "b.jpg", 50)
    write_picture(photos / "new.jpg", 51)
    (photos / "a.png").unlink()
    (photos / "sub/B.jpg").rename(photos / "moved.jpg")
    closing, _ = index(photos)
    assert closing == "indexed 6 (1 new, 1 changed, 1 removed, 1 moved, 0 skipped)"
    again, _ = index(photos)
    assert again == "indexed 6 (0 new, 0 changed, 0 removed, 0 moved, 0 skipped)"
    updated = (photos.parent / "index.csv").read_bytes()
    index(photos, "--rebuild")
    assert (photos.parent / "index.csv").read_bytes() == updated


def wait_until_file_times_are_settled() -> None:
    # Of files that changed less than two seconds ago, the next run looks at the content.
    time.sleep(2.1)


def test_nothing_is_written_when_nothing_changed(photos: Path) -> None:
    wait_until_file_times_are_settled()
    index(photos)
    before = [os.stat(photos.parent / name).st_mtime_ns for name in ("index.csv", "index.csv.cache")]
    index(photos)
    assert [os.stat(photos.parent / name).st_mtime_ns for name in ("index.csv", "index.csv.cache")] == before


def test_without_its_cache_an_index_is_searched_as_it_stands_and_described_anew(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    csv.write_bytes(re.sub(rb"(?m)^(a\.png|b\.jpg),[^,]*", rb"\1,0.987654", csv.read_bytes()))
    (photos.parent / "index.csv.cache").unlink()
    marked = {name: read_table(str(csv), 1440).features[row, 0] for row, name in enumerate(sorted(NAMES))}
    assert marked["a.png"] == np.float32(0.987654)
    closing, _ = index(photos)
    assert closing == "indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 0 skipped)"
    assert read_table(str(csv), 1440).features[1, 0] != np.float32(0.987654)


def test_the_same_content_under_another_name_or_time_is_known(photos: Path) -> None:
    index(photos)
    os.utime(photos / "a.png", (1, 1))
    (photos / "copy.png").write_bytes((photos / "a.png").read_bytes())
    closing, _ = index(photos)
    assert closing == "indexed 7 (1 new, 0 changed, 0 removed, 0 moved, 0 skipped)"
    table = read_table(str(photos.parent / "index.csv"), 1440)
    rows = dict(zip(table.ids, table.features, strict=True))
    np.testing.assert_array_equal(rows["copy.png"], rows["a.png"])


def test_single_images_are_added_and_removed_without_a_walk(photos: Path) -> None:
    index(photos)
    write_picture(photos / "new.jpg", 70)
    write_picture(photos / "not named.jpg", 71)
    csv = photos.parent / "index.csv"
    succeed("index.py", "--index", csv, "--add", photos / "new.jpg", "--remove", "a.png", "b.jpg")
    assert ids(photos) == sorted({*NAMES, "new.jpg"} - {"a.png", "b.jpg"})


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--remove", "nowhere.jpg"], "has no image 'nowhere.jpg'"),
        (["--add", "/etc/hostname"], "is not an image in"),
        (["--add", "{photos}"], "is not an image in"),
        (["--add", ""], "is not an image in"),
        (["--dataset", "/etc", "--remove", "a.png"], "is the index of {photos}, not of /etc"),
        (["--remove", *NAMES], "nothing would be left of"),
        (["--add", "{photos}/nowhere.jpg"], "No such file"),
    ],
)
def test_wrong_additions_change_nothing(photos: Path, arguments: list[str], complaint: str) -> None:
    index(photos)
    before = (photos.parent / "index.csv").read_bytes()
    arguments = [argument.format(photos=photos) for argument in arguments]
    ended = run("index.py", "--index", photos.parent / "index.csv", *arguments)
    assert ended.returncode == 1
    assert complaint.format(photos=photos) in ended.stderr.decode()
    assert (photos.parent / "index.csv").read_bytes() == before


def test_another_folder_is_looked_at_anew_even_where_names_sizes_and_times_agree(photos: Path) -> None:
    other = photos.parent / "other"
    for folder, seed in ((photos, 80), (other, 81)):
        folder.mkdir(exist_ok=True)
        cv2.imwrite(str(folder / "twin.bmp"), draw_picture(seed))
        os.utime(folder / "twin.bmp", (10**9, 10**9))
    index(photos)
    # Only where the known folder is away, another one may be that.
    photos.rename(photos.parent / "away")
    index(other)
    table = read_table(str(photos.parent / "index.csv"), 1440)
    assert table.ids == ["twin.bmp"]
    np.testing.assert_array_equal(table.features[0], ColorDescriptor().describe(draw_picture(81)))


def test_folder_and_index_moved_together_are_known_again(photos: Path) -> None:
    wait_until_file_times_are_settled()
    index(photos)
    before = os.stat(photos.parent / "index.csv").st_mtime_ns
    moved = photos.parent.rename(photos.parent.with_name("moved")) / "photos"
    assert index(moved)[0] == "indexed 6 (0 new, 0 changed, 0 removed, 0 moved, 0 skipped)"
    assert os.stat(moved.parent / "index.csv").st_mtime_ns == before


def test_an_index_behind_a_link_is_updated_where_it_is(photos: Path) -> None:
    real = photos.parent / "real"
    real.mkdir()
    (photos.parent / "index.csv").symlink_to(real / "index.csv")
    index(photos)
    assert (photos.parent / "index.csv").is_symlink()
    assert sorted(os.listdir(real)) == ["index.csv", "index.csv.cache"]
    succeed("search.py", "-i", photos.parent / "index.csv", "-q", photos / "a.png", "--no-window")
    assert sorted(os.listdir(photos.parent)) == ["index.csv", "photos", "real"]


def test_rebuild_starts_over_even_after_a_killed_run(photos: Path) -> None:
    index(photos)
    partial = photos.parent / "index.csv.partial"
    partial.write_bytes(b"image similarity journal 1, 'of another time'\n")
    assert index(photos, "--rebuild")[0] == "indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 0 skipped)"
    assert not partial.exists()


def test_names_that_swap_files_of_equal_size_and_time_are_noticed(photos: Path) -> None:
    for name, seed in (("one.bmp", 90), ("two.bmp", 91)):
        cv2.imwrite(str(photos / name), draw_picture(seed))
        os.utime(photos / name, (10**9, 10**9))
    wait_until_file_times_are_settled()
    index(photos)
    for source, target in (("one.bmp", "x"), ("two.bmp", "one.bmp"), ("x", "two.bmp")):
        (photos / source).rename(photos / target)
    assert index(photos)[0].startswith("indexed 8 (0 new, 2 changed")
    table = read_table(str(photos.parent / "index.csv"), 1440)
    rows = dict(zip(table.ids, table.features, strict=True))
    np.testing.assert_array_equal(rows["one.bmp"], ColorDescriptor().describe(draw_picture(91)))


def test_file_times_of_any_kind_are_taken(photos: Path) -> None:
    for name, seconds in zip(NAMES, (-(2**33), 2**33, 0, -1, 2**31, 1), strict=True):
        os.utime(photos / name, (seconds, seconds))
    for _ in range(2):
        assert index(photos)[0].startswith("indexed 6 ")


def test_an_edited_index_is_not_changed_behind_its_back(photos: Path) -> None:
    index(photos)
    csv = photos.parent / "index.csv"
    lines = csv.read_bytes().splitlines(keepends=True)
    csv.write_bytes(b"".join(lines[:2]))
    ended = run("index.py", "--index", csv, "--remove", "a.png")
    assert ended.returncode == 1
    assert csv.read_bytes() == b"".join(lines[:2])


def test_adding_appends_and_the_next_run_over_the_folder_puts_it_in_order(photos: Path) -> None:
    csv = photos.parent / "index.csv"
    succeed("index.py", "--dataset", photos, "--index", csv)
    before, inode = csv.read_bytes(), csv.stat().st_ino
    for name in ("0.jpg", "b2.jpg"):
        write_picture(photos / name, len(name))
        succeed("index.py", "--index", csv, "--add", photos / name)
        assert csv.stat().st_ino == inode
        (nearest, *_) = succeed("search.py", "-i", csv, "-q", photos / name, "--no-window")
        assert nearest.endswith(f"\t1.000\t{photos / name}")
    assert csv.read_bytes().startswith(before)
    for _ in range(2):
        succeed("index.py", "--dataset", photos, "--index", csv)
        succeed("index.py", "--dataset", photos, "--index", photos.parent / "clean.csv")
        assert csv.read_bytes() == (photos.parent / "clean.csv").read_bytes()
    assert sorted(file.name for file in photos.parent.glob("index.csv*")) == ["index.csv", "index.csv.cache"]


def test_what_is_added_is_not_written_through_to_a_snapshot(photos: Path) -> None:
    csv = photos.parent / "index.csv"
    succeed("index.py", "--dataset", photos, "--index", csv)
    before = csv.read_bytes()
    os.link(csv, photos.parent / "snapshot.csv")
    write_picture(photos / "0.jpg", 5)
    succeed("index.py", "--index", csv, "--add", photos / "0.jpg")
    assert (photos.parent / "snapshot.csv").read_bytes() == before != csv.read_bytes()


def test_adding_one_image_leaves_the_work_of_an_unfinished_run(photos: Path) -> None:
    index(photos)
    partial = photos.parent / "index.csv.partial"
    write_picture(photos / "new.jpg", 60)
    key = f"{ColorDescriptor().name}, reader {READER_VERSION}"
    journal = Journal(str(partial), key, 1440)
    features = ColorDescriptor().describe(draw_picture(61))
    journal.append("/elsewhere/x.jpg", FileState(1, 1, 1, bytes(16)), features, numbers_text(features))
    journal.close(finished=False)
    succeed("index.py", "--index", photos.parent / "index.csv", "--add", photos / "new.jpg")
    assert partial.stat().st_size > 5760
    run("index.py", "--index", photos.parent / "index.csv", "--add", photos / "typo.jpg")
    assert partial.stat().st_size > 5760
    index(photos)
    assert not partial.exists()


def test_nothing_in_the_current_folder_is_run(photos: Path) -> None:
    trap = photos.parent / "trap"
    trap.mkdir()
    for name in ("queue", "numpy", "cv2", "PIL", "src", "hashlib", "struct"):
        (trap / f"{name}.py").write_text(f"open({str(trap / 'sprung')!r}, 'w')")
    command = [*PYTHON, str(ROOT / "index.py"), "-d", str(photos), "-i", str(photos.parent / "index.csv")]
    ended = subprocess.run(command, cwd=trap, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert not (trap / "sprung").exists()


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 | head -c 1"])
def test_a_run_goes_on_when_nobody_listens(photos: Path, closed: str) -> None:
    for number in range(5):
        (photos / f"junk{number}.jpg").write_text("no picture")
    command = f"{' '.join(PYTHON)} index.py -d '{photos}' -i '{photos.parent}/index.csv' {closed}"
    subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert len(ids(photos)) == 6
    assert sorted(os.listdir(photos.parent)) == ["index.csv", "index.csv.cache", "photos"]


def test_what_is_excluded_leaves_the_index_and_can_be_added_by_name(photos: Path) -> None:
    index(photos)
    (photos / ".imageignore").write_text("sub/\n")
    closing, lines = index(photos, "--exclude", "b.*")
    assert "0 new, 0 changed, " in closing
    assert [name for name in ids(photos) if name.startswith(("sub/", "b."))] == []
    assert lines == ["left out 2 files or folders by --exclude or .imageignore"]
    succeed("index.py", "-i", photos.parent / "index.csv", "--add", photos / "b.jpg")
    assert "b.jpg" in ids(photos)
    assert index(photos, "--no-recursive", "--exclude", "!sub/")[0].endswith("0 removed, 0 moved, 0 skipped)")
    assert index(photos, "--exclude", "photos/b.jpg")[1][-1].startswith("--exclude 'photos/b.jpg' left out nothing")
    (photos / ".imageignore").write_text("[z-a]\n")
    assert "is no pattern" in fail("index.py", "-d", photos, "-i", photos.parent / "index.csv")


def test_verbose_names_all_that_is_left_out_by_choice(photos: Path) -> None:
    (photos / "private").mkdir()
    write_picture(photos / "private" / "x.jpg", 9)
    write_picture(photos / ".hidden.jpg", 9)
    _, lines = index(photos, "--exclude", "private/", "-v")
    assert sorted(line for line in lines if line.startswith("leaving out")) == [
        "leaving out .hidden.jpg", "leaving out private",
    ]  # fmt: skip


def test_skipped_files_are_named_once_and_summed_up(photos: Path) -> None:
    (photos / "notes.txt").write_text("not a picture")
    (photos / "empty.jpg").write_bytes(b"")
    whole = (photos / "b.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / ".hidden.jpg").write_bytes(whole)
    (photos / "@eaDir").mkdir()
    (photos / "@eaDir" / "thumb.jpg").write_bytes(whole)
    closing, lines = index(photos)
    assert closing == "indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 2 skipped)"
    *skips, summary, others, hidden = lines
    assert [skip.split(":")[0] for skip in skips] == ["skipping cut.jpg", "skipping empty.jpg"]
    assert summary.startswith("skipped ")
    assert "1 truncated" in summary
    assert others == "not pictures: 1 .txt (-v names them)"
    assert hidden == "left out 2 hidden files or folders; --hidden takes them"
    closing, _ = index(photos, "--hidden")
    assert closing.startswith("indexed 8 (2 new")


def test_what_a_quiet_run_keeps_to_itself_is_told_by_the_next(photos: Path) -> None:
    (photos / "first.jpg").write_bytes(b"")
    index(photos)
    (photos / "second.jpg").write_bytes(b"")
    for _ in range(2):
        ended = run("index.py", "-d", photos, "-i", photos.parent / "index.csv", "--quiet")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    lines = index(photos)[1]
    assert lines == ["skipping second.jpg: an empty file", "skipped 2: 2 empty; 1 as before (-v names them)"]
    assert index(photos)[1] == ["skipped 2: 2 empty; 2 as before (-v names them)"]


def test_json_carries_the_same(photos: Path) -> None:
    (photos / "notes.txt").write_text("not a picture")
    said = json.loads("".join(succeed("index.py", "-d", photos, "-i", photos.parent / "index.csv", "--json")))
    assert said["indexed"] == said["new"] == 6
    (skip,) = said["skips"]
    assert skip["id"] == "notes.txt"
    assert set(skip) == {"id", "kind", "reason"}


def test_strict_makes_a_skipped_picture_a_failure_but_writes_the_index(photos: Path) -> None:
    command = ["index.py", "-d", str(photos), "-i", f"{photos.parent}/index.csv", "--strict"]
    (photos / "notes.txt").write_text("not a picture")
    assert run(*command).returncode == 0
    (photos / "cut.jpg").write_bytes((photos / "b.jpg").read_bytes()[:500])
    # Again, too, though it is told already.
    assert [run(*command).returncode for _ in range(2)] == [1, 1]
    assert len(ids(photos)) == 6


def test_one_broken_picture_is_seen_among_sidecars_and_told_once(photos: Path) -> None:
    for number in range(50):
        (photos / f"{number}.jpg.xmp").write_text("<x:xmpmeta/>")
        (photos / f"{number}.MOV").write_bytes(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ")
    (photos / "b.json").write_text("{}")
    (photos / "cut.jpg").write_bytes((photos / "b.jpg").read_bytes()[:500])
    others = "not pictures: 50 .mov, 50 .xmp, 1 .json (-v names them)"
    closing, lines = index(photos)
    assert closing == "indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 1 skipped)"
    assert [lines[0].split(":")[0], *lines[1:]] == ["skipping cut.jpg", "skipped 1: 1 truncated", others]
    closing, lines = index(photos)
    assert closing == "indexed 6 (0 new, 0 changed, 0 removed, 0 moved, 1 skipped)"
    assert lines == ["skipped 1: 1 truncated; 1 as before (-v names them)", others]
    _, lines = index(photos, "-v")
    assert sum(line.startswith("skipping ") for line in lines) == 102
    said = json.loads("".join(succeed("index.py", "-d", photos, "-i", photos.parent / "index.csv", "--json")))
    assert len(said["skips"]) == 102
    assert (said["not_pictures"], said["as_before"]) == ({".mov": 50, ".xmp": 50, ".json": 1}, 1)


def test_quiet_says_nothing_but_errors(photos: Path) -> None:
    command = ["index.py", "-d", str(photos), "-i", f"{photos.parent}/index.csv", "-q"]
    (photos / "notes.txt").write_text("not a picture")
    (photos / "cut.jpg").write_bytes((photos / "b.jpg").read_bytes()[:500])
    ended = run(*command)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    ended = run(*command, "--strict", "--rebuild")
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"skipping cut.jpg: ")
    ended = run("index.py", "-d", photos / "none", "-i", photos.parent / "index.csv", "--quiet")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert run(*command, "-v").returncode == 2


def test_a_file_that_is_added_by_name_is_named_whatever_it_is(photos: Path) -> None:
    index(photos)
    (photos / "notes.txt").write_text("not a picture")
    for silence in ([], ["-q"]):
        ended = run("index.py", "-i", photos.parent / "index.csv", "--add", photos / "notes.txt", *silence)
        assert ended.returncode == 1
        assert ended.stderr.startswith(b"skipping notes.txt: text, not a picture\n")


def test_too_large_a_picture_is_refused_unless_it_is_allowed(photos: Path) -> None:
    cv2.imwrite(str(photos / "large.png"), np.zeros((2000, 1000, 3), np.uint8))
    closing, lines = index(photos, "--max-megapixels", "1.5")
    assert "1 skipped" in closing
    assert "large.png" in lines[0]
    closing, _ = index(photos, "--max-megapixels", "2")
    assert closing == "indexed 7 (1 new, 0 changed, 0 removed, 0 moved, 0 skipped)"


def test_the_index_may_lie_in_the_folder_it_indexes(photos: Path) -> None:
    for expected in ("6 new", "0 new"):
        ended = run("index.py", "-d", photos, "-i", photos / "index.csv")
        said = ended.stderr.decode()
        assert f"indexed 6 ({expected}, 0 changed, 0 removed, 0 moved, 0 skipped)" in said
    assert sorted(set(os.listdir(photos)) - {*NAMES, "sub"}) == ["index.csv", "index.csv.cache"]


def test_a_progress_bar_shows_on_a_terminal_only(photos: Path) -> None:
    assert b"%|" not in run("index.py", "-d", photos, "-i", photos.parent / "index.csv").stderr
    master, terminal = os.openpty()
    # A new pseudo-terminal has no columns, and a bar no room.
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 80, 0, 0))
    command = [*PYTHON, "index.py", "-d", str(photos), "-i", str(photos.parent / "2.csv")]
    with subprocess.Popen(command, cwd=ROOT, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                block = os.read(master, 1000)
            except OSError:
                break
            shown += block
        assert process.wait() == 0
    os.close(master)
    assert b"indexing: " in shown
    assert b"%|" in shown
    assert b"indexed 6 (6 new" in shown
