"""The service: POST and GET /api/search."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from ..answertext import as_json
from ..imagepart import Part
from .hangups import unless_hung_up
from .imagelinks import id_in_query, image_links
from .jsonanswer import JsonAnswer
from .problems import Problem, ProblemError
from .service import Service, Wanted
from .uploads import read_upload

router = APIRouter(prefix="/api", tags=["search"])

MOST_RESULTS = 100


def service_of(request: Request) -> Service:
    """Return what requests share."""
    service: Service = request.app.state.service
    return service


def wanted_of(values: dict[str, Any]) -> Wanted:
    """Return what is asked, from the fields of a query or a form; ProblemError if they are not as they must be."""
    try:
        limit = int(values.get("limit") or 3)
        max_distance = float(values.get("max_distance") or "inf")
        part = Part.parse(values["crop"]) if values.get("crop") else None
    except ValueError as error:
        raise ProblemError(422, str(error)) from None
    if not 1 <= limit <= MOST_RESULTS:
        raise ProblemError(422, f"limit must be from 1 to {MOST_RESULTS}")
    if part is not None and not part.is_share:
        raise ProblemError(422, "crop must be four shares from 0 to 1")
    return Wanted(limit, max_distance, part, str(values.get("explain", "")).lower() in ("1", "true"))


@router.post("/search", responses={422: {"model": Problem}})
async def search_by_picture(request: Request) -> JsonAnswer:
    """Find the pictures most similar to one that is sent."""
    service = service_of(request)
    upload = await read_upload(request, service.settings)
    wanted = wanted_of({**request.query_params, **upload.fields})
    with service.admission.search():
        index = await service.index()
        searching = service.answer_picture(index, upload.data, upload.name, wanted)
        answer = await unless_hung_up(request, searching)
    return JsonAnswer({"index": index.name, "answers": [_values(answer)]})


@router.get("/search", responses={404: {"model": Problem}})
async def search_by_id(request: Request, id: Annotated[str, Query()]) -> JsonAnswer:
    """Find the pictures most similar to one of the index."""
    service = service_of(request)
    wanted = wanted_of(dict(request.query_params))
    with service.admission.search():
        index = await service.index()
        answer = await unless_hung_up(request, service.answer_id(index, id_in_query(request) or id, wanted))
    return JsonAnswer({"index": index.name, "answers": [_values(answer)]})


def _values(answer: Any) -> dict[str, Any]:
    (values,) = as_json([answer])
    for result in values["results"]:
        result["path"] = result["id"]
        result["links"] = image_links(result["id"])
    return values
