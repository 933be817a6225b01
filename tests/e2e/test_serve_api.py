"""What the service tells of itself: that it is alive, how it is asked, and a page to try it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from src import __version__
from tests.servers import Server, index_here, serving

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("api")
    dataset = folder / "data"
    dataset.mkdir()
    # Of names that are no UTF-8, schemathesis itself stumbles.
    for number, name in enumerate(("red.png", "ä ?#%2F.png", "a/thumbnail")):
        (dataset / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (90, 60), (255, 0, number)).save(dataset / name, "PNG")
    with serving(folder, index_here(dataset, folder / "index.csv")) as server:
        yield server


def test_health_tells_what_is_served(server: Server) -> None:
    index = {"name": "index.csv", "images": 3, "descriptor": "hsv-8x12x3-5-regions", "finds": "similar"}
    index |= {"places": False}
    told = server.client.get("/api/health").json()
    assert told == {"status": "ok", "version": __version__, "index": index, "duplicates": False}


def test_the_page_to_try_the_api_needs_no_other_host(server: Server) -> None:
    page = server.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    asked = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
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


def test_schemathesis_finds_the_service_as_openapi_tells_it(server: Server, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.address}/openapi.json", "--seed", "1",
        "--max-examples", "4", "--no-color", "--continue-on-failure", "--warnings", "off",
        "--generation-database", "none",
        # Of a picture that is none, and of an id that is not there, the schema cannot tell; 0 and no are false, too.
        "--exclude-checks", "positive_data_acceptance,negative_data_rejection",
    ]  # fmt: skip
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout.decode(errors="replace")


def test_head_may_be_asked_wherever_get_may(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    for path in [*(path for path in paths if "get" in paths[path]), "/", "/duplicates", "/docs", "/openapi.json"]:
        address = path.replace("{id}", "red.png")
        head, whole = server.client.head(address), server.client.get(address)
        assert (head.status_code, head.content) == (whole.status_code, b""), path


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("/api/search", "GET, HEAD, POST"), ("/api/session", "POST, DELETE"), ("/api/images/red.png", "GET, HEAD")],
)
def test_another_method_is_told_which_there_are(server: Server, address: str, allowed: str) -> None:
    response = server.client.put(address)
    assert (response.status_code, response.headers["content-type"], response.headers["allow"]) == (
        405,
        PROBLEM,
        allowed,
    )
