"""Disks that are full, folders that may not be written to or read, files that go away, pictures that are away."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.fingerprinter import take_fingerprints
from src.indexer import index_folder
from src.indexfile import matching_cache
from tests.describing import describe_here
from tests.pictures import write_picture, write_pictures
from tests.programs import PYTHON, ROOT, run, succeed

NAMES = [f"{number:03}.jpg" for number in range(200)]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    return tmp_path / "photos"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode != 0:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(f"cannot mount a small disk: {mounted.stderr.decode()}")
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("kind", [("index.csv",), ("shards/", "--shard-size", "20")])
def test_a_full_disk_leaves_the_old_index_and_no_litter(photos: Path, small_disk: Path, kind: tuple[str, ...]) -> None:
    write_pictures(photos.parent / "few", NAMES[:10])
    index = f"{small_disk}/{kind[0]}"
    succeed("index.py", "-d", photos.parent / "few", "-i", index, *kind[1:])
    before = files_of(small_disk)
    ended = run("index.py", "-d", photos, "-i", index, "--rebuild")
    assert ended.returncode == 1
    (line,) = ended.stderr.decode().splitlines()
    assert "No space left on device" in line
    assert str(small_disk) in line
    assert files_of(small_disk) == before
    succeed("search.py", "-i", index, "-q", photos / "003.jpg", "--no-window")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_fingerprints_that_a_full_disk_has_no_room_for_serve_one_run(photos: Path, small_disk: Path) -> None:
    write_pictures(photos.parent / "few", NAMES[:20])
    index, filler = small_disk / "index.csv", small_disk / "filler"
    succeed("index.py", "-d", photos.parent / "few", "-i", index)
    space = os.statvfs(small_disk)
    filler.write_bytes(b"-" * (space.f_bavail * space.f_frsize - 20_000))
    before = {name: (small_disk / name).read_bytes() for name in os.listdir(small_disk)}
    taken = take_fingerprints([str(photos.parent / "few")], str(index))
    assert len(taken.ids) == 20
    (line,) = taken.report.warnings
    assert line.startswith(f"{index}: fingerprints cannot be kept beside it: No space left on device")
    assert {name: (small_disk / name).read_bytes() for name in os.listdir(small_disk)} == before
    filler.unlink()
    again = take_fingerprints([str(photos.parent / "few")], str(index))
    assert (again.ids, again.report.warnings) == (taken.ids, [])
    cache = matching_cache(str(index))
    assert cache is not None and len(cache.columns) == 1


def test_a_disk_that_is_full_when_one_image_is_added(photos: Path, small_disk: Path) -> None:
    write_pictures(photos.parent / "few", NAMES[:10])
    index, new = small_disk / "index.csv", photos.parent / "few" / "x.jpg"
    succeed("index.py", "-d", photos.parent / "few", "-i", index)
    write_picture(new, 77)
    before = {name: (small_disk / name).read_bytes() for name in os.listdir(small_disk)}
    filler = small_disk / "filler"
    free, failed = 0, 0
    while True:
        # Page by page more is free: it runs out in the journal, the note, the CSV, the cache.
        filler.write_bytes(b"")
        space = os.statvfs(small_disk)
        filler.write_bytes(bytes(space.f_bavail * space.f_frsize - free))
        ended = run("index.py", "-i", index, "--add", new)
        if ended.returncode == 0:
            break
        (line,) = ended.stderr.decode().splitlines()
        assert f"{index}" in line
        assert "No space left on device" in line
        filler.unlink()
        assert {name: (small_disk / name).read_bytes() for name in os.listdir(small_disk)} == before
        free, failed = free + 4096, failed + 1
    assert failed > 3
    assert "few/x.jpg" in succeed("search.py", "-i", index, "-q", new, "--no-window")[0]


def test_a_disk_that_is_full_when_the_picture_is_written(photos: Path, small_disk: Path) -> None:
    index = photos.parent / "index.csv"
    succeed("index.py", "-d", photos, "-i", index)
    (small_disk / "filler").write_bytes(bytes(1 << 19))
    output = small_disk / "result.bmp"
    ended = run("search.py", "-i", index, "-q", photos / "003.jpg", "-o", output)
    assert ended.returncode == 1
    assert b"No space left on device" in ended.stderr
    assert os.listdir(small_disk) == ["filler"]


def run_without_privileges(program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run a program that the modes of files bind, as they do not bind root."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*drop, *PYTHON, str(ROOT / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


def test_a_folder_that_may_not_be_written_to(photos: Path) -> None:
    folder = photos.parent / "read only"
    folder.mkdir(mode=0o555)
    ended = run_without_privileges("index.py", "-d", photos, "-i", folder / "index.csv")
    assert ended.returncode == 1, ended.stderr
    (line,) = ended.stderr.decode().splitlines()
    assert "Permission denied" in line
    assert os.listdir(folder) == []


@pytest.mark.parametrize("index", ["index.csv", ""])
def test_an_index_that_lies_where_nothing_may_be_written_is_searched(photos: Path, index: str) -> None:
    folder = photos.parent / "read only"
    folder.mkdir()
    index_folder([str(photos)], f"{folder}/{index}", describe=describe_here)
    for cache in folder.glob("*.cache"):
        cache.unlink()
    before = files_of(folder)
    folder.chmod(0o555)
    ended = run_without_privileges("search.py", "-i", f"{folder}/{index}", "-q", photos / "003.jpg", "--no-window")
    assert ended.returncode == 0, ended.stderr
    # Where the pictures are is known by the manifest, and of an index file only by the cache.
    found = "003.jpg" if index else f"{photos}/003.jpg"
    assert ended.stdout.decode().startswith(f"1\t0.0000\t1.000\t{found}\n")
    ended = run_without_privileges("index.py", "-d", photos, "-i", f"{folder}/{index}")
    assert ended.returncode == 1
    assert "Permission denied" in ended.stderr.decode()
    assert files_of(folder) == before


def test_files_and_folders_without_permission_are_skips(photos: Path) -> None:
    (photos / "005.jpg").chmod(0)
    (photos / "closed").mkdir(mode=0)
    ended = run_without_privileges("index.py", "-d", photos, "-i", photos.parent / "index.csv")
    said = ended.stderr.decode()
    assert ended.returncode == 0, said
    assert "skipping 005.jpg: no permission to open it" in said
    assert "skipping closed: no permission to open it" in said
    assert "indexed 199 (199 new, 0 changed, 0 removed, 0 moved, 2 skipped)" in said


def test_pictures_that_vanish_or_change_while_they_are_indexed_are_skips(tmp_path: Path) -> None:
    count = 3000
    folder = tmp_path / "photos"
    folder.mkdir()
    data = [((folder / name), number) for number, name in enumerate(f"{number:04}.png" for number in range(count))]
    write_picture(data[0][0], 0)
    one = data[0][0].read_bytes()
    for path, _ in data:
        path.write_bytes(one + path.name.encode())
    index = tmp_path / "index.csv"
    command = [*PYTHON, "index.py", "-d", str(folder), "-i", str(index), "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        while not (tmp_path / "index.csv.partial").exists() or (tmp_path / "index.csv.partial").stat().st_size < 10_000:
            assert process.poll() is None
        for path, number in data[-400:]:
            if number % 2:
                path.unlink()
            else:
                path.write_bytes(one + b"longer than it was")
        _, stderr = process.communicate(timeout=60)
    said = stderr.decode().splitlines()
    assert process.returncode == 0
    skipped = [line for line in said if line.startswith("skipping ")]
    assert len(skipped) == 400
    assert sum("it is not there (any more)" in line for line in skipped) == 200
    assert sum("it was changed while" in line for line in skipped) == 200
    assert said[-1].startswith("indexed 2,600 (2,600 new, 0 changed, 0 removed, 0 moved, 400 skipped)")


def test_pictures_that_are_away_are_found_and_named(photos: Path) -> None:
    index = photos.parent / "index.csv"
    query = photos.parent / "query.jpg"
    succeed("index.py", "-d", photos, "-i", index)
    query.write_bytes((photos / "007.jpg").read_bytes())
    photos.rename(photos.parent / "unplugged")
    ended = run("search.py", "-i", index, "-q", query, "--no-window")
    assert ended.returncode == 0
    assert ended.stdout.decode().splitlines()[0] == f"1\t0.0000\t1.000\t{photos}/007.jpg"
    assert "the folder of the images is not there" in ended.stderr.decode()
    (photos.parent / "unplugged" / "007.jpg").rename(photos.parent / "unplugged" / "renamed.jpg")
    ended = run("search.py", "-i", index, "-q", query, "--no-window", "-r", photos.parent / "unplugged")
    assert ended.returncode == 0
    assert "unplugged/007.jpg: the file is gone" in ended.stderr.decode()
    # And an index run that finds the folder away leaves the index as it is.
    before = index.read_bytes()
    assert run("index.py", "-d", photos, "-i", index).returncode == 1
    photos.mkdir()
    ended = run("index.py", "-d", photos, "-i", index)
    assert ended.returncode == 1
    assert ended.stderr.decode() == f"index.py: there is no image to index in {photos}\n"
    assert index.read_bytes() == before
