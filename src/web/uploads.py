"""The service: a picture that comes with a request, and what is said beside it; nothing of it touches a disk."""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from .admission import Admission
from .bodies import HELD
from .imagelinks import id_in_query
from .problems import ProblemError
from .settings import Settings
from .uploadpace import Pace

FIELD = "image"
# Beside the picture a form may have so many bytes, and so many fields.
FORM_BYTES = 100_000
MOST_FIELDS = 20
# The longest boundary has 70 letters. Reading the parameters takes the square of how many there are.
MOST_TYPE_LETTERS = 300

# What is wrong with a form is told to whoever sent it. The log is not theirs to fill.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


class Upload(NamedTuple):
    """An encoded picture, and the other fields of its form."""

    data: bytes
    name: str
    fields: Mapping[str, str]


class _InMemory(MultiPartParser):
    # What is larger would go to a file, on a disk that may be full.
    spool_max_size = 1 << 40
    is_whole = False

    def on_end(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        """Let go of all parts, also of one that was never whole."""
        for file in self._files_to_close_on_error:
            file.close()


async def read_upload(request: Request, settings: Settings) -> Upload:
    """Read the picture of a request, refusing early what is too large or too slow.

    Raises
    ------
    ProblemError
        If there is none: 400, 408, 413, 415, 422, or 503 where all uploads together hold too much.
    """
    most = settings.most_upload_bytes
    headers = request.headers
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        detail = "a picture must be sent as it is, without a Content-Encoding"
        raise ProblemError(415, detail, {"Accept-Encoding": "identity"})
    if len(headers.get("content-type", "")) > MOST_TYPE_LETTERS:
        raise ProblemError(415, f"a Content-Type may have {MOST_TYPE_LETTERS} letters")
    kind, options = parse_options_header(headers.get("content-type"))
    is_form = kind == b"multipart/form-data"
    if is_form and options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise ProblemError(415, "a form must be of the charset utf-8")
    declared = headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most + FORM_BYTES * is_form:
        raise _too_large(most, int(declared))
    try:
        pace = Pace(settings.upload_seconds, settings.slowest_upload)
        # `fail_after` would leave an error whose traceback leads back to itself, and that keeps the request, what has
        # come of it, and its connection.
        with pace.clock:
            if is_form:
                upload = await _read_form(request, most, pace)
            else:
                upload = Upload(b"".join([part async for part in _limited(request, most, 0, pace)]), "", {})
            pace.is_whole = True
            return upload
    except ClientDisconnect:
        raise ProblemError(400, "the request ended before the picture was whole") from None
    raise ProblemError(408, "the picture did not come fast enough", {"Connection": "close"})


def result_asked_for(request: Request, upload: Upload) -> str:
    """Return the id of the result that is asked about, a field of the form or of the query; a 422 if there is none."""
    result_id = upload.fields.get("result") or id_in_query(request, "result")
    if not result_id:
        raise ProblemError(422, "result: the id of the result is missing")
    return result_id


async def _read_form(request: Request, most: int, pace: Pace) -> Upload:
    body = _limited(request, most, FORM_BYTES, pace)
    parser = _InMemory(request.headers, body, max_files=1, max_fields=MOST_FIELDS, max_part_size=FORM_BYTES)
    try:
        form = await parser.parse()
        if not parser.is_whole:
            raise ProblemError(400, "the form cannot be read: it has no end")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        image = form.get(FIELD)
        if image is None:
            raise ProblemError(422, f"the form has no field '{FIELD}'")
        if isinstance(image, str):
            raise ProblemError(422, f"the field '{FIELD}' is text and no file")
        data = await image.read()
    except MultiPartException as error:
        raise ProblemError(400, f"the form cannot be read: {error.message}") from None
    except (KeyError, ValueError):
        raise ProblemError(400, "the form cannot be read: it is not as multipart/form-data must be") from None
    finally:
        parser.close()
    if len(data) > most:
        raise _too_large(most, len(data))
    return Upload(data, image.filename or "", fields)


async def _limited(request: Request, most: int, extra: int, pace: Pace) -> AsyncGenerator[bytes, None]:
    admission: Admission = request.app.state.service.admission
    held: ExitStack = request.scope["state"][HELD]
    hold = held.enter_context(admission.upload(pace))
    got = 0
    async for part in request.stream():
        got += len(part)
        if got > most + extra:
            raise _too_large(most)
        hold(len(part))
        pace.move_on(len(part))
        yield part


def _too_large(most: int, size: int = 0) -> ProblemError:
    """Tell the size of a file too, if it is known."""
    limit, has = (f"{nbytes / 1e6:,.1f}".removesuffix(".0") + " MB" for nbytes in (most, size))
    if not size or has == limit:
        has = f"more than {limit}"
    return ProblemError(413, f"the file has {has}; a picture may have {limit}", {"Connection": "close"})
