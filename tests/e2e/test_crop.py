"""search.py searches by a part of a picture."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from src.searcher import Searcher
from tests.pictures import draw_picture
from tests.programs import fail, run, succeed

SIZE = (240, 320)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of single pictures with its index, and a query of four of them side by side."""
    place = tmp_path_factory.mktemp("crop")
    (place / "data").mkdir()
    pictures = [cv2.resize(draw_picture(number), SIZE[::-1]) for number in range(8)]
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(place / "data" / f"{number}.png"), picture)
    rows = [np.hstack(pictures[:2]), np.hstack(pictures[2:4])]
    cv2.imwrite(str(place / "four.png"), np.vstack(rows))
    succeed("index.py", "--dataset", place / "data", "--index", place / "index.csv")
    return place


def words(place: Path, query: str, *options: str | Path) -> list[str]:
    return list(map(str, ["search.py", "--index", place / "index.csv", "--query", place / query, *options]))


def search(place: Path, query: str, *options: str) -> dict[str, Any]:
    lines = succeed(*words(place, query, "--limit", "1", "--json", *options))
    answer: dict[str, Any] = json.loads("".join(lines))["answers"][0]
    return answer


@pytest.mark.parametrize("number", range(4))
def test_a_part_finds_what_the_whole_does_not(place: Path, number: int) -> None:
    assert search(place, "four.png")["results"][0]["distance"] > 0
    left, top = number % 2, number // 2
    for part in (f"{left / 2},{top / 2},0.5,0.5", f"{left * 320},{top * 240},320,240"):
        answer = search(place, "four.png", "--crop", part)
        assert answer["results"][0]["id"] == f"{number}.png"
        assert answer["results"][0]["distance"] == 0
        cut = {"left": left * 320, "top": top * 240, "width": 320, "height": 240, "of_width": 640, "of_height": 480}
        assert answer["crop"] == cut


def test_the_whole_picture_as_a_part_is_the_picture(place: Path) -> None:
    answer = search(place, "data/5.png", "--crop", "0,0,1,1")
    assert (answer["results"][0]["distance"], "crop" in answer) == (0, False)


def test_pixels_are_those_of_the_upright_picture_in_full(place: Path) -> None:
    """A large photo is read at a half or less, and turned as its EXIF says."""
    picture = cv2.imread(str(place / "four.png"))
    assert picture is not None
    large = cv2.resize(picture, (3200, 2400), interpolation=cv2.INTER_NEAREST)
    turned = Image.fromarray(cv2.cvtColor(cv2.rotate(large, cv2.ROTATE_90_COUNTERCLOCKWISE), cv2.COLOR_BGR2RGB))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(place / "turned.jpg", quality=97, exif=exif)
    answer = search(place, "turned.jpg", "--crop", "1600,1200,1600,1200")
    assert answer["results"][0]["id"] == "3.png"
    assert answer["crop"]["of_width"] == 3200
    assert answer["results"][0]["similarity"] > 0.8


def test_a_part_is_given_in_python_too(place: Path) -> None:
    searcher = Searcher(str(place / "index.csv"))
    features = searcher.describe(str(place / "four.png"), (0.5, 0, 0.5, 0.5))
    assert searcher.search(features, 1)[0] == (0, "1.png")
    with pytest.raises(ValueError, match="wider and higher"):
        searcher.describe(str(place / "four.png"), (0, 0, 0, 0))


def test_a_part_that_is_none_is_told_in_a_line(place: Path) -> None:
    ended = run(*words(place, "four.png", "--crop", "1,2,3"))
    assert ended.returncode == 2
    assert b"must be four numbers" in ended.stderr
    assert "lies outside of it: it has 640 x 480 pixels" in fail(*words(place, "four.png", "--crop", "900,0,10,10"))


def test_the_picture_shows_the_part_and_dims_the_rest(place: Path) -> None:
    cv2.imwrite(str(place / "white.png"), np.full((*SIZE, 3), 255, np.uint8))
    bright = []
    for name, options in {"whole.png": [], "part.png": ["--crop", "0,0,0.5,1"]}.items():
        succeed(*words(place, "white.png", *options, "--explain", "--output", place / name))
        drawn = cv2.imread(str(place / name))
        assert drawn is not None
        bright.append(int((drawn[:, :350] == 255).all(axis=2).sum()))
    assert 0.3 * bright[0] < bright[1] < 0.6 * bright[0]
