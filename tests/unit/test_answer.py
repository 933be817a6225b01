import io
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from src.answer import STDIN, Answer, Wanted, answer_all
from src.colordescriptor import REGIONS
from src.imagereader import Reading
from src.indexer import index_folder
from src.searcher import Explanation, Searcher
from tests.pictures import draw_picture, write_pictures

NAMES = ["a.png", "b.png", "sub/c.png", "d.png"]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answer") / "photos"
    write_pictures(folder, NAMES)
    index_folder(str(folder), str(folder.parent / "index.csv"))
    return folder


@pytest.fixture
def searcher(photos: Path) -> Searcher:
    return Searcher(str(photos.parent / "index.csv"))


class Stdin(NamedTuple):
    buffer: io.BytesIO


def test_every_query_has_its_answer_in_their_order(photos: Path, searcher: Searcher) -> None:
    (photos.parent / "bad.png").write_bytes(b"no picture")
    queries = [str(photos / "d.png"), str(photos.parent / "bad.png"), str(photos / "sub" / "c.png")]
    answers = answer_all(queries, searcher, str(photos), Wanted(limit=2))
    assert [answer.query for answer in answers] == queries
    assert [[one.image_id for one in answer.results][:1] for answer in answers] == [["d.png"], [], ["sub/c.png"]]
    assert [len(answer.results) for answer in answers] == [2, 0, 2]
    assert [answer.error is None for answer in answers] == [True, False, True]
    assert all(answer.picture is None and answer.parts is None for answer in answers)


def test_an_answer_holds_what_is_wanted(photos: Path, searcher: Searcher) -> None:
    wanted = Wanted(limit=4, max_distance=0.0, keep_pictures=True, explain=True)
    (answer,) = answer_all([str(photos / "a.png")], searcher, None, wanted)
    assert [one.image_id for one in answer.results] == ["a.png"]
    assert answer.folder is None
    assert answer.parts == REGIONS
    np.testing.assert_array_equal(answer.picture, draw_picture(0))


def test_a_query_too_large_for_the_reading_is_an_error(photos: Path, searcher: Searcher) -> None:
    (answer,) = answer_all([str(photos / "a.png")], searcher, None, Wanted(reading=Reading(max_megapixels=0.001)))
    assert answer.error is not None
    assert answer.results == []


def test_a_picture_is_read_from_standard_input(
    photos: Path, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO((photos / "b.png").read_bytes())))
    (answer,) = answer_all([STDIN], searcher, None, Wanted())
    assert answer.results[0].image_id == "b.png"


def test_an_answer_knows_where_its_images_are(photos: Path) -> None:
    here, gone = (Explanation(1, 0.0, 1.0, image_id, []) for image_id in ("sub/c.png", "sub/none.png"))
    for folder in (str(photos), f"{photos}/"):
        answer = Answer("query", [here, gone], folder)
        assert answer.path(here) == f"{photos}/sub/c.png"
        assert (answer.is_gone(here), answer.is_gone(gone)) == (False, True)
    unknown = Answer("query", [here, gone], None)
    assert unknown.path(gone) == "sub/none.png"
    assert not unknown.is_gone(gone)


def test_the_query_itself_is_left_out_of_others_and_copies_are_not(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", NAMES)
    folder, outside = tmp_path / "photos", tmp_path / "outside.png"
    for copy in (folder / "copy.png", outside):
        copy.write_bytes((folder / "a.png").read_bytes())
    for link in ("z1.png", "z2.png", "z3.png"):
        (folder / link).symlink_to("d.png")
    index_folder(str(folder), str(tmp_path / "index.csv"))
    searcher = Searcher(str(tmp_path / "index.csv"))

    def others(query: Path, limit: int, folder: Path | None = folder) -> list[str]:
        wanted = Wanted(limit=limit, others=True)
        (answer,) = answer_all([str(query)], searcher, str(folder) if folder else None, wanted)
        assert [one.rank for one in answer.results] == [*range(1, len(answer.results) + 1)]
        return [one.image_id for one in answer.results]

    everything = [one.image_id for one in searcher.explain(searcher.describe(str(folder / "a.png")), 100)]
    assert len(everything) == 8
    for limit in (1, 3, 7, 100):
        assert others(folder / "a.png", limit) == [name for name in everything if name != "a.png"][:limit]
        assert others(outside, limit) == everything[:limit], "no file of the folder"
        assert others(folder / "a.png", limit, None) == everything[:limit], "nobody knows where they are"
    (tmp_path / "link.png").symlink_to(folder / "a.png")
    assert others(tmp_path / "link.png", 1) == ["copy.png"]
    assert len(others(folder / "d.png", 2)) == 2
    assert sorted(others(folder / "z2.png", 100)) == ["a.png", "b.png", "copy.png", "sub/c.png"]


def test_each_of_several_queries_is_left_out_of_its_own_others(photos: Path, searcher: Searcher) -> None:
    queries = [str(photos / "a.png"), str(photos / "none.png"), str(photos / "d.png")]
    answers = answer_all(queries, searcher, str(photos), Wanted(limit=3, others=True))
    assert [sorted(one.image_id for one in answer.results) for answer in answers] == [
        ["b.png", "d.png", "sub/c.png"], [], ["a.png", "b.png", "sub/c.png"],
    ]  # fmt: skip
