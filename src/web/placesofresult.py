"""The service: /api/places, where one result is similar to its query, which a search need not wait for."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from ..imagepart import Part
from ..resultplaces import has_places
from .describedquery import Described
from .hangups import unless_hung_up
from .imagelinks import id_in_query
from .jsonanswer import JsonAnswer
from .openedindex import OpenedIndex
from .parameters import PICTURE_BODY, IdPlacesParameters, PlacesParameters, with_form
from .placesinanswers import add_places
from .problems import problems
from .searchschemas import Explained
from .servedfiles import path_of_served
from .service import service_of
from .uploads import read_upload, result_asked_for

router = APIRouter(prefix="/api", tags=["search"])


@router.head("/places", include_in_schema=False)
@router.get("/places", response_model=Explained, responses=problems(404, 413, 415, 422, 503))
async def places_by_id(request: Request, asked: Annotated[IdPlacesParameters, Query()]) -> JsonAnswer:
    """Tell where a picture of the index is similar to another one."""
    service = service_of(request)
    image_id, result_id = id_in_query(request) or asked.id, id_in_query(request, "result") or asked.result
    part = asked.part

    async def tell() -> JsonAnswer:
        index = await service.index()
        query = await anyio.to_thread.run_sync(path_of_served, index, image_id)
        return await _told(index, query, part, await service.describe_id(index, image_id, part), result_id)

    with service.admission.searches.hold():
        return await unless_hung_up(request, tell())


@router.post(
    "/places",
    response_model=Explained,
    responses=problems(400, 404, 408, 413, 415, 422, 503),
    openapi_extra=PICTURE_BODY,
)
async def places_by_picture(request: Request, asked: Annotated[PlacesParameters, Query()]) -> JsonAnswer:
    """Tell where a picture of the index is similar to one that is sent."""
    service = service_of(request)
    upload = await read_upload(request, service.settings)
    result_id = result_asked_for(request, upload)
    part = with_form(asked, upload.fields).part

    async def tell() -> JsonAnswer:
        index = await service.index()
        described = await service.describe_picture(index, upload.data, part)
        return await _told(index, upload.data, part, described, result_id)

    with service.admission.searches.hold():
        return await unless_hung_up(request, tell())


async def _told(
    index: OpenedIndex, query: bytes | str, part: Part | None, described: Described, result_id: str
) -> JsonAnswer:
    await anyio.to_thread.run_sync(path_of_served, index, result_id)  # or it is told that there is none
    result: dict[str, Any] = {"id": result_id}
    if has_places(index.recipe):
        await add_places(index, query, part, described, [result])
    return JsonAnswer({"places": {}} | {key: value for key, value in result.items() if key != "id"})
