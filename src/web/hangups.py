"""The service: a client that hangs up is not answered any more, and leaves its place to others."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

from .problems import ProblemError

T = TypeVar("T")


async def unless_hung_up(request: Request, answering: Coroutine[Any, Any, T]) -> T:
    """Answer a request whose body was read, and stop if its client hangs up.

    Raises
    ------
    ProblemError
        If it does; nobody will read that.
    """
    answer = asyncio.ensure_future(answering)
    hanging_up = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({answer, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ProblemError(400, "the client has hung up")
        return answer.result()
    finally:
        for task in (answer, hanging_up):
            task.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
