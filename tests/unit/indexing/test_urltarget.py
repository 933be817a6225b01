"""Runs over an index of shards that a URL leads to: the truth is the same index in a folder of this machine."""

import errno
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from src.colordescriptor import ColorDescriptor
from src.description import Outcome, Setup
from src.errors import IndexFileError
from src.filebytes import DIGEST_BYTES
from src.fingerprint import LAYOUT
from src.fingerprinter import take_fingerprints
from src.imagefiles import FoundFile
from src.indexer import Options, Report, change_index, index_folder
from src.indexfile import FOLDER_JOURNAL, matching_cache
from src.searcher import Searcher
from src.storing.addresses import folder_of
from src.storing.shardfolder import ShardFolder
from tests.describing import describe_here
from tests.pictures import write_picture

OPTIONS = Options(shard_size=3)


@pytest.fixture(params=["memory", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShardFolder:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if request.param == "s3":
        for name, value in request.getfixturevalue("object_store").environ().items():
            monkeypatch.setenv(name, value)
    return folder_of(f"{request.param}://bucket{tmp_path}/shards/")


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShardFolder:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder_of(f"memory://bucket{tmp_path}/shards/")


def index(photos: Path, address: str) -> Report:
    return index_folder(str(photos), address, ColorDescriptor(), OPTIONS, describe_here)


def assert_is_as_one_file(photos: Path, folder: ShardFolder) -> None:
    """The shards at the URL are the index file of the pictures, and there is nothing else."""
    csv = str(photos.parent / "one.csv")
    index(photos, csv)
    one, many = Searcher(csv), Searcher(folder.address)
    assert list(many.ids) == list(one.ids)
    for image_id in one.ids:
        assert many.explain(one.features_of(image_id), 8) == one.explain(one.features_of(image_id), 8)
    names = folder.names()
    shards = [name for name in names if name.endswith(".csv")]
    assert names == sorted(["manifest.json", *shards, *(f"{name}.cache" for name in shards)])
    rows = b"".join(folder.read(name) for name in shards)
    assert sorted(rows.splitlines()) == sorted(Path(csv).read_bytes().splitlines())


def test_a_url_leads_to_what_an_index_file_holds_whatever_happens(photos: Path, folder: ShardFolder) -> None:
    assert index(photos, folder.address).new == 8
    assert_is_as_one_file(photos, folder)

    write_picture(photos / "4a.png", 77)
    assert (index(photos, folder.address).new, index(photos, folder.address).new) == (1, 0)
    assert_is_as_one_file(photos, folder)
    assert [name for name in folder.names() if name.endswith(".csv")] == [f"part-0000{n}.csv" for n in (0, 2, 3)]

    os.remove(photos / "7.png")
    add = [str(photos / "0a.png")]
    write_picture(photos / "0a.png", 78)
    report = change_index(None, folder.address, add=add, remove=["7.png"], describe=describe_here)
    assert (report.indexed, report.new, report.removed) == (9, 1, 1)
    assert_is_as_one_file(photos, folder)


def test_shards_at_a_url_are_those_of_a_folder_byte_for_byte(photos: Path, memory: ShardFolder) -> None:
    path = f"{photos.parent / 'shards'}/"
    for address in (memory.address, path):
        index(photos, address)
    for name in ("part-00000.csv", "part-00001.csv", "part-00002.csv"):
        assert memory.read(name) == Path(path + name).read_bytes()


def test_a_picture_whose_time_alone_has_changed_costs_no_shard(photos: Path, memory: ShardFolder) -> None:
    index(photos, memory.address)
    before = {name: memory.fetch(name) for name in memory.names() if name.endswith((".csv", ".json"))}
    os.utime(photos / "4.png", (1, 1))
    assert index(photos, memory.address).new == 0
    assert {name: memory.fetch(name) for name in before} == before
    assert len(Searcher(memory.address)) == 8
    assert index(photos, memory.address).new == 0


def test_fingerprints_are_kept_where_the_index_is(photos: Path, memory: ShardFolder) -> None:
    first = take_fingerprints([str(photos)], memory.address, OPTIONS)
    assert first.report.warnings == []
    cache = matching_cache(memory.address)
    assert cache is not None
    (column,) = cache.columns.values()
    assert (column.view(LAYOUT)[:, 0] == first.prints).all()
    assert len(Searcher(memory.address)) == 8


def test_a_server_that_does_not_answer_costs_no_description(photos: Path, memory: ShardFolder) -> None:
    def write_none(work: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        if list(arguments):
            raise OSError(errno.ETIMEDOUT, "no answer", memory.address)
        yield from ()

    with pytest.raises(IndexFileError, match="no answer; the index is as it was"):
        index_folder(str(photos), memory.address, ColorDescriptor(), OPTIONS, describe_here, each=write_none)
    assert os.path.getsize(memory.working_file("index.partial")) > 8 * 1440
    assert index(photos, memory.address).new == 8
    assert_is_as_one_file(photos, memory)


def test_a_run_that_ends_while_it_writes_shards_is_taken_up(photos: Path, memory: ShardFolder) -> None:
    index(photos, memory.address)
    before = memory.read("manifest.json")
    for number in range(8):
        write_picture(photos / f"{number}a.png", 50 + number)

    def write_one(work: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        for number, argument in enumerate(arguments):
            if number == 1:
                raise KeyboardInterrupt
            yield work(argument)

    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), memory.address, ColorDescriptor(), OPTIONS, describe_here, each=write_one)
    assert memory.read("manifest.json") == before
    assert len(Searcher(memory.address)) == 8
    assert os.path.getsize(memory.working_file("index.partial")) > 8 * 1440
    report = index(photos, memory.address)
    assert (report.indexed, report.new) == (16, 8)
    assert_is_as_one_file(photos, memory)


def test_what_workers_have_described_is_taken_up_from_where_they_put_it(photos: Path, folder: ShardFolder) -> None:
    def describe_elsewhere(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        assert setup.recorder is not None
        for start in range(0, len(files), 2):
            some = files[start : start + 2]
            yield from setup.recorder.record(some, list(describe_here(some, setup._replace(recorder=None))))

    def describe_five(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for number, outcome in enumerate(describe_elsewhere(files, setup)):
            if number == 5:
                raise KeyboardInterrupt
            yield outcome

    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), folder.address, ColorDescriptor(), OPTIONS, describe_five)
    assert len(folder.names("described")) == 3
    report = index_folder(str(photos), folder.address, ColorDescriptor(), OPTIONS, describe_elsewhere)
    assert (report.new, report.skips) == (8, [])
    assert_is_as_one_file(photos, folder)


@pytest.mark.parametrize("harm", ["gone", "cut", "another", "cache"])
def test_a_shard_that_is_not_what_the_manifest_says_is_told_and_mended(
    photos: Path, memory: ShardFolder, harm: str
) -> None:
    index(photos, memory.address)
    name = "part-00001.csv"
    if harm == "gone":
        memory.remove([name, f"{name}.cache"])
    elif harm == "cut":
        memory.remove([f"{name}.cache"])
        memory.replace(name, memory.read(name)[:-90])
    elif harm == "another":
        for end in ("", ".cache"):
            memory.replace(name + end, memory.read(f"part-00000.csv{end}"))
    else:
        memory.replace(f"{name}.cache", b"image similarity: nothing")
        assert len(Searcher(memory.address)) == 8
    if harm != "cache":
        with pytest.raises(IndexFileError, match=name):
            Searcher(memory.address)
        assert name in index(photos, memory.address).warnings[0]
    index(photos, memory.address)
    assert_is_as_one_file(photos, memory)


def test_a_shard_that_cannot_be_read_just_now_is_not_described_again(
    photos: Path, memory: ShardFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos, memory.address)
    before = {name: memory.read(name) for name in memory.names()}

    def fail(self: ShardFolder, name: str) -> str:
        raise PermissionError(13, "no permission (Access Denied.)", name)

    with monkeypatch.context() as patch:
        patch.setattr(type(memory), "fetch", fail)
        for use in (lambda: Searcher(memory.address), lambda: index(photos, memory.address)):
            with pytest.raises(IndexFileError, match="csv cannot be read: no permission"):
                use()
    assert {name: memory.read(name) for name in memory.names()} == before
    assert index(photos, memory.address).new == 0


def test_a_run_that_another_machine_has_overtaken_leaves_its_shards_alone(
    photos: Path, memory: ShardFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index(photos, memory.address)
    write_picture(photos / "4a.png", 77)

    def describe_late(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        with monkeypatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache of another machine"))
            assert index(photos, memory.address).new == 1
        write_picture(photos / "4b.png", 78)
        yield from describe_here(files, setup)

    with pytest.raises(IndexFileError, match="written by another run meanwhile: run again"):
        index_folder(str(photos), memory.address, ColorDescriptor(), OPTIONS, describe_late)
    assert len(Searcher(memory.address)) == 9
    assert index(photos, memory.address).indexed == 10
    assert_is_as_one_file(photos, memory)


def test_what_one_machine_has_described_before_it_was_killed_is_at_the_url_for_all_others(
    photos: Path, memory: ShardFolder
) -> None:
    def describe_five(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for number, outcome in enumerate(describe_here(files, setup)):
            if number == 5:
                raise KeyboardInterrupt
            yield outcome

    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), memory.address, ColorDescriptor(), OPTIONS, describe_five)
    journal = Path(memory.working_file(FOLDER_JOURNAL))
    assert journal.stat().st_size > 1000

    def describe_the_rest(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        # Another machine has not got the journal.
        assert journal.stat().st_size < 1000
        assert len(setup.known) == 5 * DIGEST_BYTES
        yield from describe_here(files, setup)

    report = index_folder(str(photos), memory.address, ColorDescriptor(), OPTIONS, describe_the_rest)
    assert (report.indexed, report.new) == (8, 8)
    assert_is_as_one_file(photos, memory)
