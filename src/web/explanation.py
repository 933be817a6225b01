"""The service: /api/explanation, the picture of why one result was found."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ..answer import Answer
from .drawnexplanation import DrawExplanation
from .hangups import unless_hung_up
from .imagelinks import id_in_query
from .openedindex import OpenedIndex
from .parameters import (
    MOST_RESULTS,
    PICTURE_BODY,
    ExplanationParameters,
    IdExplanationParameters,
    SearchParameters,
    with_form,
)
from .picturefiles import PICTURE_ONLY, picture_of
from .problems import ProblemError, problems
from .servedfiles import path_of_served
from .service import Service, Wanted, service_of
from .thumbnails import MEDIA_TYPE
from .uploads import read_upload, result_asked_for

router = APIRouter(prefix="/api", tags=["search"])

UNNAMED = "query"
_MOST_LETTERS = 255


@router.head("/explanation", include_in_schema=False)
@router.get(
    "/explanation", response_class=Response, responses=picture_of(MEDIA_TYPE) | problems(404, 413, 415, 422, 503)
)
async def explain_by_id(request: Request, asked: Annotated[IdExplanationParameters, Query()]) -> Response:
    """Draw why one picture of the index was found for another."""
    service = service_of(request)
    image_id, result_id = id_in_query(request) or asked.id, id_in_query(request, "result") or asked.result
    wanted = _wanted(asked)

    async def draw() -> Response:
        index = await service.index()
        query = await anyio.to_thread.run_sync(path_of_served, index, image_id)
        return await _draw(service, index, query, wanted, await service.answer_id(index, image_id, wanted), result_id)

    with service.admission.searches.hold():
        return await unless_hung_up(request, draw())


@router.post(
    "/explanation",
    responses=picture_of(MEDIA_TYPE) | problems(400, 404, 408, 413, 415, 422, 503),
    response_class=Response,
    openapi_extra=PICTURE_BODY,
)
async def explain_by_picture(request: Request, asked: Annotated[ExplanationParameters, Query()]) -> Response:
    """Draw why a picture of the index was found for one that is sent."""
    service = service_of(request)
    upload = await read_upload(request, service.settings)
    result_id = result_asked_for(request, upload)
    wanted = _wanted(with_form(asked, upload.fields))

    async def draw() -> Response:
        index = await service.index()
        answer = await service.answer_picture(index, upload.data, upload.name, wanted)
        return await _draw(service, index, upload.data, wanted, answer, result_id)

    with service.admission.searches.hold():
        return await unless_hung_up(request, draw())


def _wanted(asked: SearchParameters) -> Wanted:
    # One more than a search finds: it may have left out the query itself.
    return asked.wanted._replace(limit=MOST_RESULTS + 1, explain=True, others=False)


async def _draw(
    service: Service, index: OpenedIndex, query: bytes | str, wanted: Wanted, answer: Answer, result_id: str
) -> Response:
    result = next((one for one in answer.results if one.image_id == result_id), None)
    folder = None if result is None else answer.folder_of(result)
    if result is None or folder is None:
        raise ProblemError(404, f"the result is not among the {MOST_RESULTS} pictures most similar to the query")
    path = await anyio.to_thread.run_sync(path_of_served, index, result_id)
    features = await anyio.to_thread.run_sync(index.searcher.features_of, result_id)
    work = DrawExplanation(
        query, (answer.query or UNNAMED)[-_MOST_LETTERS:], wanted.part, result, features, path, folder, answer.parts,
        answer.finds_the_same, index.max_megapixels,
    )  # fmt: skip
    return Response(await index.worker.do(work), 200, PICTURE_ONLY, MEDIA_TYPE)
