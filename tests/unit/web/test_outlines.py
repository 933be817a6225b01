"""An index of objects is asked: nothing found is an answer, and where a thing lies is told with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.descriptors import by_name
from src.indexer import index_folder
from src.viewing.palette import OF_RANKS
from src.web import openedindex
from src.web.pages import STATIC
from src.web.searchschemas import Found
from src.web.settings import Settings
from tests.asgi import ask_service
from tests.describing import OwnWorker, describe_here

SIDE = 320
# Where the corners of a picture lie in the query, a photo of 640 x 480 pixels.
CORNERS = np.array([[150, 60], [470, 110], [430, 430], [110, 380]], np.float32)
PHOTO = np.array([640, 480])


def draw_thing(seed: int) -> NDArray[np.uint8]:
    """Draw blobs of all sizes, which look like nothing else."""
    random = np.random.default_rng(seed)
    picture = np.full((SIDE, SIDE, 3), 128, np.uint8)
    for _ in range(150):
        (x, y), radius = random.integers(0, SIDE, 2).tolist(), int(random.integers(4, 24))
        cv2.rectangle(picture, (x, y), (x + 2 * radius, y + radius), random.integers(0, 256, 3).tolist(), -1)
    return picture


def encoded(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    """A photo of thing 1, at an angle."""
    own = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    return np.asarray(
        cv2.warpPerspective(draw_thing(1), cv2.getPerspectiveTransform(own, CORNERS), (640, 480)), np.uint8
    )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setattr(openedindex, "PictureWorker", OwnWorker)
    (tmp_path / "photos").mkdir()
    for number in range(3):
        (tmp_path / "photos" / f"{number}.png").write_bytes(encoded(draw_thing(number)))
    index_folder([str(tmp_path / "photos")], str(tmp_path / "index.csv"), by_name("objects"), describe=describe_here)
    yield Settings(str(tmp_path / "index.csv"), str(tmp_path / "photos"))


def asked(settings: Settings, method: str, address: str, **content: Any) -> Any:
    response = ask_service(settings, method, address, **content)
    assert response.status_code == 200, response.text
    return response.json()


def found(settings: Settings, method: str, address: str, **content: Any) -> list[dict[str, Any]]:
    told = asked(settings, method, address, **content)
    Found.model_validate(told)
    results: list[dict[str, Any]] = told["answers"][0]["results"]
    return results


def test_an_explanation_tells_where_the_picture_lies_in_the_query(settings: Settings, photo: NDArray[np.uint8]) -> None:
    (result,) = found(settings, "POST", "/api/search?explain=true", content=encoded(photo))
    assert result["id"] == "1.png"
    outline = result["outline"]
    np.testing.assert_allclose(outline["corners"], CORNERS / PHOTO, atol=0.02)
    assert outline["inliers"] >= len(outline["points"]) >= 4
    own = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(own, (CORNERS / PHOTO).astype(np.float32))
    points = np.array([[one["result"] for one in outline["points"]]], np.float32)
    expected = cv2.perspectiveTransform(points, matrix)[0]
    np.testing.assert_allclose([one["query"] for one in outline["points"]], expected, atol=0.02)
    (same,) = found(settings, "POST", "/api/search", content=encoded(photo))
    assert "outline" not in same and same["distance"] == result["distance"]


def test_of_a_part_the_outline_is_in_the_part(settings: Settings, photo: NDArray[np.uint8]) -> None:
    address = "/api/search?explain=true&crop=0.125,0.1,0.75,0.9"
    (result,) = found(settings, "POST", address, content=encoded(photo))
    expected = (CORNERS / PHOTO - (0.125, 0.1)) / (0.75, 0.9)
    np.testing.assert_allclose(result["outline"]["corners"], expected, atol=0.03)


def test_nothing_found_is_an_answer_and_health_says_so(settings: Settings) -> None:
    wall = np.full((200, 200, 3), 250, np.uint8)
    for picture, is_blank in ((wall, True), (draw_thing(9), False)):
        told = asked(settings, "POST", "/api/search?explain=true", content=encoded(picture))
        (answer,) = Found.model_validate(told).answers
        assert (answer.results, answer.blank) == ([], is_blank)
    assert asked(settings, "GET", "/api/health")["index"]["finds"] == "same"


def test_a_picture_of_the_index_finds_what_its_file_finds_and_itself_if_that_is_gone(
    settings: Settings, tmp_path: Path, photo: NDArray[np.uint8]
) -> None:
    path = tmp_path / "photos" / "photo.png"
    path.write_bytes(encoded(photo))
    index_folder([str(path.parent)], settings.index, describe=describe_here)
    by_file = found(settings, "POST", "/api/search", content=path.read_bytes())
    assert [one["id"] for one in by_file] == ["photo.png", "1.png"]
    assert found(settings, "GET", "/api/search?id=photo.png") == by_file
    path.unlink()
    assert found(settings, "GET", "/api/search?id=photo.png")[0]["distance"] == 0


def test_pages_have_the_colours_of_result_pictures() -> None:
    colours = ", ".join(f'"#{red:02x}{green:02x}{blue:02x}"' for blue, green, red in OF_RANKS)
    assert f"[{colours}]" in (STATIC / "outline.js").read_text(encoding="utf-8")
