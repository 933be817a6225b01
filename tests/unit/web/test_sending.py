"""Answers are sent as their clients take them, and so much of them at once."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from src.web.admission import MOST_FILES, Admission
from src.web.sending import SMALL_BYTES, Sending

LARGE = bytes(range(256)) * 1000
MOST = 3 * len(LARGE)
closed: list[str] = []


def _whole(size: int) -> Response:
    return Response(LARGE[:size])


class _File(StreamingResponse):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            closed.append("file")


def _streamed(_: int) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield LARGE

    return _File(pieces())


class _Clients:
    """Each asks for an answer, and reads nothing until it is told to."""

    def __init__(self, answer: Callable[[int], Response], admission: Admission) -> None:
        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await answer(int(scope["path"]))(scope, receive, send)

        self._app = Sending(application, admission)
        self.reading = asyncio.Event()
        self.statuses: list[int] = []

    async def ask(self, size: int, method: str = "GET") -> list[bytes]:
        """Return the pieces that come."""
        got: list[bytes] = []

        async def receive() -> Message:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
            else:
                got.append(message["body"])
                await self.reading.wait()

        await self._app({"type": "http", "method": method, "path": str(size), "headers": []}, receive, send)
        return got


@pytest.mark.parametrize("answer", [_whole, _streamed])
def test_a_large_answer_is_sent_piece_by_piece(answer: Callable[[int], Response]) -> None:
    async def read() -> list[bytes]:
        clients = _Clients(answer, Admission(1, 1))
        clients.reading.set()
        return await clients.ask(len(LARGE))

    pieces = asyncio.run(read())
    assert b"".join(pieces) == LARGE * (1 if answer is _whole else 3)
    assert max(map(len, pieces)) < SMALL_BYTES


@pytest.mark.parametrize(("answer", "most"), [(_whole, 3), (_streamed, MOST_FILES)])
def test_large_answers_that_nobody_reads_are_bounded(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], Response], most: int
) -> None:
    monkeypatch.setattr("src.web.admission.MOST_ANSWER_BYTES", MOST)
    closed.clear()

    async def read() -> int:
        admission = Admission(1, 1)
        clients = _Clients(answer, admission)
        asked = [asyncio.create_task(clients.ask(len(LARGE))) for _ in range(most + 2)]
        # The head alone, and what is small, are for everybody.
        small = [asyncio.create_task(clients.ask(0, "HEAD"))]
        if answer is _whole:
            small += [asyncio.create_task(clients.ask(SMALL_BYTES))]
        while len(clients.statuses) < len(asked) + len(small):
            await asyncio.sleep(0.001)
        held = admission.answer_bytes.now + admission.files.now
        clients.reading.set()
        await asyncio.gather(*asked, *small)
        assert admission.answer_bytes.now == admission.files.now == 0
        assert sorted(clients.statuses) == [200] * (most + len(small)) + [503, 503]
        assert len(closed) == (0 if answer is _whole else most + 3)
        return held

    assert asyncio.run(read()) == (MOST if answer is _whole else MOST_FILES)


def test_an_error_of_the_application_stays_one() -> None:
    def fail(_: int) -> Response:
        raise ValueError("none")

    with pytest.raises(ValueError, match="none"):
        asyncio.run(_Clients(fail, Admission(1, 1)).ask(0))
