"""A run over an index of shards dies before each thing that it does to a file; the next one finishes its work."""

import json
import os
import shutil
import signal
import sys
import warnings
from collections.abc import Generator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.description import Outcome, Setup
from src.filebytes import content_digest, read_bytes
from src.imagefiles import FoundFile
from src.indexer import Options, index_folder
from src.searcher import Searcher
from src.storing import info
from tests.pictures import write_picture, write_pictures

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")

TOUCHING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
TIMES = 1_000_000_000_000_000_000


def describe(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Make up vectors: OpenCV does not work in a process that was forked."""
    for number, file in enumerate(files):
        digest = content_digest(read_bytes(file.path))
        vector = np.random.default_rng(list(digest)).random(setup.recipe.descriptor.dimension, np.float32)
        yield Outcome(number, digest, vector)


def index(photos: Path, target: str) -> None:
    index_folder([str(photos)], target, ColorDescriptor(), Options(shard_size=3), describe)


def is_killed(photos: Path, folder: Path, touches: int) -> bool:
    """Index in a process that kills itself once it has touched files of the folder so many times."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions of Python warn of threads, which this child does not use
        child = os.fork()
    if child == 0:
        left = count(touches, -1)

        def note(event: str, told: tuple[object, ...]) -> None:
            writes = event == "open" and isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR)
            if (event in TOUCHING or writes) and str(told[0]).startswith(str(folder)) and next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(note)
        try:
            index(photos, f"{folder}/")
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(("has_old", "stride"), [(False, 4), (True, 1)])
def test_a_run_that_is_killed_before_any_step_leaves_a_whole_index_and_costs_nothing_but_time(
    tmp_path: Path, has_old: bool, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody changes a shard once it is written here, so there is no need to wait until that would show.
    monkeypatch.setattr(info, "TWO_TICKS_NS", 0)
    photos, old = tmp_path / "photos", tmp_path / "old"
    write_pictures(photos, [f"{number}.png" for number in range(8)])
    before = set()
    if has_old:
        index(photos, f"{old}/")
        before = set(os.listdir(photos))
        os.remove(photos / "4.png")
        write_picture(photos / "0.png", 50)
        write_picture(photos / "4a.png", 51)
    for name in os.listdir(photos):
        os.utime(photos / name, ns=(TIMES, TIMES))
    index(photos, str(tmp_path / "one.csv"))
    for step in count(0, stride):
        folder = tmp_path / f"shards{step}"
        if has_old:
            shutil.copytree(old, folder)
        killed = is_killed(photos, folder, step)
        if has_old or (folder / "manifest.json").exists():
            assert set(Searcher(str(folder)).ids) in (before, set(os.listdir(photos)))
        index(photos, f"{folder}/")
        shards = [shard["name"] for shard in json.loads((folder / "manifest.json").read_bytes())["shards"]]
        assert b"".join((folder / name).read_bytes() for name in shards) == (tmp_path / "one.csv").read_bytes()
        assert {*os.listdir(folder)} == {*shards, *(f"{name}.cache" for name in shards), "manifest.json"}
        shutil.rmtree(folder)
        if not killed:
            break
    assert step > 20
