import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

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
