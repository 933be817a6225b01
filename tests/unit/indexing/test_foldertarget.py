"""Runs over an index of shards, called as the doors call them: the truth is an index file of the same pictures."""

import errno
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from src.colordescriptor import ColorDescriptor
from src.description import Outcome, Setup
from src.errors import IndexFileError
from src.imagefiles import FoundFile
from src.indexer import Options, Report, change_index, index_folder, lock_index
from src.indexing.foldertarget import FolderTarget
from src.searcher import Searcher
from tests.describing import describe_here
from tests.pictures import write_picture

SIZE = 3
OPTIONS = Options(shard_size=SIZE)


def index(photos: Path, **options: object) -> Report:
    """Index eight pictures into shards of three."""
    wanted = Options(shard_size=SIZE, **options)  # type: ignore[arg-type]
    return index_folder(str(photos), f"{photos.parent / 'shards'}/", ColorDescriptor(), wanted, describe_here)


def shards_of(photos: Path) -> list[dict[str, object]]:
    shards: list[dict[str, object]] = json.loads((photos.parent / "shards" / "manifest.json").read_bytes())["shards"]
    return shards


def names(photos: Path) -> list[str]:
    return [str(shard["name"]) for shard in shards_of(photos)]


def assert_is_as_one_file(photos: Path) -> None:
    """The shards, one after the other, are the index file of the folder, and there is nothing else."""
    folder, csv = photos.parent / "shards", photos.parent / "one.csv"
    index_folder(str(photos), str(csv), ColorDescriptor(), describe=describe_here)
    assert b"".join((folder / name).read_bytes() for name in names(photos)) == csv.read_bytes()
    own = {name for shard in names(photos) for name in (shard, f"{shard}.cache")}
    assert {name for name in os.listdir(folder) if os.path.isfile(folder / name)} == own | {"manifest.json"}
    assert not any((folder / "described").glob("*"))
    one, many = Searcher(str(csv)), Searcher(str(folder))
    assert list(many.ids) == list(one.ids)
    for image_id in one.ids:
        assert many.explain(one.features_of(image_id), 8) == one.explain(one.features_of(image_id), 8)
        assert (many.features_of(image_id) == one.features_of(image_id)).all()


def test_an_index_of_shards_is_the_index_file_cut_into_pieces(photos: Path) -> None:
    report = index(photos)
    assert (report.indexed, report.new) == (8, 8)
    assert [shard["images"] for shard in shards_of(photos)] == [3, 3, 2]
    assert_is_as_one_file(photos)


def test_a_run_that_finds_nothing_new_writes_no_shard(photos: Path) -> None:
    index(photos)
    folder = photos.parent / "shards"
    # Caches may get to know times of files that were too new to be believed.
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix != ".cache"}
    assert index(photos).new == 0
    assert {name: (folder / name).stat().st_mtime_ns for name in before} == before
    assert_is_as_one_file(photos)


def test_only_the_shard_of_a_new_picture_is_written(photos: Path) -> None:
    index(photos)
    write_picture(photos / "4a.png", 77)
    report = index(photos)
    assert (report.indexed, report.new) == (9, 1)
    assert names(photos) == ["part-00000.csv", "part-00003.csv", "part-00002.csv"]
    assert_is_as_one_file(photos)


def test_add_and_remove_write_only_the_shards_that_they_touch(photos: Path) -> None:
    index(photos)
    write_picture(photos / "0a.png", 78)
    shards = str(photos.parent / "shards")
    report = change_index(None, shards, add=[str(photos / "0a.png")])
    assert (report.indexed, report.new) == (9, 1)
    assert names(photos) == ["part-00003.csv", "part-00001.csv", "part-00002.csv"]
    os.remove(photos / "7.png")
    change_index(None, shards, remove=["7.png"])
    assert names(photos) == ["part-00003.csv", "part-00001.csv", "part-00004.csv"]
    assert_is_as_one_file(photos)


def test_a_picture_that_moves_to_another_shard_is_not_described_again(photos: Path) -> None:
    index(photos)
    (photos / "0.png").rename(photos / "9.png")
    report = index(photos)
    assert (report.new, report.moved, report.indexed) == (0, 1, 8)
    assert_is_as_one_file(photos)


def test_whatever_happens_to_a_folder_shards_follow_as_an_index_file_does(photos: Path) -> None:
    index(photos)
    for step, name in enumerate(["2a.png", "2b.png", "2c.png", "2d.png", "0.png", "aa.png"]):
        write_picture(photos / name, 100 + step)
        index(photos)
    for name in ("2.png", "2a.png", "2b.png", "2c.png", "2d.png"):
        os.remove(photos / name)
    index(photos)
    assert_is_as_one_file(photos)


@pytest.mark.parametrize("harm", ["gone", "cut", "changed", "another", "cache"])
def test_a_shard_that_is_not_what_the_manifest_says_is_an_error_and_the_next_run_mends_it(
    photos: Path, harm: str
) -> None:
    index(photos)
    folder = photos.parent / "shards"
    shard = folder / names(photos)[1]
    if harm == "gone":
        shard.unlink()
    elif harm == "cut":
        shard.write_bytes(shard.read_bytes()[:-90])
    elif harm == "changed":
        shard.write_bytes(shard.read_bytes().replace(b"3.png", b"3.jpg"))
    elif harm == "another":
        shutil.copy(folder / names(photos)[0], shard)
    else:
        shard.with_name(shard.name + ".cache").write_bytes(b"image similarity: nothing")
        assert len(Searcher(str(folder))) == 8
    if harm != "cache":
        with pytest.raises(IndexFileError, match="part-00001.csv"):
            Searcher(str(folder))
        assert "part-00001.csv" in index(photos).warnings[0]
    index(photos)
    assert_is_as_one_file(photos)


def test_a_manifest_that_is_damaged_or_of_others_is_named(photos: Path) -> None:
    index(photos)
    manifest = photos.parent / "shards" / "manifest.json"
    whole = manifest.read_bytes()
    odd = [whole.replace(b'"0.png"', first) for first in (b"[]", b"null", b"7", b'"3.png"')]
    odd += [whole.replace(b'"next_number": 3', b'"next_number": 1000000000'), whole.replace(b"photos", b"\\ud800")]
    odd += [whole.replace(b'"next_number": 3', number) for number in (b'"next_number": 2', b'"next_number": true')]
    odd += [whole.replace(b"chi-squared", b"odd"), whole.replace(b"1440", b"1" * 5000), whole.replace(b"1440", b"7")]
    odd += [whole.replace(b"1440", b"100000000").replace(b"hsv", b"odd")]
    for cache in manifest.parent.glob("*.cache"):
        cache.unlink()
    for data in (b"", whole[:-40], b"[]", b'{"name": "app"}', whole.replace(b"part-00000", b"../one"), *odd):
        manifest.write_bytes(data)
        for use in (lambda: Searcher(str(photos.parent / "shards")), lambda: index(photos)):
            with pytest.raises(IndexFileError, match="manifest.json|with 7 numbers"):
                use()
        assert manifest.read_bytes() == data


@pytest.mark.parametrize("name", ["manifest.json", f"described/{'0' * 32}"])
def test_a_pipe_in_the_place_of_a_file_is_named_and_not_waited_for(photos: Path, name: str) -> None:
    index(photos)
    place = photos.parent / "shards" / name
    place.unlink(missing_ok=True)
    place.parent.mkdir(exist_ok=True)
    os.mkfifo(place)
    with pytest.raises((IndexFileError, OSError), match="it is not a regular file"):
        index(photos)
    with pytest.raises(IndexFileError, match="cannot be read") if name == "manifest.json" else nullcontext():
        Searcher(str(photos.parent / "shards"))


def test_a_folder_of_other_files_is_no_place_for_an_index(photos: Path) -> None:
    with pytest.raises(IndexFileError, match="other files"):
        index_folder(str(photos), f"{photos}/", ColorDescriptor())
    with pytest.raises(IndexFileError, match="is a folder and is not an index"):
        index_folder(str(photos), str(photos), ColorDescriptor())


def test_an_index_of_shards_in_its_dataset_folder_is_no_part_of_it(photos: Path) -> None:
    report = index_folder(str(photos), f"{photos / 'shards'}/", ColorDescriptor(), describe=describe_here)
    report = index_folder(str(photos), f"{photos / 'shards'}/", ColorDescriptor(), describe=describe_here)
    assert (report.indexed, report.skips) == (8, [])


def test_a_run_that_ends_while_it_writes_shards_leaves_the_index_as_it_was_and_the_next_one_goes_on(
    photos: Path,
) -> None:
    index(photos)
    before = (photos.parent / "shards" / "manifest.json").read_bytes()
    files = set(os.listdir(photos.parent / "shards"))
    for number in range(8):
        write_picture(photos / f"{number}a.png", 50 + number)

    def write_one(work: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        for number, argument in enumerate(arguments):
            if number == 1:
                raise KeyboardInterrupt
            yield work(argument)

    shards = f"{photos.parent / 'shards'}/"
    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), shards, ColorDescriptor(), each=write_one)
    assert (photos.parent / "shards" / "manifest.json").read_bytes() == before
    assert set(os.listdir(photos.parent / "shards")) == files | {"index.partial"}
    assert len(Searcher(shards)) == 8

    report = index(photos)
    assert (report.indexed, report.new) == (16, 8)
    assert_is_as_one_file(photos)


def describe_elsewhere(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Describe as workers of a cluster do: two pictures at a time, whose vectors stay where they are described."""
    assert setup.recorder is not None
    for start in range(0, len(files), 2):
        some = files[start : start + 2]
        yield from setup.recorder.record(some, list(describe_here(some, setup._replace(recorder=None))))


def test_what_others_have_described_is_written_by_whoever_writes_the_shards(photos: Path) -> None:
    shards, options = f"{photos.parent / 'shards'}/", Options(shard_size=SIZE)
    shutil.copy(photos / "1.png", photos / "6a.png")

    def describe_five(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for number, outcome in enumerate(describe_elsewhere(files, setup)):
            if number == 5:
                raise KeyboardInterrupt
            yield outcome

    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), shards, ColorDescriptor(), options, describe_five)
    assert len(os.listdir(Path(shards) / "described")) == 3
    report = index_folder(str(photos), shards, ColorDescriptor(), options, describe_elsewhere)
    assert (report.new, report.skips) == (9, [])
    assert_is_as_one_file(photos)


def test_what_others_have_described_for_a_run_over_all_is_not_used_up_by_another(photos: Path) -> None:
    index(photos)
    for number in range(4):
        write_picture(photos / f"{number}a.png", 50 + number)

    def describe_three(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for _, outcome in zip(range(3), describe_elsewhere(files, setup), strict=False):
            yield outcome
        raise KeyboardInterrupt

    shards = f"{photos.parent / 'shards'}/"
    with pytest.raises(KeyboardInterrupt):
        index_folder(str(photos), shards, describe=describe_three)
    described = set(os.listdir(Path(shards) / "described"))
    write_picture(photos / "9.png", 60)
    change_index(None, shards, add=[str(photos / "9.png")], describe=describe_here)
    assert set(os.listdir(Path(shards) / "described")) == described
    assert index(photos).new == 4
    assert_is_as_one_file(photos)


def test_an_index_that_did_not_come_to_be_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexFileError, match="no image"):
        index_folder(str(tmp_path / "empty"), f"{tmp_path / 'shards'}/", ColorDescriptor())
    assert not (tmp_path / "shards").exists()


def test_what_a_killed_run_has_left_goes_with_the_next_and_what_is_of_others_stays(photos: Path) -> None:
    index(photos)
    folder = photos.parent / "shards"
    left = ["part-00007.csv", "part-00007.csv.cache", "part-00001.csv.partial", f"described/{16 * '0f'}"]
    left += [".part-00000.csv.cache-00c0ffee.new", "part-00003.csv.1f-00c0ffee.new", "manifest.json.1f-00c0ffee.new"]
    others = ["notes.new", "described/mine.new", "described/mine", "part-00007.txt", "part-00001.csv.bak", "x.partial"]
    (folder / "described").mkdir()
    for name in (*left, *others):
        (folder / name).write_bytes(b"")
    index(photos)
    assert not [name for name in left if (folder / name).exists()]
    assert not [name for name in others if not (folder / name).exists()]
    assert list(Searcher(str(folder)).ids) == [f"{number}.png" for number in range(8)]


def test_a_folder_is_written_by_one_run_at_a_time(photos: Path) -> None:
    index(photos)
    shards = str(photos.parent / "shards")
    journal = lock_index(shards, "another", 1440)
    try:
        with pytest.raises(IndexFileError, match="shards/ is being written by another run"):
            index(photos)
    finally:
        journal.close(finished=False)
    assert_is_as_one_file(photos)


def test_a_run_that_cannot_clear_up_lets_go_of_the_index(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(target: FolderTarget) -> None:
        raise PermissionError(errno.EACCES, "no permission", target.path)

    with monkeypatch.context() as patch, pytest.raises(PermissionError) as caught:
        patch.setattr(FolderTarget, "clear_up", refuse)
        index(photos)
    assert index(photos).new == 8, caught


def test_a_folder_that_somebody_has_made_stays_even_if_no_index_comes_to_be(tmp_path: Path) -> None:
    for name in ("empty", "shards"):
        (tmp_path / name).mkdir()
    with pytest.raises(IndexFileError, match="no image"):
        index_folder(str(tmp_path / "empty"), f"{tmp_path / 'shards'}/", ColorDescriptor())
    assert os.listdir(tmp_path / "shards") == []


def test_a_shard_is_searched_alone_and_written_only_with_the_index_that_it_is_of(photos: Path) -> None:
    index(photos)
    shard = photos.parent / "shards" / "part-00001.csv"
    assert list(Searcher(str(shard)).ids) == ["3.png", "4.png", "5.png"]
    with pytest.raises(IndexFileError, match="a part of an index of shards: name that"):
        index_folder(str(photos), str(shard), ColorDescriptor())
    assert_is_as_one_file(photos)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_new_shards_are_as_private_as_the_index(photos: Path) -> None:
    index(photos)
    folder = photos.parent / "shards"
    (folder / "manifest.json").chmod(0o600)
    write_picture(photos / "4a.png", 77)
    index(photos)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.glob("*.*")}
    new = ("manifest.json", "part-00003.csv", "part-00003.csv.cache")
    assert {name for name, mode in modes.items() if mode == 0o600} == set(new)


def test_an_index_whose_names_sort_otherwise_in_this_locale_is_brought_up_to_date(photos: Path) -> None:
    index(photos)
    folder = photos.parent / "shards"
    # As a locale leaves it that reads the bytes of 3.png as a name behind all others, and 6.png before all.
    told = json.loads((folder / "manifest.json").read_bytes())
    for shard, first in zip(told["shards"], ("0.png", "zz.png", "-.png"), strict=True):
        shard["first"] = first
    (folder / "manifest.json").write_text(json.dumps(told))
    assert len(Searcher(str(folder))) == 8
    write_picture(photos / "4a.png", 77)
    assert index(photos).indexed == 9
    assert_is_as_one_file(photos)


def test_an_index_of_shards_lies_where_a_url_leads(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(photos.parent / "cache"))
    index_folder(str(photos), "memory://far/shards", ColorDescriptor(), OPTIONS, describe_here)
    write_picture(photos / "4a.png", 77)
    new = [str(photos / "4a.png")]
    assert change_index(None, "memory://far/shards/", ColorDescriptor(), describe=describe_here, add=new).indexed == 9
    near = index_folder(str(photos), f"file://{photos.parent}/shards", ColorDescriptor(), OPTIONS, describe_here)
    far, own = Searcher("memory://far/shards"), Searcher(str(photos.parent / "shards"))
    query = own.features_of("4a.png")
    assert near.indexed == 9 and far.explain(query, 9) == own.explain(query, 9)


def test_rebuilt_for_another_size_all_shards_are_cut_anew(photos: Path) -> None:
    index(photos)
    index_folder(str(photos), f"{photos.parent / 'shards'}/", ColorDescriptor(), Options(shard_size=5, rebuild=True))
    assert [shard["images"] for shard in shards_of(photos)] == [5, 3]
    assert_is_as_one_file(photos)


def test_a_shard_that_somebody_has_written_elsewhere_does_not_replace_what_is_there(photos: Path) -> None:
    """A worker that has another folder in the same place writes it there."""
    index(photos)
    before = {name: (photos.parent / "shards" / name).read_bytes() for name in names(photos)}
    write_picture(photos / "new.png", 99)

    def elsewhere(work: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[Any]:
        for one in arguments:
            yield work(one)
            if hasattr(one, "pieces"):
                os.remove(photos.parent / "shards" / one.name)

    with pytest.raises(IndexFileError, match=r"part-00003\.csv was written elsewhere: all workers need the folder"):
        index_folder(str(photos), f"{photos.parent / 'shards'}/", None, OPTIONS, describe_here, each=elsewhere)
    assert {name: (photos.parent / "shards" / name).read_bytes() for name in names(photos)} == before
    index(photos)
    assert_is_as_one_file(photos)
