import json
import os
import shutil
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.errors import IndexFileError
from src.indexfile import Cache, IndexInfo, open_index
from src.searcher import Searcher
from src.storing.append import appending
from src.storing.cache import TRAILER
from src.storing.freshness import matching_cache, settle_append
from src.storing.journal import UNKNOWN_TIME, FileState, Journal
from src.storing.rowtext import numbers_text
from src.storing.writer import CopiedRows, NewRows, append_rows, write_index

NAMES = ["a.jpg", "b, c.png", "x\udcff.jpg", "z/two\nlines.jpg"]
INFO = IndexInfo("test", 6, key="test 1", folder="/photos")


STATES = [FileState(100 + number, 10**18, 10**18 - number, bytes([number]) * 16) for number in range(len(NAMES))]


def features(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((len(NAMES), 6), np.float32)


def rows(seed: int = 0) -> NewRows:
    return NewRows(NAMES, STATES, features(seed), [numbers_text(one) for one in features(seed)])


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "index.csv")
    write_index(path, [rows()], INFO)
    return path


def opened(path: str) -> Cache:
    return open_index(path, lambda _: IndexInfo("test", 6))


def assert_holds(index: Cache, seed: int = 0) -> None:
    assert list(index.ids) == NAMES
    assert index.ids[0:9] == NAMES
    np.testing.assert_array_equal(index.rows(0, len(NAMES)), features(seed))


def test_an_index_is_read_from_its_cache_and_from_its_csv_alike(path: str) -> None:
    assert matching_cache(path) is not None
    assert_holds(opened(path))
    os.remove(path + ".cache")
    assert_holds(opened(path))


def test_the_cache_knows_files_and_folder(path: str) -> None:
    cache = matching_cache(path)
    assert cache is not None
    assert cache.states() == STATES
    assert opened(path).folder == "/photos"


def test_a_csv_of_another_program_is_parsed_once(path: str) -> None:
    os.remove(path + ".cache")
    opened(path)
    cache = matching_cache(path)
    assert cache is not None
    assert cache.info.key is None
    assert_holds(opened(path))
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]


def test_an_edited_csv_counts_and_not_its_old_cache(path: str) -> None:
    before = os.stat(path)
    text = Path(path).read_bytes()
    changed = text.replace(b"a.jpg,0.", b"a.jpg,1.", 1)
    assert len(changed) == len(text)
    Path(path).write_bytes(changed)
    # Even with size and time as they were.
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert matching_cache(path) is None
    assert opened(path).rows(0, 1)[0][0] == features()[0, 0] + np.float32(1)


def test_edits_right_after_each_other_are_seen(path: str) -> None:
    text = Path(path).read_bytes()
    for digit in b"23456789":
        edited = text.replace(b"a.jpg,0.", b"a.jpg,%c." % digit, 1)
        with open(path, "r+b") as file:
            file.write(edited)
        assert int(opened(path).rows(0, 1)[0][0]) == int(chr(digit))


def test_a_csv_moved_with_its_cache_is_not_parsed_again(path: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("index.csv", "index.csv.cache"):
        shutil.copy(tmp_path / name, tmp_path / "new" / name)
    assert matching_cache(str(tmp_path / "new" / "index.csv")) is not None


def test_the_folder_is_found_where_it_was_moved_together_with_the_index(tmp_path: Path) -> None:
    (tmp_path / "old" / "photos").mkdir(parents=True)
    path = str(tmp_path / "old" / "index.csv")
    write_index(path, [rows()], replace(INFO, folder=str(tmp_path / "old" / "photos"), relative_folder="photos"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert opened(str(tmp_path / "new" / "index.csv")).folder == str(tmp_path / "new" / "photos")


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "zeroed", "grown", "replaced", "other version"])
def test_a_damaged_cache_is_as_good_as_none(path: str, damage: str) -> None:
    file = Path(path + ".cache")
    data = file.read_bytes()
    # One flip in each part of the file: magic, features, ids, table of contents, trailer.
    positions = {"flipped": [1, 70, len(data) // 2, len(data) - 200, len(data) - 3]}.get(damage, [0])
    for position in positions:
        flipped = bytearray(data)
        flipped[position] ^= 0x40
        file.write_bytes(
            {
                "cut": data[: len(data) // 2],
                "flipped": bytes(flipped),
                "emptied": b"",
                "zeroed": bytes(len(data)),
                "grown": data + b"more",
                "replaced": os.urandom(len(data)),
                "other version": data.replace(b"cache 2", b"cache 9", 1),
            }[damage]
        )
        assert_holds(opened(path))


def test_an_index_of_another_descriptor_is_refused_by_both_numbers(path: str) -> None:
    with pytest.raises(IndexFileError, match=r"index.csv: 6 numbers by the descriptor test, .* 1440 by hsv-8x12x3"):
        Searcher(path, ColorDescriptor())
    os.remove(path + ".cache")
    with pytest.raises(IndexFileError, match=r"index.csv, line 1: 6 numbers, 1440 are needed"):
        Searcher(path)


def test_a_missing_index_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="none.csv does not exist: write it with index.py"):
        opened(str(tmp_path / "none.csv"))


def test_what_fails_while_writing_leaves_the_old_index_and_no_litter(path: str) -> None:
    def failing() -> object:
        yield rows(1)
        raise OSError("the disk is on fire")

    with pytest.raises(OSError, match="on fire"):
        write_index(path, failing(), INFO)  # type: ignore[arg-type]
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]
    assert_holds(opened(path))


def test_copied_rows_are_the_same_bytes(path: str) -> None:
    cache = matching_cache(path)
    assert cache is not None
    before = Path(path).read_bytes()
    new = NewRows(["m.jpg"], STATES[:1], features(5)[:1], [numbers_text(features(5)[0])])
    with open(path, "rb") as csv:
        pieces: list[NewRows | CopiedRows] = [
            CopiedRows(cache, csv, 0, 2, STATES[:2]),
            new,
            CopiedRows(cache, csv, 2, 4, STATES[2:]),
        ]
        write_index(path, pieces, INFO)
    found = opened(path)
    assert list(found.ids) == [*NAMES[:2], "m.jpg", *NAMES[2:]]
    wanted = np.concatenate([features()[:2], features(5)[:1], features()[2:]])
    np.testing.assert_array_equal(found.rows(0, 5), wanted)
    os.remove(path + ".cache")
    np.testing.assert_array_equal(opened(path).rows(0, 5), wanted)
    lines = Path(path).read_bytes().replace(b"m.jpg," + new.texts[0] + b"\n", b"")
    assert lines == before


def append(path: str, seed: int, name: str) -> None:
    """Append one row, as --add does."""
    cache = matching_cache(path)
    assert cache is not None
    vector = features(seed)[:1]
    states = [FileState(1, 2, 3, b"1" * 16)] * (len(cache.ids) - cache.rows_in_file)
    with open(path, "rb") as csv:
        old = CopiedRows(cache, csv, cache.rows_in_file, len(cache.ids), states)
        append_rows(path, old, NewRows([name], STATES[:1], vector, [numbers_text(vector[0])]), INFO)


def assert_holds_additions(index: Cache) -> None:
    assert list(index.ids) == [*NAMES, "new, 1.jpg", "0.jpg"] == index.ids[:]
    assert all(name in index.ids for name in [*NAMES, "new, 1.jpg", "0.jpg"])
    assert not any(name in index.ids for name in ["", ".jpg", "a.jp", "a.jpgb", "0.jpg0", "\udcff"])
    wanted = np.concatenate([features(), features(7)[:1], features(8)[:1]])
    np.testing.assert_array_equal(index.rows(0, 6), wanted)


def test_appended_rows_are_read_from_both_caches_and_from_the_csv_alike(path: str) -> None:
    before, inode = Path(path).read_bytes(), os.stat(path).st_ino
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    assert Path(path).read_bytes().startswith(before)
    assert os.stat(path).st_ino == inode
    assert_holds_additions(opened(path))
    cache = matching_cache(path)
    assert cache is not None
    assert cache.is_whole(with_features=True)
    assert len(cache.lines) - 1 == len(cache.line_digests) == len(cache.states()) == 6
    assert os.path.getsize(path) == cache.lines[-1]
    os.remove(path + ".cache")
    assert_holds_additions(opened(path))


def test_damage_to_the_cache_of_appended_rows_costs_no_answer(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    file = Path(path + ".cache.added")
    data = file.read_bytes()
    for position in range(0, len(data), 41):
        file.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        assert_holds_additions(opened(path))


def test_a_new_index_forgets_what_was_appended_to_the_old_one(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    write_index(path, [rows(1)], INFO)
    assert_holds(opened(path), 1)
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]


def test_while_rows_are_appended_an_index_is_what_it_was(path: str) -> None:
    before = Path(path).read_bytes()
    append(path, 7, "new, 1.jpg")
    added = Path(path).read_bytes()[len(before) :]
    write_index(path, [rows()], INFO)
    for count in range(1, len(added)):
        with pytest.raises(ZeroDivisionError), appending(path, len(before), added):
            raise ZeroDivisionError
        Path(path).write_bytes(before + added[:count])
        assert_holds(opened(path))
        Path(path).write_bytes(before)


@pytest.mark.parametrize("fails", ["src.atomicfile.sync_folder", "src.storing.info.Stamp.settled"])
def test_an_interrupt_while_a_row_is_appended_leaves_an_index_with_or_without_it(
    path: str, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(path).read_bytes()
    calls = iter([False, True, False, False])

    def interrupt(*_: object) -> dict[str, int]:
        if fails == "src.storing.info.Stamp.settled" or next(calls):
            raise KeyboardInterrupt
        return {}

    monkeypatch.setattr(fails, interrupt)
    with pytest.raises(KeyboardInterrupt):
        append(path, 7, "new, 1.jpg")
    monkeypatch.undo()
    was_added = len(Path(path).read_bytes()) > len(before)
    assert was_added == (fails == "src.atomicfile.sync_folder")
    cache = matching_cache(path)
    assert cache is not None
    assert list(cache.ids) == [*NAMES, *(["new, 1.jpg"] if was_added else [])]
    assert not os.path.exists(path + ".adding")


def test_what_an_interrupt_leaves_half_undone_the_next_run_undoes(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("src.storing.info.Stamp.settled", interrupt)
    monkeypatch.setattr("src.storing.writer.settle_append", interrupt)
    with pytest.raises(KeyboardInterrupt):
        append(path, 7, "new, 1.jpg")
    monkeypatch.undo()
    assert matching_cache(path) is None
    assert_holds(opened(path))
    settle_append(path)
    assert matching_cache(path) is not None
    assert_holds(opened(path))
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]


def test_ids_are_those_of_a_list_also_where_rows_were_appended(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    ids, wanted = opened(path).ids, [*NAMES, "new, 1.jpg", "0.jpg"]
    places = [None, *range(-7, 8)]
    for start in places:
        for stop in places:
            for step in (None, 1, 2, -1):
                assert ids[start:stop:step] == wanted[start:stop:step]
    assert [ids[place] for place in range(-6, 6)] == [wanted[place] for place in range(-6, 6)]
    with pytest.raises(IndexError):
        ids[6]


def test_of_an_edited_csv_the_cache_still_knows_the_rows_that_are_as_they_were(path: str) -> None:
    lines = Path(path).read_bytes().splitlines(keepends=True)
    Path(path).write_bytes(b"".join([b"first.jpg,1,0,0,0,0,0\n", *lines[1:]]))
    assert opened(path).folder == "/photos"
    cache = matching_cache(path)
    assert cache is not None
    assert cache.info.key == "test 1"
    assert cache.states() == [FileState(UNKNOWN_TIME, UNKNOWN_TIME, UNKNOWN_TIME, bytes(16)), *STATES[1:]]
    Path(path).write_bytes(b"other.jpg,1,0,0,0,0,0\n")
    assert opened(path).folder is None


def test_searching_leaves_the_cache_to_a_run_that_is_to_be_taken_up(path: str) -> None:
    journal = Journal(path + ".partial", "test 1", 6)
    journal.append("/photos/a.jpg", STATES[0], features()[0], b"")
    journal.close(finished=False)
    os.remove(path + ".cache")
    assert_holds(opened(path))
    assert not os.path.exists(path + ".cache")


def test_what_a_killed_search_left_behind_does_not_keep_others_from_writing_the_cache(path: str) -> None:
    os.remove(path + ".cache")
    Path(path + ".partial").write_bytes(b"image similarity journal 2, test\n")
    assert_holds(opened(path))
    assert matching_cache(path) is not None


def test_between_replacing_the_csv_and_replacing_the_cache_the_folder_is_known(path: str) -> None:
    journal = Journal(path + ".partial", "test 1", 6)
    journal.append("/photos/a.jpg", STATES[0], features()[0], b"")
    journal.close(finished=False)
    Path(path).write_bytes(Path(path).read_bytes() * 2)
    index = opened(path)
    assert len(index.ids) == 2 * len(NAMES)
    assert index.folder == "/photos"


@pytest.mark.parametrize(
    "change",
    [
        {"csv": None}, {"csv": {}}, {"descriptor": 7}, {"folder": 5}, {"relative_folder": []}, {"sections": {}},
        {"features": {"dimension": 6, "merging": "no", "chunks": []}}, {"features": []}, {"dimension": None},
        {"dimension": 7}, {"distance": "cosine"}, {"distance": "none"}, {"distance": 5}, {"after": 3}, {"key": 1},
    ],
)  # fmt: skip
def test_a_hand_made_cache_is_as_good_as_none(path: str, change: dict[str, object]) -> None:
    data = Path(path + ".cache").read_bytes()
    length, _ = TRAILER.unpack(data[-TRAILER.size :])
    table = json.loads(data[-TRAILER.size - length : -TRAILER.size])
    forged = json.dumps({**table, **change}).encode()
    trailer = TRAILER.pack(len(forged), zlib.crc32(forged))
    Path(path + ".cache").write_bytes(data[: -TRAILER.size - length] + forged + trailer)
    assert_holds(opened(path))


@pytest.mark.parametrize("start", [-64, 10**12, 2**70])
def test_a_section_that_lies_nowhere_is_no_section(path: str, start: int) -> None:
    data = Path(path + ".cache").read_bytes()
    length, _ = TRAILER.unpack(data[-TRAILER.size :])
    table = json.loads(data[-TRAILER.size - length : -TRAILER.size])
    for place in (table["sections"]["names"], table["features"]["chunks"][0]):
        before, place["start"] = place["start"], start
        forged = json.dumps(table).encode()
        trailer = TRAILER.pack(len(forged), zlib.crc32(forged))
        Path(path + ".cache").write_bytes(data[: -TRAILER.size - length] + forged + trailer)
        assert_holds(opened(path))
        place["start"] = before


def test_the_cache_is_as_private_as_its_csv(path: str) -> None:
    os.chmod(path, 0o600)
    os.remove(path + ".cache")
    opened(path)
    assert os.stat(path + ".cache").st_mode & 0o777 == 0o600


def test_links_and_pipes_under_the_names_of_new_files_are_not_written_to(path: str, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    (tmp_path / "index.csv.new").symlink_to("precious")
    os.mkfifo(tmp_path / "index.csv.cache.new")
    write_index(path, [rows(3)], INFO)
    assert_holds(opened(path), 3)
    assert (tmp_path / "precious").read_text() == "keep me"


def test_a_cache_opens_much_faster_than_its_csv_is_parsed(tmp_path: Path) -> None:
    many = np.random.default_rng(0).random((2000, 200), np.float32)
    path = str(tmp_path / "large.csv")
    ids, states = [str(number) for number in range(2000)], [FileState(1, 1, 1, bytes(16))] * 2000
    large = NewRows(ids, states, many, [numbers_text(one) for one in many])
    write_index(path, [large], replace(INFO, dimension=200))
    times = []
    for _ in range(2):
        start = time.perf_counter()
        open_index(path, lambda _: replace(INFO, dimension=200))
        times.append(time.perf_counter() - start)
        Path(path + ".cache").unlink()
    assert times[0] < times[1] / 3
