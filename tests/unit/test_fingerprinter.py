"""Fingerprints of folders and of single files, without an index."""

import os
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from src.description import Outcome, Setup
from src.errors import NOT_AN_IMAGE, VANISHED, IndexFileError
from src.fingerprint import Fingerprint
from src.fingerprinter import of_files, take_fingerprints
from src.imagefiles import FoundFile
from src.imagereader import read_image
from src.indexer import Options
from tests.describing import describe_here
from tests.pictures import write_picture


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for number, name in enumerate(["b.png", "a.jpg", "trip/c.png", ".hidden.png"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_picture(folder / name, number)
    return folder


def test_every_picture_of_a_folder_has_its_fingerprint(photos: Path) -> None:
    taken = take_fingerprints([str(photos)], describe=describe_here)
    assert list(taken.ids) == ["a.jpg", "b.png", "trip/c.png"]
    for row, image_id in enumerate(taken.ids):
        image = read_image(str(photos / image_id))
        wanted = Fingerprint().describe(image).astype(np.uint8)
        assert_array_equal(np.frombuffer(taken.prints[row].tobytes(), np.uint8), wanted)
        picture, status = taken.picture(row), os.stat(photos / image_id)
        assert (picture.id, picture.path) == (image_id, str(photos / image_id))
        assert (picture.height, picture.width) == image.shape[:2]
        assert (picture.size, picture.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert (taken.report.indexed, taken.report.hidden, taken.report.skips) == (3, 1, [])


def test_nothing_is_written_without_an_index(photos: Path) -> None:
    before = sorted(photos.parent.rglob("*"))
    take_fingerprints([str(photos)], describe=describe_here)
    assert sorted(photos.parent.rglob("*")) == before


def test_options_of_an_index_run_count_here_too(photos: Path) -> None:
    done: list[tuple[int, int]] = []
    options = Options(hidden=True, exclude=["trip", "x"], progress=lambda *one: done.append(one))
    taken = take_fingerprints([str(photos)], options=options, describe=describe_here)
    assert list(taken.ids) == [".hidden.png", "a.jpg", "b.png"]
    assert (taken.report.excluded, taken.report.idle) == (1, ["x"])
    assert done == [(1, 3), (2, 3), (3, 3)]


def test_pictures_of_several_folders_have_the_ids_of_an_index(photos: Path) -> None:
    other = photos.parent / "more"
    other.mkdir()
    write_picture(other / "d.png", 9)
    taken = take_fingerprints([str(photos), str(other)], describe=describe_here)
    assert list(taken.ids) == ["more//d.png", "photos//a.jpg", "photos//b.png", "photos//trip/c.png"]
    assert taken.path_of(0) == str(other / "d.png")
    with pytest.raises(IndexFileError, match="subfolders belong to it"):
        take_fingerprints([str(photos), str(photos / "trip")], describe=describe_here)


def test_what_is_no_picture_is_a_skip_with_a_reason(photos: Path) -> None:
    (photos / "notes.jpg").write_bytes(b"notes" * 100)
    told: list[str] = []
    taken = take_fingerprints(
        [str(photos)], options=Options(on_skip=lambda skip: told.append(skip.id)), describe=describe_here
    )
    assert [(skip.id, skip.kind) for skip in taken.report.skips] == [("notes.jpg", NOT_AN_IMAGE)]
    assert told == ["notes.jpg"] and taken.report.skipped == 1
    assert list(taken.ids) == ["a.jpg", "b.png", "trip/c.png"]
    assert [taken.picture(row).id for row in range(3)] == taken.ids
    assert all(taken.prints["width"] > 0)


def test_a_folder_of_no_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="there is no picture in"):
        take_fingerprints([str(tmp_path)], describe=describe_here)
    with pytest.raises(FileNotFoundError):
        take_fingerprints([str(tmp_path / "gone")], describe=describe_here)


def test_same_contents_are_decoded_once_and_have_the_same_fingerprint(photos: Path) -> None:
    (photos / "copy.png").write_bytes((photos / "b.png").read_bytes())
    taken = take_fingerprints([str(photos)])  # by the process, which knows contents again
    rows = [taken.ids.index(name) for name in ("b.png", "copy.png")]
    assert taken.prints[rows[0]] == taken.prints[rows[1]]
    assert taken.picture(rows[0]).digest == taken.picture(rows[1]).digest


def test_the_content_of_an_earlier_file_may_be_described_with_a_later_one(photos: Path) -> None:
    (photos / "copy.png").write_bytes((photos / "b.png").read_bytes())

    def describe(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        for outcome in list(describe_here(files, setup)):
            yield outcome._replace(features=None) if files[outcome.number].id == "b.png" else outcome

    taken = take_fingerprints([str(photos)], describe=describe)
    assert list(taken.ids) == ["a.jpg", "b.png", "copy.png", "trip/c.png"]
    assert taken.prints[1] == taken.prints[2] != taken.prints[0]
    assert taken.picture(1).digest == taken.picture(2).digest != taken.picture(0).digest


def test_single_files_are_taken_by_their_paths(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos)
    taken = of_files(["b.png", "none.png", "a.jpg", "b.png"])
    assert list(taken.ids) == ["b.png", "a.jpg", "b.png"]
    assert taken.path_of(1) == str(photos / "a.jpg")
    assert taken.prints[0] == taken.prints[2] != taken.prints[1]
    assert [(skip.id, skip.kind) for skip in taken.report.skips] == [("none.png", VANISHED)]
    assert len(of_files(["none.png"]).ids) == 0


def test_some_rows_are_a_choice_of_all(photos: Path) -> None:
    taken = take_fingerprints([str(photos)], describe=describe_here)
    some = taken.only(np.array([2, 0]))
    assert [some.picture(0), some.picture(1)] == [taken.picture(2), taken.picture(0)]
