"""The service: a picture that comes with a request, and what is said beside it; nothing of it touches a disk."""

from collections.abc import AsyncGenerator, Mapping
from typing import NamedTuple

import anyio
from fastapi import Request
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from .problems import ProblemError
from .settings import Settings

FIELD = "image"
# Beside the picture a form may have so many bytes.
FORM_BYTES = 100_000


class Upload(NamedTuple):
    """An encoded picture, and the other fields of its form."""

    data: bytes
    name: str
    fields: Mapping[str, str]


class _InMemory(MultiPartParser):
    # What is larger would go to a file, on a disk that may be full.
    spool_max_size = 1 << 40


async def read_upload(request: Request, settings: Settings) -> Upload:
    """Read the picture of a request, refusing early what is too large or too slow.

    Raises
    ------
    ProblemError
        If there is none.
    """
    most = settings.most_upload_bytes
    declared = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind == "multipart/form-data"
    if declared.isdigit() and int(declared) > most + FORM_BYTES * is_form:
        raise _too_large(most)
    try:
        with anyio.fail_after(settings.upload_seconds):
            if is_form:
                return await _read_form(request, most)
            return Upload(b"".join([part async for part in _limited(request, most)]), "", {})
    except TimeoutError:
        detail = f"the picture did not come within {settings.upload_seconds:g} seconds"
        raise ProblemError(408, detail, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise ProblemError(400, "the request ended before the picture was whole") from None


async def _read_form(request: Request, most: int) -> Upload:
    parser = _InMemory(request.headers, _limited(request, most + FORM_BYTES), max_files=1, max_fields=20)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise ProblemError(400, "the form cannot be read: multipart/form-data is not as it must be") from error
    try:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        image = form.get(FIELD)
        if image is None:
            raise ProblemError(422, f"the form has no field '{FIELD}'")
        if isinstance(image, str):
            raise ProblemError(422, f"the field '{FIELD}' is text and no file")
        if image.size is not None and image.size > most:
            raise _too_large(most)
        return Upload(await image.read(), image.filename or "", fields)
    finally:
        await form.close()


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    got = 0
    async for part in request.stream():
        got += len(part)
        if got > most:
            raise _too_large(most)
        yield part


def _too_large(most: int) -> ProblemError:
    return ProblemError(413, f"a picture may have {most / 1e6:g} MB", {"Connection": "close"})
