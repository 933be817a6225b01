"""Fingerprints that an index keeps are those of the pictures, and none is taken twice."""

import os
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pytest

from src.description import Outcome, Setup
from src.errors import CHANGING, DAMAGED, VANISHED, IndexFileError
from src.fingerprint import Fingerprint
from src.fingerprinter import Fingerprints, take_fingerprints
from src.fingerprinting.column import FingerprintColumn
from src.imagefiles import FoundFile
from src.imagereader import Reading
from src.indexer import Options, index_folder, lock_index
from src.indexfile import Cache, matching_cache, write_states
from tests.describing import describe_here
from tests.descriptors import SignedGrid
from tests.pictures import write_picture, write_pictures

NAMES = ["a.png", "b.jpg", "c.png", "trip/d.png", "trip/e.png", "f.png"]


class Describer:
    """Describes here, and remembers of which files a fingerprint was asked for."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def __call__(self, files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for file, outcome in zip(files, describe_here(files, setup), strict=True):
            if isinstance(setup.recipe.descriptor, Fingerprint):
                outcome = self.of_print(file, outcome)
            yield outcome

    def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
        self.taken.append(file.id)
        return outcome


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    return tmp_path / "photos"


def take(
    photos: Path, options: Options | None = None, describer: Describer | None = None
) -> tuple[Fingerprints, list[str]]:
    describer = describer or Describer()
    taken = take_fingerprints([str(photos)], str(photos.parent / "index.csv"), options, describer)
    return taken, describer.taken


def cache_of(photos: Path) -> Cache:
    cache = matching_cache(str(photos.parent / "index.csv"))
    assert cache is not None
    return cache


def assert_as_without_an_index(photos: Path, taken: Fingerprints) -> None:
    wanted = take_fingerprints([str(photos)], describe=describe_here)
    assert list(taken.ids) == list(wanted.ids)
    rows = range(len(wanted.ids))
    assert [taken.picture(row) for row in rows] == [wanted.picture(row) for row in rows]
    np.testing.assert_array_equal(taken.states, wanted.states)
    np.testing.assert_array_equal(taken.prints, wanted.prints)


def test_fingerprints_are_taken_once_and_kept_beside_the_index(photos: Path) -> None:
    taken, asked = take(photos)
    assert asked == sorted(NAMES)
    assert_as_without_an_index(photos, taken)
    assert sorted(os.listdir(photos.parent)) == ["index.csv", "index.csv.cache", "photos"]
    taken, asked = take(photos)
    assert asked == []
    assert_as_without_an_index(photos, taken)


def test_an_index_that_is_up_to_date_is_not_written_again(photos: Path) -> None:
    take(photos)
    before = {path: os.stat(path).st_ino for path in photos.parent.glob("index.csv*")}
    take(photos)
    assert {path: os.stat(path).st_ino for path in photos.parent.glob("index.csv*")} == before


def test_only_pictures_of_new_contents_are_decoded(photos: Path) -> None:
    take(photos)
    os.rename(photos / "c.png", photos / "trip/moved.png")
    (photos / "copy.png").write_bytes((photos / "a.png").read_bytes())
    os.remove(photos / "f.png")
    write_picture(photos / "trip/d.png", 77)
    write_picture(photos / "new.png", 78)
    taken, asked = take(photos)
    assert asked == ["new.png", "trip/d.png"]
    assert_as_without_an_index(photos, taken)


def test_a_run_that_is_interrupted_keeps_what_it_has(photos: Path) -> None:
    class Interrupted(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            if len(self.taken) == 4:
                raise KeyboardInterrupt
            return super().of_print(file, outcome)

    with pytest.raises(KeyboardInterrupt):
        take(photos, describer=Interrupted())
    taken, asked = take(photos)
    assert asked == sorted(NAMES)[4:]
    assert_as_without_an_index(photos, taken)


def test_a_long_run_keeps_what_it_has_from_time_to_time(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.fingerprinting.column.KEEP_SECONDS", 0)
    monkeypatch.setattr("src.fingerprinting.column.KEEP_TIMES", 0)
    kept = []

    class Watched(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            column = [*cache_of(photos).columns.values()]
            kept.append(int(column[0].any(axis=1).sum()) if column else 0)
            return super().of_print(file, outcome)

    take(photos, describer=Watched())
    assert kept == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("width", [0, 5])
def test_fingerprints_of_another_version_are_neither_used_nor_kept(photos: Path, width: int) -> None:
    take(photos)
    cache = cache_of(photos)
    (name,) = cache.columns
    old = {f"fingerprint-8, {name}": cache.columns[name]} if not width else {name: cache.columns[name][:, :width]}
    other = np.ones((len(cache), 2), np.uint8)
    write_states(
        cache.path, cache, cache.states(), cache.info, {**old, "other": other}, dropped=[name] if not width else []
    )
    taken, asked = take(photos)
    assert asked == sorted(NAMES)
    assert_as_without_an_index(photos, taken)
    assert set(cache_of(photos).columns) == {name, "other"}


def test_two_runs_at_once_are_one_line(photos: Path) -> None:
    class Second(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            for again in (lambda: take(photos), lambda: index_folder(str(photos), str(photos.parent / "index.csv"))):
                with pytest.raises(
                    IndexFileError, match=r"index\.csv is being written by another run: wait for it to end"
                ):
                    again()
            return super().of_print(file, outcome)

    taken, _ = take(photos, describer=Second())
    assert_as_without_an_index(photos, taken)


def test_a_picture_that_gives_no_fingerprint_is_a_skip_and_tried_again(photos: Path) -> None:
    class Failing(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            super().of_print(file, outcome)
            is_bad = file.id == "c.png"
            return Outcome(outcome.number, kind=DAMAGED, reason="its PNG data is damaged") if is_bad else outcome

    told: list[str] = []
    taken, _ = take(photos, Options(on_skip=lambda skip: told.append(skip.id)), Failing())
    assert "c.png" not in taken.ids and len(taken.ids) == 5
    assert [(skip.id, skip.kind) for skip in taken.report.skips] == [("c.png", DAMAGED)]
    assert told == ["c.png"]
    assert [taken.picture(row).id for row in range(5)] == taken.ids
    assert take(photos)[1] == ["c.png"]


def test_a_file_that_changes_after_it_was_indexed_has_no_fingerprint_yet(photos: Path) -> None:
    class Changing(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            super().of_print(file, outcome)
            return outcome._replace(digest=b"another content!") if file.id == "c.png" else outcome

    taken, _ = take(photos, describer=Changing())
    assert "c.png" not in taken.ids
    assert [(skip.id, skip.kind) for skip in taken.report.skips] == [("c.png", CHANGING)]


def test_pictures_whose_rows_stay_though_they_are_gone_are_left_out(tmp_path: Path) -> None:
    photos = tmp_path / "many"
    names = [f"{number:02}.png" for number in range(30)]
    write_pictures(photos, names)
    take(photos)
    write_picture(photos / "30.png", 30)
    for name in names[:25]:
        os.remove(photos / name)
    taken, asked = take(photos)
    assert taken.report.kept == 25 and len(taken.report.warnings) == 1
    assert (list(taken.ids), asked) == ([*names[25:], "30.png"], ["30.png"])
    assert_as_without_an_index(photos, taken)


def test_gone_pictures_without_a_fingerprint_are_skips(tmp_path: Path) -> None:
    photos = tmp_path / "many"
    names = [f"{number:02}.png" for number in range(30)]
    write_pictures(photos, names)
    index_folder(str(photos), str(tmp_path / "index.csv"), describe=describe_here)
    for name in names[:25]:
        os.remove(photos / name)
    taken, asked = take(photos)
    assert asked == list(taken.ids) == names[25:]
    assert {(skip.id, skip.kind) for skip in taken.report.skips} == {(name, VANISHED) for name in names[:25]}


def test_an_index_of_full_resolution_stays_one(photos: Path) -> None:
    index = str(photos.parent / "index.csv")
    index_folder(str(photos), index, None, Options(reading=Reading(full_resolution=True)), describe_here)
    taken, _ = take(photos)
    assert (taken.report.new, taken.report.changed) == (0, 0)
    assert cache_of(photos).info.full_resolution


def test_an_index_that_nobody_here_can_bring_up_to_date_is_told(photos: Path) -> None:
    index_folder(str(photos), str(photos.parent / "index.csv"), SignedGrid(), describe=describe_here)
    with pytest.raises(
        IndexFileError, match="is of the descriptor signed-grid.*, which only .* name another index, or none"
    ):
        take(photos)


def test_an_index_knows_its_folders_itself(photos: Path) -> None:
    take(photos)
    taken = take_fingerprints([], str(photos.parent / "index.csv"), None, Describer())
    assert_as_without_an_index(photos, taken)


def test_an_index_that_another_program_changes_meanwhile_is_left_alone(photos: Path) -> None:
    index = photos.parent / "index.csv"

    class Editor(Describer):
        def of_print(self, file: FoundFile, outcome: Outcome) -> Outcome:
            if file.id == "f.png":
                index.write_bytes(index.read_bytes()[:-9] + b"1\n")
            return super().of_print(file, outcome)

    taken, _ = take(photos, describer=Editor())
    (warning,) = taken.report.warnings
    assert "was changed by another program meanwhile" in warning
    assert_as_without_an_index(photos, taken)
    assert matching_cache(str(index)) is None


def test_fingerprints_are_lost_with_the_cache_and_taken_again(photos: Path) -> None:
    take(photos)
    index = str(photos.parent / "index.csv")
    os.remove(f"{index}.cache")
    with pytest.raises(IndexFileError, match="run again"):
        FingerprintColumn(index, "name")
    taken, asked = take(photos)
    assert asked == sorted(NAMES)
    assert_as_without_an_index(photos, taken)


def test_the_lock_is_left_as_it_was_found(photos: Path) -> None:
    take(photos)
    info = cache_of(photos).info
    lock_index(str(photos.parent / "index.csv"), info.key or "", info.dimension).close(finished=False)
    assert sorted(os.listdir(photos.parent)) == ["index.csv", "index.csv.cache", "photos"]
