"""A cache that somebody made to hurt: its checksums are right, and what it says is not."""

import json
import os
import random
import resource
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from src import indexfile
from src.colordescriptor import ColorDescriptor
from src.errors import IndexFileError
from src.searcher import Searcher
from src.storing import cachefile
from src.storing.rowtext import numbers_text
from src.storing.writer import NewRows, write_index
from tests.forging import VALUES, forge, parted, places
from tests.programs import PYTHON, ROOT
from tests.smallindex import STATES

NAMES = ["a.jpg", "b, c.png", "\N{GREEK SMALL LETTER BETA}/x.jpg", "z.jpg"]
VECTORS = np.random.default_rng(0).random((4, 1440), np.float32) * (np.arange(1440) % 3 == 0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index.csv"
    color = ColorDescriptor()
    info = indexfile.IndexInfo(color.name, color.dimension, key="test", folder="/photos")
    rows = NewRows(NAMES, STATES, VECTORS, [numbers_text(one) for one in VECTORS])
    write_index(str(path), [rows], info)
    return path


def use(index: Path) -> None:
    """Ask for all that a cache can be asked for; an IndexFileError is an answer, too."""
    with suppress(IndexFileError):
        searcher = Searcher(str(index))
        searcher.explain(VECTORS[1], limit=9)
        assert "b.jpg" not in searcher
    if (cache := indexfile.read_cache(str(index))) is not None and cache.is_whole(with_features=True):
        assert len(cache.ids[:]) == len(cache.states()) == len(cache)


@pytest.mark.parametrize("is_large", [False, True])
def test_whatever_its_table_says_no_traceback_and_no_wrong_answer(
    index: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool
) -> None:
    if is_large:  # so that it is not checked before it is used
        monkeypatch.setattr(cachefile, "LARGEST_CHECKED_AT_ONCE", 0)
    body, table = parted(index)
    chance = random.Random(8)
    for way in places(table):
        for value in chance.sample(VALUES, 5):
            forged = json.loads(json.dumps(table))
            place = forged
            for step in way[:-1]:
                place = place[step]
            place[way[-1]] = value
            with suppress(AttributeError, TypeError, KeyError):  # the forger fails, not we
                forge(index, body, forged)
            use(index)


@pytest.mark.parametrize("is_large", [False, True])
def test_whatever_its_sections_hold_no_traceback(index: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool) -> None:
    if is_large:
        monkeypatch.setattr(cachefile, "LARGEST_CHECKED_AT_ONCE", 0)
    body, table = parted(index)
    chance = random.Random(9)
    for _ in range(150):
        forged = bytearray(body)
        name = chance.choice(["names", "ends", "lines", "states", "digests", "chunk"])
        chunk = table["features"]["chunks"][0]
        start = chunk["start"] if name == "chunk" else table["sections"][name]["start"]
        size = chunk["size"] if name == "chunk" else 32
        for _ in range(chance.choice([1, 3, 8])):
            forged[min(start + chance.randrange(size), len(forged) - 1)] = chance.choice([0, 1, 0x7F, 0x80, 0xFF])
        forge(index, bytes(forged), table)
        use(index)


def test_rows_that_are_none_are_told_in_a_line_and_numbers_that_are_none_in_no_line(index: Path) -> None:
    body, table = parted(index)
    packed = body.index(VECTORS[0][VECTORS[0] > 0].tobytes())
    bits = packed - 180  # of 1440 bins
    forge(index, body[:bits] + bytes(7) + body[bits + 7 :], table)
    cache = indexfile.read_cache(str(index))
    assert cache is not None
    with pytest.raises(IndexFileError, match=r"index.csv.cache is damaged: remove it and run again"):
        cache.rows(0, 4)
    with pytest.raises(IndexFileError, match="is damaged"):
        Searcher(str(index)).explain_many(VECTORS)
    nothing = np.array([np.nan, np.inf, -np.inf, -3e38, 3e38], "<f4").tobytes() * 20
    forge(index, body[:packed] + nothing + body[packed + len(nothing) :], table)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(Searcher(str(index)).search_many(VECTORS, 9)) == 4
        Searcher(str(index)).search(VECTORS[0], 9)


@pytest.mark.parametrize("dimension", [30_000_000, 300_000_000])
def test_numbers_that_are_claimed_and_not_there_cost_no_memory(index: Path, dimension: int) -> None:
    body, table = parted(index)
    table["dimension"] = table["features"]["dimension"] = dimension
    table["features"]["chunks"], table["features"]["merging"] = [], 0
    for section in table["sections"].values():
        section["shape"][0] = 0
    table["sections"]["lines"]["shape"] = [1]
    forge(index, body, table)
    assert_costs_little("search.py", "-i", index, "-q", ROOT / "queries" / "none.jpg", "--no-window")


def test_a_line_of_gigabytes_in_a_csv_of_holes_is_not_read(index: Path) -> None:
    size = 5_000_000_000
    os.truncate(index, size)
    body, table = parted(index)
    status = index.stat()
    for stamp in ((size, 0, 0), (size, status.st_mtime_ns, status.st_ctime_ns)):
        table["csv"] = dict(zip(("size", "mtime_ns", "ctime_ns"), stamp, strict=True))
        start = table["sections"]["lines"]["start"]
        lines = np.array([0, 0, 0, 0, size], "<i8").tobytes()
        forge(index, body[:start] + lines + body[start + len(lines) :], table)
        assert_costs_little("search.py", "-i", index, "-q", ROOT / "queries" / "none.jpg", "--no-window")
        assert_costs_little("index.py", "-i", index, "--remove", "none.jpg")


def test_a_table_of_a_million_nothings_costs_no_memory_and_sections_cannot_share_their_bytes(index: Path) -> None:
    body, table = parted(index)
    forge(index, body, {**table, "more": [{} for _ in range(1_000_000)]})
    assert indexfile.read_cache(str(index)) is None
    digests = table["sections"]["digests"]
    shared = {f"column {number}": digests for number in range(3000)}
    forge(index, body, {**table, "sections": {**table["sections"], **shared}})
    assert indexfile.read_cache(str(index)) is None
    forge(index, body, {**table, "sections": {**table["sections"], "column a": digests}})
    assert indexfile.read_cache(str(index)) is not None


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\udcff\ud800x"])
def test_names_that_no_file_can_have_are_not_taken_from_a_cache(index: Path, name: str) -> None:
    body, table = parted(index)
    for folder in ("folder", "relative_folder"):
        forge(index, body, {**table, folder: name})
        assert indexfile.read_cache(str(index)) is None
    start = table["sections"]["names"]["start"]
    text = name.encode("utf-8", "surrogatepass")
    forge(index, body[:start] + text + body[start + len(text) :], table)
    assert indexfile.read_cache(str(index)) is None


@pytest.mark.parametrize("suffix", [".partial", ".adding", ".cache", ".cache.added"])
def test_a_file_beside_the_index_of_any_size_and_nothing_in_it_costs_no_memory(index: Path, suffix: str) -> None:
    head = b"image similarity journal 2, test\n" + b"\xff" * 8 if suffix == ".partial" else b"image similarity"
    if suffix == ".adding":
        head = b"image similarity rows to append 1\n" + index.stat().st_size.to_bytes(8, "little")
    with open(f"{index}{suffix}", "wb") as file:
        file.write(head)
        file.truncate(5_000_000_000)
    assert_costs_little("search.py", "-i", index, "-q", ROOT / "queries" / "none.jpg", "--no-window")
    assert_costs_little("index.py", "-i", index, "--remove", "none.jpg")


def test_a_csv_of_holes_costs_no_memory(index: Path) -> None:
    limit = 400_000_000  # a row may be a megabyte long, and 512 of them are a block
    text = index.read_bytes()
    for cache in (True, False):
        for head in (text, b"", b'"a'):
            index.write_bytes(head)
            os.truncate(index, 5_000_000_000)
            assert_costs_little(
                "search.py", "-i", index, "-q", ROOT / "queries" / "none.jpg", "--no-window", limit=limit
            )
        if cache:
            os.remove(f"{index}.cache")


def assert_costs_little(program: str, *arguments: object, limit: int = 1_500_000_000) -> None:
    """Run a program that must end in one line; of address space, numpy and OpenCV take two thirds of a gigabyte."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

    command = [*PYTHON, str(ROOT / program), *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, preexec_fn=bound)  # noqa: PLW1509
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1 and "Traceback" not in ended.stderr
