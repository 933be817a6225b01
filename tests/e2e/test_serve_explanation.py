"""The service draws why a result was found, as search.py does."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from src.web.thumbnails import LARGEST
from tests.programs import succeed
from tests.servers import COAT, Server, index_here, serving

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explanation")
    dataset = folder / "data"
    dataset.mkdir()
    for name in ("coat.jpg", "<b>.jpg", b"\xff.jpg".decode(errors="surrogateescape")):
        (dataset / name).write_bytes(COAT.read_bytes())
    Image.new("RGB", (90, 60), (255, 0, 0)).save(dataset / "red.png")
    Image.new("RGB", (90, 60), (250, 0, 0)).save(dataset / "gone.png")
    index_here(dataset, folder / "index.csv")
    (dataset / "gone.png").unlink()
    return folder / "index.csv"


@pytest.fixture(scope="module")
def server(index: Path) -> Iterator[Server]:
    with serving(index.parent, index) as server:
        yield server


def pixels(data: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), np.int16)


@pytest.mark.parametrize("crop", ["", "0.2,0.1,0.5,0.6"])
def test_the_picture_is_that_of_search_py(server: Server, index: Path, tmp_path: Path, crop: str) -> None:
    output = tmp_path / "explained.png"
    options = ["--crop", crop] if crop else []
    succeed("search.py", "--index", index, "--query", COAT, "--limit", "1", "--explain", "--output", output, *options)
    form = {"result": "<b>.jpg", **({"crop": crop} if crop else {})}
    response = server.client.post("/api/explanation", files={"image": (COAT.name, COAT.read_bytes())}, data=form)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    drawn, wanted = pixels(response.content), pixels(output.read_bytes())
    assert drawn.shape == wanted.shape
    # JPEG makes this of it.
    assert np.abs(drawn - wanted).mean() < 2


def test_a_picture_of_the_index_is_explained_by_its_id(server: Server) -> None:
    found = server.client.get("/api/search", params={"id": "coat.jpg", "limit": "3"}).json()["answers"][0]["results"]
    drawn = []
    for result in found:
        response = server.client.get(f"/api/explanation?id=coat.jpg&result={result['links']['page'].partition('=')[2]}")
        assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg"), result
        assert response.headers["x-content-type-options"] == "nosniff"
        drawn.append(pixels(response.content))
    assert max(drawn[0].shape) > LARGEST
    assert len({one.tobytes() for one in drawn}) == len(found)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("id=coat.jpg", 422), ("result=coat.jpg", 422), ("id=coat.jpg&result=", 404), ("id=x&result=coat.jpg", 404),
        ("id=coat.jpg&result=x", 404), ("id=coat.jpg&result=gone.png", 404), ("id=gone.png&result=coat.jpg", 404),
        ("id=coat.jpg&result=../data/coat.jpg", 404), ("id=coat.jpg&result=coat.jpg%00", 404),
        ("id=coat.jpg&result=red.png&max_distance=0.1", 404), ("id=coat.jpg&result=red.png&crop=2,2,1,1", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_a_problem(server: Server, query: str, status: int) -> None:
    response = server.client.get(f"/api/explanation?{query}")
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)


def test_an_upload_that_is_no_picture_is_a_problem(server: Server) -> None:
    for data, status in ((b"text, no picture", 415), (b"", 400), (b"\x89PNG\r\n\x1a\n", 422)):
        response = server.client.post(f"/api/explanation?result={quote('coat.jpg')}", content=data)
        assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    response = server.client.post("/api/explanation", content=COAT.read_bytes())
    assert response.status_code == 422
