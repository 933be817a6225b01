"""The very same things are found in photos of them by the real programs: how they lie there, or that there are none."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.answer import Wanted, answer_all
from src.searcher import Searcher
from src.viewing.palette import OF_RANKS
from tests.programs import run, succeed
from tests.scenes import draw_scene

THINGS = {"a.png": 1, "b.png": 2, "c.png": 3}
# Where two of them lie on a table, in pixels of the photo.
PLACES = {
    "b.png": [[60, 60], [400, 40], [420, 300], [40, 310]],
    "c.png": [[800, 420], [480, 440], [460, 180], [790, 170]],
}


def photo() -> NDArray[np.uint8]:
    """Draw a table with two of the things on it, one of them upside down."""
    table = np.full((480, 880, 3), (90, 110, 130), np.uint8)
    for name, corners in PLACES.items():
        thing = draw_scene(THINGS[name])
        height, width = thing.shape[:2]
        own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        matrix = cv2.getPerspectiveTransform(own, np.array(corners, np.float32))
        cv2.warpPerspective(thing, matrix, (880, 480), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    return table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("objects")
    (folder / "data").mkdir()
    for name, seed in THINGS.items():
        cv2.imwrite(str(folder / "data" / name), draw_scene(seed))
    cv2.imwrite(str(folder / "data" / "wall.png"), np.full((240, 320, 3), 250, np.uint8))
    cv2.imwrite(str(folder / "photo.png"), photo())
    cv2.imwrite(str(folder / "other.png"), draw_scene(9))
    options: list[str | Path] = ["--index", folder / "i.csv", "--descriptor", "objects"]
    ended = run("index.py", "--dataset", folder / "data", *options)
    assert ended.returncode == 0
    said = ended.stderr.decode()
    assert "1 picture is too plain or small to be known again, so never found: wall.png\n" in said
    assert "indexed 4 (4 new, " in said
    return folder


def test_several_things_in_a_photo_are_found_each_with_its_corners(folder: Path) -> None:
    queries = [folder / name for name in ("photo.png", "other.png", "data/wall.png", "data/a.png")]
    output = folder / "result.png"
    ended = run(
        "search.py", "--index", folder / "i.csv", "--query", *queries, "--explain", "--json", "--output", output
    )
    photo, other, wall, own = json.loads(ended.stdout)["answers"]
    assert [answer["results"] for answer in (other, wall)] == [[], []]
    assert sorted(result["id"] for result in photo["results"]) == list(PLACES)
    for result in photo["results"]:
        outline = result["outline"]
        assert np.array(outline["corners"]) * (880, 480) == pytest.approx(np.array(PLACES[result["id"]]), abs=8)
        assert outline["inliers"] >= len(outline["points"]) > 8
        assert 0 < result["similarity"] < 1
    assert [(result["id"], result["distance"]) for result in own["results"]] == [("a.png", 0)]
    assert np.array(own["results"][0]["outline"]["corners"]) == pytest.approx(
        np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    )
    said = ended.stderr.decode().splitlines()
    assert f"other.png: no image in {folder / 'i.csv'} was recognised in it; " in said[0]
    assert "wall.png: too plain or small for anything to be recognised in it" in said[1]
    assert [answer.get("blank") for answer in (photo, other, wall)] == [None, None, True]
    assert (ended.returncode, len(said)) == (0, 2)
    drawn = cv2.imread(str(folder / "result-1.png"))
    assert drawn is not None
    query, results = drawn[:, :720], drawn[:, 720:]
    for colour in OF_RANKS[:2]:
        assert all((side == colour).all(axis=2).sum() > 300 for side in (query, results))


def test_a_part_of_a_photo_finds_what_lies_in_it(folder: Path) -> None:
    query = "search.py", "--index", folder / "i.csv", "--query", folder / "photo.png", "--crop", "0,0,0.5,0.75"
    (line,) = succeed(*query, "--explain")
    rank, distance, similarity, path, told = line.split("\t")
    assert (rank, path) == ("1", f"{folder / 'data' / 'b.png'}")
    assert float(distance) + float(similarity) == pytest.approx(1, abs=2e-3)
    corners = np.array([place.split(",") for place in told.split("corners at ")[1].split(" ")], float)
    assert corners * (440, 360) == pytest.approx(np.array(PLACES["b.png"]), abs=8)


def test_an_evaluation_describes_queries_as_a_search_does(folder: Path) -> None:
    (folder / "queries").mkdir()
    cv2.imwrite(str(folder / "queries" / "photo.png"), photo())
    (folder / "truth.csv").write_text("photo.png,b.png,c.png\n")
    options: list[str | Path] = [
        "--queries",
        folder / "queries",
        "--truth",
        folder / "truth.csv",
        "--cache",
        folder / "kept",
        "--json",
    ]
    lines = succeed("evaluate.py", "--dataset", folder / "data", "--descriptor", "objects", *options)
    assert json.loads("\n".join(lines))["results"][0]["map"] == 1


def test_how_many_more_were_found_is_known(folder: Path) -> None:
    (answer,) = answer_all([str(folder / "photo.png")], Searcher(str(folder / "i.csv")), None, Wanted(limit=1))
    assert (len(answer.results), answer.more) == (1, 1)
