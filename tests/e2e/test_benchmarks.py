import json
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import cluster as clusterbenchmark
from benchmarks import clustersearch
from src.commands import index as index_command
from src.imagereader import read_image
from tests.clusters import TestCluster
from tests.programs import succeed_here

PROJECT = Path(__file__).resolve().parents[2]


def test_the_search_benchmark_finds_the_same_rows_as_the_scan(tmp_path: Path) -> None:
    photos, random = tmp_path / "photos", np.random.default_rng(0)
    photos.mkdir()
    for number in range(6):
        coarse = random.integers(0, 256, (4, 5, 3), dtype=np.uint8)
        cv2.imwrite(str(photos / f"{number}.png"), cv2.resize(coarse, (60, 48), interpolation=cv2.INTER_CUBIC))
    command = [
        sys.executable, "benchmarks/search.py", "--rows", "40", "90", "--queries", "4",
        "--dataset", str(photos), "--scratch", str(tmp_path), "--json", str(tmp_path / "times.json"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "90 rows" in done.stdout
    for result in json.loads((tmp_path / "times.json").read_text())["results"]:
        ours, scan, *others = result["ways"]
        assert (ours["way"], ours["same_answers"], ours["of"]) == ("this project", 4, 4)
        assert scan["times_the_scan"] == 1
        assert {"CSV loop in Python", "cv2.compareHist"} <= {way["way"] for way in others}
        assert all(way["recall"] > 0.9 for way in others)
        assert result["open_ms"] > 0
        assert result["batch_of_100"] > 0
    rows = np.fromfile(next(tmp_path.glob("rows-*-90.float32")), np.float32).reshape(90, 1440)
    assert 0.01 < (rows > 0).mean() < 0.6


def draw_photos(folder: Path, count: int) -> None:
    """Write pictures of coarse colours, each another one."""
    random = np.random.default_rng(0)
    folder.mkdir()
    for number in range(count):
        coarse = random.integers(0, 256, (4, 5, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{number}.jpg"), cv2.resize(coarse, (90, 72), interpolation=cv2.INTER_CUBIC))


def test_copies_are_what_their_names_say(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", 3)
    command = [
        sys.executable, "benchmarks/copies.py", "--dataset", str(tmp_path / "photos"),
        "--output", str(tmp_path / "copies"), "--photos", "2", "--alone", "1",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "copies" / "alone").iterdir())) == 1
    groups = sorted((tmp_path / "copies").glob("000*"))
    assert len(groups) == 2
    for group in groups:
        original = group / "original.jpg"
        pixels = read_image(str(original))
        assert (group / "file-copy.jpg").read_bytes() == original.read_bytes()
        same = [read_image(str(path)) for path in group.glob("picture-*")]
        assert len(same) == 7
        assert all(np.array_equal(pixels, other) for other in same)
        # A profile that is kept says which colours are meant; one that is lost leaves them pale.
        kept, lost = (read_image(str(group / f"profile{lost}-adobe-rgb.jpg")) for lost in ("", "-lost"))
        assert np.abs(kept - pixels.astype(float)).mean() < 3 < np.abs(lost - pixels.astype(float)).mean()
        assert read_image(str(group / "turn-6.jpg")).shape == (90, 72, 3)
        assert not any(np.array_equal(pixels, read_image(str(path))) for path in group.glob("crop-*"))
    again = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert again.returncode == 1
    assert again.stderr == f"{tmp_path / 'copies'}: is there already; name a new folder\n"


def test_the_serving_benchmark_asks_without_an_error(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    draw_photos(photos, 4)
    command = [
        sys.executable, "benchmarks/serving.py", "--rows", "60", "--clients", "3", "--seconds", "0.3",
        "--dataset", str(photos), "--scratch", str(tmp_path), "--json", str(tmp_path / "serving.json"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "60 rows" in done.stdout
    result = json.loads((tmp_path / "serving.json").read_text())
    for one, clients in zip(result["served"], (1, 3), strict=True):
        assert (one["clients"], one["errors"]) == (clients, 0)
        assert one["requests"] >= clients
        assert 0 < one["describe_ms"] < one["mean_ms"]
    assert result["share_of_time"] > 0  # and below 1, where nothing else uses the machine


def index_in_this_process(folder: Path, path: str, *options: str) -> float:
    start = time.perf_counter()
    succeed_here(index_command.main, "-d", folder, "-i", path, *options)
    return time.perf_counter() - start


def test_the_cluster_benchmarks_get_the_same_in_all_ways(
    cluster: TestCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_photos(tmp_path / "photos", 3)
    dataset = ["--dataset", str(tmp_path / "photos"), "--scratch", str(tmp_path)]
    # One worker more than those that are there, for each.
    for benchmark in (clusterbenchmark, clustersearch):
        monkeypatch.setattr(benchmark, "TestCluster", lambda *_, **__: nullcontext(cluster))
    # Programs that do the same are started by other tests.
    monkeypatch.setattr(clusterbenchmark, "index", index_in_this_process)
    one = ["--workers", "1", *dataset]
    options = ["--jobs", "1", "--photos", "12", "--rounds", "1", "--into", "shards", "--shard-size", "5"]
    assert clusterbenchmark.main([*options, *one, "--json", str(tmp_path / "cluster.json")]) == 0
    ways = json.loads((tmp_path / "cluster.json").read_text())["shards"]
    assert list(ways) == ["plain threads", "--cluster local", "1 workers"]
    assert all(way["ratio"] > 0 for way in ways.values())

    options = ["--shards", "3", "--rows", "40", "--queries", "10", "--clients", "3", "--seconds", "0.2"]
    assert clustersearch.main([*options, *one, "--json", str(tmp_path / "search.json")]) == 0
    (result,) = json.loads((tmp_path / "search.json").read_text())
    assert result["rows"] == 120
    for way in ("one file", "shards, one process", "shards, cluster"):
        assert 0 < result[way]["alone"]["p50_ms"] <= result[way]["alone"]["p99_ms"]
        assert result[way]["together"]["a_second"] > 0


def test_candidates_that_prove_the_nearest_three_hold_them(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", 5)
    indexes = [sys.executable, "benchmarks/rowindex.py", "--rows", "60", "--shards", "2"]
    places = ["--dataset", str(tmp_path / "photos")]
    made = subprocess.run([*indexes, *places, "--scratch", str(tmp_path)], cwd=PROJECT, check=True, capture_output=True)
    file, folder = made.stdout.decode().split()[-2:]
    assert Path(folder, "manifest.json").exists()
    command = [
        sys.executable, "benchmarks/candidates.py", file, "--queries", "6", "--json", str(tmp_path / "left.json")
    ]  # fmt: skip
    done = subprocess.run([*command, *places], cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (result,) = json.loads((tmp_path / "left.json").read_text())["results"]
    assert result["rows"] == 120
    for one in (result["indexed"], result["not indexed"]):
        assert all(proven <= held for proven, held in zip(one["proves"], one["holds"], strict=True))
        assert one["proves"][3] == 1  # a list of 300 has them all
        left = one["left"]
        assert left["8 bins"][0] >= left["24 bins"][0] >= left["192 bins"][0] >= 3
        assert left["H2/2"][0] >= 3
