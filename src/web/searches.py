"""The service: POST and GET /api/search."""

import time
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from ..answer import Answer
from ..answertext import as_json
from ..resultplaces import has_places
from .hangups import unless_hung_up
from .imagelinks import id_in_query, image_links
from .jsonanswer import JsonAnswer
from .openedindex import OpenedIndex
from .parameters import PICTURE_BODY, IdParameters, SearchParameters, with_form
from .placesinanswers import add_places
from .problems import ProblemError, problems
from .searchschemas import Found
from .servedfiles import is_gone, path_of_served
from .service import Service, Wanted, service_of
from .uploads import Upload, read_upload

router = APIRouter(prefix="/api", tags=["search"])


@router.post(
    "/search",
    response_model=Found,
    responses=problems(400, 408, 413, 415, 422, 503),
    openapi_extra=PICTURE_BODY,
)
async def search_by_picture(request: Request, asked: Annotated[SearchParameters, Query()]) -> JsonAnswer:
    """Find the pictures most similar to one that is sent, as the field `image` of a form or as the body.

    Parameters may stand in the address or in the form.
    """
    service = service_of(request)
    upload = await read_upload(request, service.settings)
    wanted = with_form(asked, upload.fields).wanted
    with service.admission.searches.hold():
        return await unless_hung_up(request, _by_picture(service, upload, wanted))


@router.head("/search", include_in_schema=False)
@router.get("/search", response_model=Found, responses=problems(404, 413, 415, 422, 503))
async def search_by_id(request: Request, asked: Annotated[IdParameters, Query()]) -> JsonAnswer:
    """Find the pictures most similar to one of the index, or to a part of it."""
    service = service_of(request)
    image_id = id_in_query(request) or asked.id
    with service.admission.searches.hold():
        return await unless_hung_up(request, _by_id(service, image_id, asked.wanted))


class _Times:
    """How long the parts of an answer took since this was made, for whoever asks; browsers show it."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._told: list[str] = []

    def took(self, part: str) -> None:
        """Say that a part has ended; waiting for its turn counts."""
        now = time.perf_counter()
        self._told.append(f"{part};dur={1000 * (now - self._last):.2f}")
        self._last = now

    @property
    def headers(self) -> dict[str, str]:
        """What a response bears."""
        return {"Server-Timing": ", ".join(self._told)}


async def _by_picture(service: Service, upload: Upload, wanted: Wanted) -> JsonAnswer:
    index, times = await service.index(), _Times()
    described = await service.describe_picture(index, upload.data, wanted.part)
    times.took("describe")
    answer = await service.answer(index, upload.name, described, wanted)
    times.took("search")
    told = await anyio.to_thread.run_sync(_told, index, answer)
    if wanted.explain and wanted.places:
        await add_places(index, upload.data, wanted.part, described, told["results"])
    return JsonAnswer({"index": index.name, "answers": [told]}, headers=times.headers)


async def _by_id(service: Service, image_id: str, wanted: Wanted) -> JsonAnswer:
    index = await service.index()
    described = await service.describe_id(index, image_id, wanted.part)
    answer = await service.answer_described(index, image_id, described, wanted)
    told = await anyio.to_thread.run_sync(_told, index, answer)
    told["links"] = {name: link for name, link in image_links(image_id).items() if name in ("image", "thumbnail")}
    if wanted.explain and wanted.places and has_places(index.recipe):
        try:
            path = await anyio.to_thread.run_sync(path_of_served, index, image_id)
        except ProblemError:  # its file is gone: the results were found by what the index knows
            pass
        else:
            await add_places(index, path, wanted.part, described, told["results"])
    return JsonAnswer({"index": index.name, "answers": [told]})


def _told(index: OpenedIndex, answer: Answer) -> dict[str, Any]:
    # Where the images are is not told: they have no path then but their id.
    (values,) = as_json([answer._replace(folder=None, folders={})])
    for result in values["results"]:
        result["gone"] = is_gone(index, result["id"])
        result["links"] = image_links(result["id"])
    return values
