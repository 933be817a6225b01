"""Pictures that are sent are read whole, or refused early, and are held in memory alone."""

import asyncio
import gzip
import tempfile
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from src.web.admission import Admission
from src.web.bodies import Bodies
from src.web.problems import add_problems
from src.web.settings import Settings
from src.web.uploads import read_upload
from tests.asgi import ask

MOST = 300_000
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
IMAGE = b'Content-Disposition: form-data; name="image"; filename="a.jpg"\r\n'
END = b"--b--\r\n"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """Tells of the upload that it has read, and of how much was held meanwhile."""
    app = FastAPI()
    app.state.service = SimpleNamespace(admission=Admission(9, 2 * MOST))
    add_problems(app)
    app.add_middleware(Bodies, seconds=0.2, most_bytes=2 * MOST)
    settings = Settings("a", most_upload_bytes=MOST, upload_seconds=0.2, slowest_upload=1e6)

    @app.post("/")
    async def tell(request: Request) -> dict[str, Any]:
        upload = await read_upload(request, settings)
        held = app.state.service.admission.upload_bytes
        return {"bytes": len(upload.data), "name": upload.name, "fields": upload.fields, "held": held}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    return app


def _part(head: bytes = IMAGE, data: bytes = b"picture") -> bytes:
    return b"--b\r\n" + head + b"\r\n" + data + b"\r\n"


def _field(name: bytes, data: bytes) -> bytes:
    return _part(b'Content-Disposition: form-data; name="' + name + b'"\r\n', data)


def _post(app: FastAPI, content: Any, headers: dict[str, str] = FORM) -> httpx.Response:
    response = ask(app, "/", "POST", content=content, headers=headers)
    assert app.state.service.admission.upload_bytes == 0
    return response


async def _in_pieces(data: bytes, size: int = 1000, seconds: float = 0.0) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        await asyncio.sleep(seconds)
        yield data[start : start + size]


@pytest.mark.parametrize("size", [0, 7, MOST])
def test_a_picture_comes_as_a_form_or_as_the_body(app: FastAPI, size: int) -> None:
    form = _part(data=bytes(size)) + _field(b"limit", b"5") + END
    for content in (form, _in_pieces(form)):
        told = _post(app, content).json()
        assert told == {"bytes": size, "name": "a.jpg", "fields": {"limit": "5"}, "held": len(form)}
    # What curl --data-binary says of any file.
    for kind in ("image/jpeg", "application/x-www-form-urlencoded", ""):
        for content in (bytes(size), _in_pieces(bytes(size))):
            assert _post(app, content, {"Content-Type": kind}).json()["bytes"] == size


@pytest.mark.parametrize("headers", [FORM, {"Content-Type": "image/jpeg"}])
def test_what_is_too_large_is_refused(app: FastAPI, headers: dict[str, str]) -> None:
    content = _part(data=bytes(MOST + 1)) + END
    for sent in (content, _in_pieces(content), _in_pieces(content + bytes(MOST))):
        response = _post(app, sent, headers)
        assert response.status_code == 413
        assert response.json()["detail"] == "the file has more than 0.3 MB; a picture may have 0.3 MB"


def test_what_is_declared_too_large_is_refused_before_it_comes(app: FastAPI) -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.sleep(60)
        yield b""

    headers = {"Content-Length": str(10**15), "Expect": "100-continue"}
    assert _post(app, never(), headers).status_code == 413


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (400, _part() + _part() + END),
        (400, b"".join(_field(b"%d" % number, b"") for number in range(21)) + _part() + END),
        (400, _field(b"limit", b"9" * 100_001) + _part() + END),
        (400, _part(IMAGE + b"X: " + b"a" * 100_000 + b"\r\n") + END),
        (400, _part(IMAGE + b"X: a\r\n" * 1000) + END),
        (400, b"no form"),
        (400, b"--other\r\n" + IMAGE + b"\r\n"),
        (400, b""),
        (422, END),
        (400, _part()),
        (400, _part()[:-3]),
        (400, _part() + _field(b"limit", b"5")[:-5]),
        (422, _field(b"other", b"picture") + END),
        (422, _field(b"image", b"picture") + END),
        (422, _part(IMAGE.replace(b"image", b"other")) + END),
    ],
)
def test_a_form_that_is_not_as_it_must_be_is_refused(app: FastAPI, status: int, content: bytes) -> None:
    assert _post(app, content).status_code == status


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (400, {"Content-Type": "multipart/form-data"}),
        (400, {"Content-Type": "multipart/form-data; boundary="}),
        (415, {"Content-Type": "multipart/form-data; boundary=" + "b" * 1000}),
        # Some codecs take the square of the time, and so do parameters.
        (415, {"Content-Type": "multipart/form-data; boundary=b; charset=punycode"}),
        (415, {"Content-Type": "multipart/form-data; boundary=b" + ";" * 300}),
        (415, {**FORM, "Content-Encoding": "gzip"}),
    ],
)
def test_a_form_whose_head_is_not_as_it_must_be_is_refused(app: FastAPI, status: int, headers: dict[str, str]) -> None:
    assert _post(app, _part() + END, headers).status_code == status


def test_what_is_compressed_is_refused_and_not_unpacked(app: FastAPI) -> None:
    assert _post(app, gzip.compress(bytes(10 * MOST)), {"Content-Encoding": "gzip"}).status_code == 415


def test_what_comes_too_slowly_is_refused(app: FastAPI) -> None:
    assert _post(app, _in_pieces(bytes(1000), 10, 0.02), {}).status_code == 408


@pytest.mark.parametrize("seconds", [[0.3], [0.06] * 5])
def test_what_has_come_fast_is_not_waited_for_any_longer(app: FastAPI, seconds: list[float]) -> None:
    async def come_fast_and_stop() -> AsyncIterator[bytes]:
        yield bytes(MOST - 10)
        for pause in seconds:
            await asyncio.sleep(pause)
            yield b"a"

    assert _post(app, come_fast_and_stop(), {}).status_code == 408


def test_what_comes_fast_enough_may_take_its_time(app: FastAPI) -> None:
    # 0.3 s at a megabyte a second, beside the 0.2 s.
    assert _post(app, _in_pieces(bytes(MOST), 30_000, 0.03), {}).json()["bytes"] == MOST


def test_uploads_that_together_hold_too_much_are_told_to_come_again(app: FastAPI) -> None:
    async def post_three() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            posts = (client.post("/", content=_in_pieces(bytes(MOST), 30_000, 0.001)) for _ in range(3))
            return list(await asyncio.gather(*posts))

    responses = asyncio.run(post_three())
    refused = [response for response in responses if response.status_code == 503]
    assert refused and len(refused) < 3
    assert all(response.headers["Retry-After"] for response in refused)
    assert app.state.service.admission.upload_bytes == 0


def test_what_a_refused_request_still_sends_is_taken_for_a_while(app: FastAPI) -> None:
    taken = 0

    async def send_on(limit: int) -> AsyncIterator[bytes]:
        nonlocal taken
        for piece in _pieces(limit):
            taken += len(piece)
            yield piece

    def _pieces(limit: int) -> Iterator[bytes]:
        return (bytes(10_000) for _ in range(limit // 10_000))

    assert _post(app, send_on(MOST + 200_000), {}).status_code == 413
    assert taken == MOST + 200_000
    taken = 0
    assert _post(app, send_on(100 * MOST), {}).status_code == 413
    assert taken < 4 * MOST
