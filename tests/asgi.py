"""Ask an application without a server: for what does not depend on one."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from src.web.app import create_app
from src.web.service import Service
from src.web.settings import Settings

ADDRESS = "http://127.0.0.1:8000"


def ask(app: ASGIApp, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    """Send one request; the app is not started, so it has no index."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


def ask_started(app: FastAPI, paths: Sequence[str]) -> list[Any]:
    """Start the app, which then has its index, and return the JSON that it gives for each path."""

    async def send() -> list[Any]:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS)
        async with app.router.lifespan_context(app), client:
            return [(await client.get(path)).json() for path in paths]

    return asyncio.run(send())


def ask_service(settings: Settings, method: str, address: str, **content: Any) -> httpx.Response:
    """Send one request to a service of these settings; what watches its index is not started."""

    async def send() -> httpx.Response:
        app = create_app(settings)
        app.state.service = service = Service(settings)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as client:
            response = await client.request(method, address, **content)
        service.searches.close()
        return response

    return asyncio.run(send())
