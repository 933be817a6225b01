"""What the service tells of itself: that it is alive, how it is asked, and a page to try it."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image

from src import __version__
from tests.programs import succeed
from tests.servers import Server, serving

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("api")
    dataset = folder / "data"
    dataset.mkdir()
    for number, name in enumerate(("red.png", "ä ?#.png", b"\xff.png".decode(errors="surrogateescape"))):
        Image.new("RGB", (90, 60), (255, 0, number)).save(dataset / name)
    succeed("index.py", "--dataset", dataset, "--index", folder / "index.csv")
    with serving(folder, folder / "index.csv") as server:
        yield server


def test_health_tells_what_is_served(server: Server) -> None:
    index = {"name": "index.csv", "images": 3, "descriptor": "hsv-8x12x3-5-regions"}
    told = server.client.get("/api/health").json()
    assert told == {"status": "ok", "version": __version__, "index": index, "duplicates": False}


def test_the_page_to_try_the_api_needs_no_other_host(server: Server) -> None:
    page = server.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    asked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(address.startswith("/") and not address.startswith("//") for address in asked)
    for address in asked:
        assert server.client.get(address).status_code == 200, address
    assert "<style" not in page.text and not re.search(r"<script[^>]*>[^<]", page.text)
    for none in ("x.js", "redoc.standalone.js", "..%2fcore.py", "%2e%2e/core.py", ""):
        assert server.client.get(f"/docs/{none}").status_code in (404, 307), none


def test_openapi_tells_each_problem_as_it_comes(server: Server) -> None:
    told = server.client.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert not {"HTTPValidationError", "ValidationError"} & told["components"]["schemas"].keys()
    for methods in told["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == [PROBLEM]
                elif int(status) == 200:
                    assert all(one["schema"] for one in response["content"].values())
