"""Fingerprints beside an index: runs that are killed, and what they leave."""

import random
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from src.fingerprinter import take_fingerprints
from src.indexfile import matching_cache
from src.searcher import Searcher
from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, succeed

NAMES = [f"{number % 3}/{number:03}.png" for number in range(120)]
KILLS = 4
# Keeps what it has after every picture, so that most kills meet it while it writes.
PROGRAM = """import sys
from src.fingerprinting import column
from src.fingerprinter import take_fingerprints
column.KEEP_SECONDS = column.KEEP_TIMES = 0
taken = take_fingerprints([sys.argv[1]], sys.argv[2])
print(len(taken.ids), *taken.report.warnings, sep="\\n")
"""


def start(photos: Path, index: Path) -> "subprocess.Popen[str]":
    command = [*PYTHON, "-c", PROGRAM, str(photos), str(index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept(index: Path) -> int:
    cache = matching_cache(str(index))
    assert cache is not None and cache.is_whole(with_features=True)
    return sum(int(column.any(axis=1).sum()) for column in cache.columns.values())


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    return tmp_path / "photos"


def test_a_run_that_is_killed_at_any_moment_goes_on_in_the_next(photos: Path, tmp_path: Path) -> None:
    index, moments, before = tmp_path / "index.csv", random.Random(5), 0
    succeed("index.py", "-d", photos, "-i", index)
    rows = index.read_bytes()
    for _ in range(KILLS):
        process = start(photos, index)
        while kept(index) == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.02))
        process.kill()
        process.communicate()
        assert index.read_bytes() == rows
        assert len(Searcher(str(index))) == len(NAMES)
        assert kept(index) > before
        before = kept(index)
    output, errors = start(photos, index).communicate()
    assert (output, errors) == (f"{len(NAMES)}\n", "")
    assert sorted(path.name for path in tmp_path.glob("*index.csv*")) == ["index.csv", "index.csv.cache"]
    taken, wanted = take_fingerprints([str(photos)], str(index)), take_fingerprints([str(photos)])
    assert list(taken.ids) == list(wanted.ids)
    np.testing.assert_array_equal(taken.prints, wanted.prints)
