"""index.py is killed, interrupted and run twice at once; the index must not care."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from src.colordescriptor import ColorDescriptor
from src.imagereader import read_image
from src.indexer import Options, index_folder
from src.searcher import Searcher
from tests.pictures import write_picture, write_pictures
from tests.programs import PYTHON, ROOT, run, succeed

PICTURES = 500
KILLS = 16
SHARD_SIZE = 100


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crash") / "photos"
    write_pictures(folder, [f"{number % 7}/{number:03}.jpg" for number in range(PICTURES)])
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not much")
    return folder


def start(photos: Path, index: Path | str, *options: str) -> "subprocess.Popen[bytes]":
    command = [*PYTHON, "index.py", "-d", str(photos), "-i", str(index), "--jobs", "2", *options]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)


def seconds_to_index(photos: Path, index: Path) -> float:
    begin = time.monotonic()
    succeed("index.py", "-d", photos, "-i", index, "--jobs", "2")
    return time.monotonic() - begin


def check_search(index: Path, query: Path) -> None:
    """Find a picture that is in every version of the index."""
    results = Searcher(str(index)).search(ColorDescriptor().describe(read_image(str(query))))
    assert len(results) == 3
    assert results[0].distance == 0


def test_adding_that_is_killed_costs_nothing_but_time(photos: Path, tmp_path: Path) -> None:
    folder, index = tmp_path / "photos", tmp_path / "index.csv"
    write_pictures(folder, [f"{number:03}.jpg" for number in range(30)])
    succeed("index.py", "-d", folder, "-i", index)
    begin = time.monotonic()
    write_picture(folder / "x first.jpg", 999)
    succeed("index.py", "-i", index, "--add", folder / "x first.jpg")
    duration, moments, killed = time.monotonic() - begin, random.Random(8), 0
    for number in range(KILLS):
        new = folder / f"new {number:03}.jpg"
        write_picture(new, 100 + number)
        command = [*PYTHON, "index.py", "-i", str(index), "--add", str(new)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(moments.uniform(0.5, 1.0) * duration)
        process.kill()
        process.wait()
        killed += process.returncode != 0
        check_search(index, folder / "007.jpg")
        if number % 3 == 0:
            begin = time.monotonic()
            succeed("index.py", "-i", index, "--add", new)
            # The machine may have been busier when it was first measured.
            duration = min(duration, time.monotonic() - begin)
    succeed("index.py", "-d", folder, "-i", index)
    succeed("index.py", "-d", folder, "-i", tmp_path / "clean.csv")
    assert index.read_bytes() == (tmp_path / "clean.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.glob("index.csv*")) == ["index.csv", "index.csv.cache"]
    assert killed > KILLS // 5


def test_kill_at_any_moment_costs_nothing_but_time(photos: Path, tmp_path: Path) -> None:
    durations = [seconds_to_index(photos, tmp_path / "clean.csv")]
    clean = (tmp_path / "clean.csv").read_bytes()
    # An old index: of the same folder when most pictures were others, one was missing and one was still there.
    older = tmp_path / "older"
    shutil.copytree(photos, older)
    for number in range(101, PICTURES):
        write_picture(older / f"{number % 7}/{number:03}.jpg", 1000 + number)
    (older / "0/497.jpg").unlink()
    write_picture(older / "gone.jpg", 2000)
    succeed("index.py", "-d", older, "-i", tmp_path / "old.csv")
    index_folder(str(older), f"{tmp_path / 'old'}/", ColorDescriptor(), Options(shard_size=SHARD_SIZE))
    older.rename(tmp_path / "away")
    durations.append(seconds_to_index(photos, copy_index(tmp_path / "old.csv", tmp_path / "timed")))
    moments = random.Random(7)
    finished = 0
    for number in range(KILLS):
        has_old, in_shards = number % 2, number % 5 == 4
        work = tmp_path / f"kill{number}"
        work.mkdir()
        index = work / ("old" if in_shards else "old.csv")
        if has_old:
            copy_index(tmp_path / index.name, work)
        named = f"{index}/" if in_shards else index
        process = start(photos, named, *(["--shard-size", str(SHARD_SIZE)] if in_shards else []))
        time.sleep(moments.uniform(0.1, durations[has_old]))
        process.kill()
        process.communicate()
        finished += process.returncode == 0
        if has_old or (index / "manifest.json" if in_shards else index).exists():
            check_search(index, photos / "2/100.jpg")
        index_folder(str(photos), str(named), ColorDescriptor(), Options(shard_size=SHARD_SIZE if in_shards else None))
        assert content_of(index) == clean
        if not in_shards:
            assert sorted(os.listdir(work)) == ["old.csv", "old.csv.cache"]
    # Most were killed at work; how many depends on how busy the machine was when the moments were measured.
    assert finished < KILLS * 3 // 4


def copy_index(index: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    if index.is_dir():
        shutil.copytree(index, folder / index.name)
    else:
        for suffix in ("", ".cache"):
            shutil.copy(f"{index}{suffix}", folder / f"{index.name}{suffix}")
    return folder / index.name


def content_of(index: Path) -> bytes:
    """Return the rows of an index file; or of an index of shards, in whose folder there must be nothing else."""
    if index.is_file():
        return index.read_bytes()
    shards = [shard["name"] for shard in json.loads((index / "manifest.json").read_bytes())["shards"]]
    assert {*os.listdir(index)} == {*shards, *(f"{name}.cache" for name in shards), "manifest.json", "told-skips"}
    return b"".join((index / name).read_bytes() for name in shards)


def wait_for_journal(index: Path, records: int) -> None:
    # A record of a drawn picture takes at least its 1440 float32.
    deadline = time.monotonic() + 30
    while not index.with_suffix(".csv.partial").exists() or (
        index.with_suffix(".csv.partial").stat().st_size < records * 5760
    ):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_a_killed_run_has_described_is_not_described_again(photos: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    process = start(photos, index)
    wait_for_journal(index, 100)
    process.kill()
    process.communicate()
    journal = index.with_suffix(".csv.partial").read_bytes()
    again = start(photos, index)
    wait_for_journal(index, len(journal) // 5760 + 20)
    assert index.with_suffix(".csv.partial").read_bytes()[: 100 * 5760] == journal[: 100 * 5760]
    assert again.wait() == 0
    again.communicate()


def test_an_interrupt_answers_at_once_keeps_the_work_and_exits_with_130(photos: Path, tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        index = tmp_path / f"{number}.csv"
        process = start(photos, index)
        wait_for_journal(index, 20)
        begin = time.monotonic()
        # As a terminal does: to the whole group.
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=10)
        assert time.monotonic() - begin < 2
        assert process.returncode == 130
        assert said.decode().splitlines()[-1] == "index.py: interrupted; the next run goes on from here"
        assert b"Traceback" not in said
        assert index.with_suffix(".csv.partial").stat().st_size > 20 * 5760
        assert not index.exists()
        succeed("index.py", "-d", photos, "-i", index)


def test_a_killed_run_leaves_no_process_behind(photos: Path, tmp_path: Path) -> None:
    process = start(photos, tmp_path / "index.csv")
    wait_for_journal(tmp_path / "index.csv", 5)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while members := [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if in_group(pid, process.pid)]:
        assert time.monotonic() < deadline, members
        time.sleep(0.05)


def in_group(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False


def test_the_second_run_on_one_index_says_so_and_stops(photos: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    first = start(photos, index)
    wait_for_journal(index, 1)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        second = run("index.py", "-d", photos, "-i", index)
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert second.returncode == 1
    assert b"is being written by another run" in second.stderr
    assert first.wait() == 0
    first.communicate()
    check_search(index, photos / "2/100.jpg")


def test_a_search_during_indexing_sees_a_whole_index(photos: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    other = tmp_path / "other"
    shutil.copytree(photos, other)
    for number in range(0, PICTURES, 5):
        (other / f"{number % 7}/{number:03}.jpg").unlink()
    succeed("index.py", "-d", photos, "-i", index)
    for folder in (other, photos, other):
        process = start(folder, index, "--rebuild")
        searches = 0
        while process.poll() is None:
            check_search(index, photos / "1/001.jpg")
            searches += 1
        process.communicate()
        assert process.returncode == 0
        assert searches > 0
