"""POST and GET /api/search, with a worker that describes when a test says so."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from src.descriptors import by_name
from src.storing.rowtext import numbers_text
from src.web import openedindex
from src.web.app import create_app
from src.web.describedquery import DescribeQuery
from src.web.problems import ProblemError
from src.web.service import Service, Wanted
from src.web.settings import Settings

PICTURES = np.random.default_rng(1).integers(0, 256, (5, 32, 32, 3), np.uint8)
VECTORS = [by_name("color").describe(picture) for picture in PICTURES]
NO_CUT = bytes(24)


class SlowWorker:
    """Describes an upload, the number of a picture, as soon as it may."""

    def __init__(self, recipe: object) -> None:
        self.recipe = recipe
        self.may_describe = asyncio.Event()
        self.waiting = 0

    async def do(self, work: DescribeQuery) -> bytes:
        self.waiting += 1
        try:
            await self.may_describe.wait()
        finally:
            self.waiting -= 1
        return NO_CUT + VECTORS[int(work.query)].tobytes()


class Asked:
    """The application, and the worker behind it."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.service = self.app.state.service = Service(settings)
        index = self.service.watch.current
        assert index is not None
        worker: Any = index.worker
        self.worker: SlowWorker = worker
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    async def until_waiting(self, count: int) -> None:
        while self.worker.waiting != count:
            await asyncio.sleep(0.001)

    async def hang_up(self, body: bytes) -> None:
        """Post a picture and hang up at once; return when the application is done with it."""
        messages: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]
        scope = {
            "type": "http", "method": "POST", "path": "/api/search", "raw_path": b"/api/search", "query_string": b"",
            "headers": [(b"host", b"localhost:8000")], "client": ("127.0.0.1", 1), "scheme": "http",
        }  # fmt: skip

        async def receive() -> MutableMapping[str, Any]:
            if len(messages) == 1:
                await self.until_waiting(1)
            return messages.pop(0)

        async def send(message: MutableMapping[str, Any]) -> None:
            pass

        await self.app(scope, receive, send)


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.setattr(openedindex, "PictureWorker", SlowWorker)
    index, folder = tmp_path / "index.csv", tmp_path / "photos"
    folder.mkdir()
    (folder / "2.jpg").touch()
    (folder / "link.jpg").symlink_to(index)
    names = ["0.jpg", "../index.csv", "2.jpg", "link.jpg", "x\udcff/ä&?.jpg"]
    rows = zip(names, VECTORS, strict=True)
    index.write_bytes(b"".join(b"%s,%s\n" % (name.encode("utf-8", "surrogateescape"), numbers_text(vector))
                      for name, vector in rows))  # fmt: skip

    def run(test: Callable[[Asked], Awaitable[None]], **settings: Any) -> None:
        async def work() -> None:
            asked = Asked(Settings(str(index), str(folder), **settings))
            await test(asked)
            await asked.client.aclose()
            asked.service.searches.close()

        asyncio.run(work())

    return run


def test_nothing_is_answered_from_a_cache_that_somebody_writes_over(
    asking: Callable[..., None], tmp_path: Path
) -> None:
    async def test(asked: Asked) -> None:
        asked.worker.may_describe.set()
        assert (await asked.client.post("/api/search", content=b"1")).status_code == 200
        opened = await asked.service.index()
        asking_all_the_while = asyncio.create_task(asked.service.answer_id(opened, "0.jpg", Wanted()))
        cache = tmp_path / "index.csv.cache"
        cache.write_bytes(cache.read_bytes())
        with pytest.raises(ProblemError, match="written over") as told:
            await asking_all_the_while
        assert told.value.status == 503
        while (again := await asked.service.index()) is opened:
            await asyncio.sleep(0.001)
        await asked.service.answer_id(again, "0.jpg", Wanted())
        other = cache.with_name("other")
        other.write_bytes(cache.read_bytes())
        other.replace(cache)
        await asked.service.answer_id(again, "0.jpg", Wanted())

    asking(test)


def test_what_exceeds_the_most_searches_is_refused_at_once_and_the_next_one_is_served(
    asking: Callable[..., None],
) -> None:
    async def test(asked: Asked) -> None:
        first = [asyncio.create_task(asked.client.post("/api/search", content=b"1")) for _ in range(2)]
        await asked.until_waiting(2)
        refused = await asked.client.post("/api/search", content=b"2")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["detail"] == "the service is busy: come again in a moment"
        asked.worker.may_describe.set()
        assert [one.status_code for one in await asyncio.gather(*first)] == [200, 200]
        again = await asked.client.post("/api/search", content=b"2")
        assert again.json()["answers"][0]["results"][0]["id"] == "2.jpg"

    asking(test, most_searches=2)


def test_a_client_that_hangs_up_leaves_its_place(asking: Callable[..., None]) -> None:
    async def test(asked: Asked) -> None:
        await asked.hang_up(b"1")
        await asked.until_waiting(0)
        assert asked.service.admission.searches.now == 0
        asked.worker.may_describe.set()
        assert (await asked.client.post("/api/search", content=b"2")).status_code == 200

    asking(test, most_searches=1)


def test_what_is_gone_says_nothing_of_files_outside_of_the_folder(asking: Callable[..., None]) -> None:
    async def test(asked: Asked) -> None:
        asked.worker.may_describe.set()
        (answer,) = (await asked.client.post("/api/search?limit=5", content=b"0")).json()["answers"]
        gone = {result["id"]: result["gone"] for result in answer["results"]}
        assert gone == {"0.jpg": True, "../index.csv": True, "2.jpg": False, "link.jpg": True, "x\udcff/ä&?.jpg": True}
        assert all(result["path"] == result["id"] for result in answer["results"])

    asking(test)


def test_an_id_of_any_bytes_is_searched_by_its_own_link(asking: Callable[..., None]) -> None:
    async def test(asked: Asked) -> None:
        asked.worker.may_describe.set()
        (answer,) = (await asked.client.post("/api/search?limit=1", content=b"4")).json()["answers"]
        (result,) = answer["results"]
        assert result["links"]["search"] == "/api/search?id=x%FF%2F%C3%A4%26%3F.jpg"
        (answer,) = (await asked.client.get(result["links"]["search"] + "&limit=2")).json()["answers"]
        assert answer["query"] == result["id"] == answer["results"][0]["id"]
        assert answer["results"][0]["distance"] == 0
        assert answer["links"] == {name: result["links"][name] for name in ("image", "thumbnail")}
        assert (await asked.client.get("/api/search?id=none.jpg")).status_code == 404

    asking(test)


@pytest.mark.parametrize(
    "asked_for",
    [
        "limit=0", "limit=101", "limit=x", "limit=", "max_distance=-1", "max_distance=nan", "max_distance=inf",
        "crop=0,0,0,1", "crop=0,1,1,1", "crop=0,0,2,2", "crop=1", "crop=%D9%A0,0,1,1", "explain=perhaps",
    ],
)  # fmt: skip
def test_a_parameter_that_is_none_is_named_whether_it_stands_in_the_address_or_in_a_form(
    asking: Callable[..., None], asked_for: str
) -> None:
    async def test(asked: Asked) -> None:
        asked.worker.may_describe.set()
        name, _, value = asked_for.partition("=")
        for response in (
            await asked.client.post(f"/api/search?{asked_for}", content=b"0"),
            await asked.client.post("/api/search", files={"image": b"0"}, data=httpx.QueryParams(asked_for)),
            await asked.client.get(f"/api/search?id=0.jpg&{asked_for}"),
        ):
            assert response.status_code == 422
            assert response.json()["detail"].startswith(f"{name}: ")

    asking(test)


def test_a_field_of_the_form_counts_before_the_address(asking: Callable[..., None]) -> None:
    async def test(asked: Asked) -> None:
        asked.worker.may_describe.set()
        fields = {"limit": "2", "explain": "true", "else": "x"}
        said = await asked.client.post("/api/search?limit=4", files={"image": b"0"}, data=fields)
        (answer,) = said.json()["answers"]
        assert len(answer["results"]) == 2
        assert [*answer["results"][0]["regions"]] == [*by_name("color").parts]

    asking(test)


def test_others_are_found_without_the_picture_itself_by_whatever_name(
    asking: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "photos" / "0.jpg").hardlink_to(tmp_path / "photos" / "2.jpg")

    async def test(asked: Asked) -> None:
        async def found(query: str) -> list[tuple[int, str]]:
            (answer,) = (await asked.client.get(f"/api/search?id=2.jpg&{query}")).json()["answers"]
            return [(one["rank"], one["id"]) for one in answer["results"]]

        names = [name for _, name in await found("limit=5")]
        assert names[0] == "2.jpg" and len(names) == 5
        others = list(enumerate((name for name in names if name not in ("0.jpg", "2.jpg")), 1))
        for limit in (1, 2, 3, 5, 100):
            assert await found(f"limit={limit}&others=true") == others[:limit]
        assert await found("others=true&max_distance=0") == []

    asking(test)
