import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src import answerpicture
from src.answer import Answer, Wanted, answer_all
from src.answerpicture import Outputs, show_all
from src.errors import ExpectedError
from src.imagepart import Part
from src.imagereader import read_image
from src.indexer import index_folder
from src.searcher import Explanation, Searcher
from src.verification import Outline
from src.viewer import Match, Page
from tests.pictures import draw_picture, write_pictures


class Stdin(NamedTuple):
    buffer: io.BytesIO


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answerpicture") / "photos"
    write_pictures(folder, ["a.png", "b.png", "c.png"])
    index_folder(str(folder), str(folder.parent / "index.csv"))
    return folder


def save(photos: Path, output: Path, *names: str, wanted: Wanted | None = None, force: bool = False) -> None:
    index = str(photos.parent / "index.csv")
    searcher = Searcher(index)
    queries = [str(photos / name) for name in names]
    outputs = Outputs(str(output), queries, force=force)
    outputs.check(index, searcher, str(photos))
    answers = answer_all(queries, searcher, str(photos), wanted or Wanted(keep_pictures=True))
    outputs.save(answers, 100.0)


def test_one_answer_is_written_to_the_file_that_is_named(photos: Path, tmp_path: Path) -> None:
    save(photos, tmp_path / "result.png", "a.png")
    assert os.listdir(tmp_path) == ["result.png"]
    assert cv2.imread(str(tmp_path / "result.png")) is not None


def test_several_answers_are_numbered_and_those_without_a_picture_left_out(photos: Path, tmp_path: Path) -> None:
    save(photos, tmp_path / "result.png", "a.png", "none.png", "b.png")
    assert sorted(os.listdir(tmp_path)) == ["result-1.png", "result-3.png"]


def test_an_explained_picture_is_another_one(photos: Path, tmp_path: Path) -> None:
    save(photos, tmp_path / "plain.png", "a.png")
    save(photos, tmp_path / "explained.png", "a.png", wanted=Wanted(keep_pictures=True, explain=True))
    assert (tmp_path / "plain.png").read_bytes() != (tmp_path / "explained.png").read_bytes()


def test_the_same_file_is_told_from_the_same_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = tmp_path / "photos"
    write_pictures(photos, ["a.png", "other.png"])
    shutil.copy(photos / "a.png", photos / "copy.png")
    cv2.imwrite(str(photos / "lossless.bmp"), draw_picture(0))
    index_folder(str(photos), str(tmp_path / "index.csv"))
    searcher = Searcher(str(tmp_path / "index.csv"))
    seen: list[Match] = []

    def draw(picture: object, name: str, matches: list[Match], **_: object) -> NDArray[np.uint8]:
        seen.extend(matches)
        return np.zeros((9, 9, 3), np.uint8)

    monkeypatch.setattr(answerpicture, "draw_results", draw)
    for query in (str(photos / "a.png"), "-"):
        monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO((photos / "a.png").read_bytes())))
        outputs = Outputs(str(tmp_path / "out.png"), [query])
        outputs.check(str(tmp_path / "index.csv"), searcher, str(photos))
        wanted = Wanted(limit=4, keep_pictures=True, explain=True)
        outputs.save(answer_all([query], searcher, str(photos), wanted), 100.0)

        same = {match.name: (match.distance == 0, match.is_same_file) for match in seen}
        expected = {"a.png": (True, True), "copy.png": (True, True), "lossless.bmp": (True, False)}
        assert same == {**expected, "other.png": (False, False)}
        seen.clear()


def test_index_query_and_images_are_not_overwritten_even_by_force(photos: Path, tmp_path: Path) -> None:
    precious = [photos.parent / "index.csv", photos.parent / "index.csv.cache", *photos.iterdir()]
    before = {path: path.read_bytes() for path in precious}
    for number, path in enumerate(precious):
        link = tmp_path / f"{number}.png"
        link.symlink_to(path)
        for output, force in ((link, False), (link, True), *([(path, True)] if path.suffix == ".png" else [])):
            with pytest.raises(ExpectedError, match="is the index or one of the pictures"):
                save(photos, output, "a.png", force=force)
    with pytest.raises(ExpectedError, match="ends in"):
        save(photos, precious[0], "a.png", force=True)
    assert before == {path: path.read_bytes() for path in before}


def test_a_name_without_a_format_is_refused(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="ends in"):
        save(photos, tmp_path / "result.txt", "a.png")
    assert not any(tmp_path.iterdir())


def test_where_no_folder_is_known_a_file_of_an_id_of_the_index_may_be_its_image(photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos.parent / "index.csv", tmp_path / "alone.csv")
    searcher = Searcher(str(tmp_path / "alone.csv"))
    assert searcher.folder is None
    outputs = Outputs(str(photos / "b.png"), ["-"], force=True)
    with pytest.raises(ExpectedError, match="is the index or one of the pictures"):
        outputs.check(str(tmp_path / "alone.csv"), searcher, None)


def test_images_that_are_gone_or_outside_of_the_folder_are_drawn_as_missing(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes((photos / "b.png").read_bytes())
    (tmp_path / "images").mkdir()
    pages = {}
    for name, image_id, folder in [
        ("gone", "none.png", str(tmp_path / "images")), ("outside", "../secret.png", str(tmp_path / "images")),
        ("unknown", "b.png", None), ("seen", "b.png", str(photos)),
    ]:  # fmt: skip
        result = Explanation(1, 1.0, 0.5, image_id, [])
        answer = Answer("a.png", [result], folder, picture=draw_picture(0))
        output = tmp_path / f"{name}.png"
        outputs = Outputs(str(output), ["a.png"])
        outputs.check("index.csv", Searcher(str(photos.parent / "index.csv")), folder)
        outputs.save([answer], 100.0)
        pages[name] = output.read_bytes()
    assert len(set(pages.values())) == 4
    rare = set(_colours(draw_picture(1))) - set(_colours(draw_picture(0)))
    for name, is_seen in [("outside", False), ("unknown", False), ("seen", True)]:
        page = cv2.imread(str(tmp_path / f"{name}.png"))
        assert page is not None
        assert bool(rare.intersection(_colours(page))) == is_seen


def _colours(picture: NDArray[Any]) -> list[int]:
    """Return the colours of a picture, each as a number."""
    colours: list[int] = np.unique(picture.reshape(-1, 3).astype(np.int64) @ (1 << 16, 1 << 8, 1)).tolist()
    return colours


def test_a_result_can_be_opened_in_full_and_searched_from(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Page] = []
    monkeypatch.setattr(answerpicture, "why_no_window", lambda: None)
    monkeypatch.setattr(answerpicture, "show_results", lambda pages: shown.extend(make() for make in pages))
    searcher = Searcher(str(photos.parent / "index.csv"))
    queries: list[str] = []

    def search(query: str, part: Part | None) -> Answer:
        queries.append(query)
        return answer_all([query], searcher, str(photos), Wanted(keep_pictures=True, part=part))[0]

    bad = Answer("bad.png", [], None, error="no picture")
    assert show_all([search(str(photos / "a.png"), None), bad], 100.0, search) is None
    (page,) = shown
    assert (page.name, [match.name for match in page.matches][0]) == ("a.png", "a.png")
    second = page.matches[1]
    opened = page.open(second)
    assert opened is not None
    assert np.array_equal(opened, read_image(str(photos / second.name)))
    make = page.search(second)
    assert make is not None
    assert make().name == make().matches[0].name == second.name
    assert queries[1:] == [str(photos / second.name)]
    assert page.search(second._replace(picture=None)) is None, "what cannot be seen is not searched from"
    assert page.search_part is not None
    part = page.search_part(Part(0, 0, 0.5, 1))
    assert part is not None
    assert (part().name, part().cut is not None, page.cut) == ("a.png", True, None)


def test_a_part_of_what_came_from_stdin_cannot_be_searched_by(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Page] = []
    monkeypatch.setattr(answerpicture, "why_no_window", lambda: None)
    monkeypatch.setattr(answerpicture, "show_results", lambda pages: shown.extend(make() for make in pages))
    answer = Answer("-", [], None, picture=np.zeros((9, 9, 3), np.uint8))
    assert show_all([answer], 100.0, lambda *_: answer) is None
    assert shown[0].search_part is None


def test_answers_without_pictures_need_no_window() -> None:
    assert show_all([Answer("bad.png", [], None, error="no picture")], 100.0, lambda *_: pytest.fail()) is None


def test_a_copy_of_the_query_has_no_outline_and_what_has_one_no_places(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches: list[Match] = []
    monkeypatch.setattr(answerpicture, "draw_results", lambda picture, name, found, **_: matches.extend(found))
    edge, points = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]), np.full((9, 2), 0.5)
    found = [
        Explanation(rank, 0.1, 0.9, "a.png", [], unexplained="no place", outline=Outline(corners, points, points, 0.9))
        for rank, corners in enumerate((edge + 0.004, edge / 2), 1)
    ]
    answerpicture.draw_answer(Answer("a.png", found, str(photos), picture=draw_picture(0)), 100.0)
    assert [match.because for match in matches] == [["it fills the query"], ["9 points match"]]
    assert [match.seen is None for match in matches] == [True, False]
    assert [match.unexplained for match in matches] == ["", ""]
