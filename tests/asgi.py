"""Ask an application without a server: for what does not depend on one."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

ADDRESS = "http://127.0.0.1:8000"


def ask(app: ASGIApp, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    """Send one request; the app is not started, so it has no index."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())
