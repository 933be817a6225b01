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
from .picturefiles import PICTURE_ONLY
from .problems import Problem, ProblemError
from .searches import MOST_RESULTS, service_of, wanted_of
from .servedfiles import open_served
from .service import Service, Wanted
from .thumbnails import MEDIA_TYPE
from .uploads import read_upload

router = APIRouter(prefix="/api", tags=["search"])

UNNAMED = "query"
_MOST_LETTERS = 255

ResultId = Annotated[str, Query(description="The id of the result.")]


@router.get("/explanation", responses={404: {"model": Problem}}, response_class=Response)
async def explain_by_id(request: Request, id: Annotated[str, Query()], result: ResultId) -> Response:
    """Draw why one picture of the index was found for another."""
    service = service_of(request)
    image_id, result_id = id_in_query(request) or id, id_in_query(request, "result") or result
    wanted = _wanted(dict(request.query_params))

    async def draw() -> Response:
        index = await service.index()
        query = await anyio.to_thread.run_sync(_path, index, image_id)
        return await _draw(service, index, query, wanted, await service.answer_id(index, image_id, wanted), result_id)

    with service.admission.search():
        return await unless_hung_up(request, draw())


@router.post("/explanation", responses={404: {"model": Problem}}, response_class=Response)
async def explain_by_picture(request: Request) -> Response:
    """Draw why a picture of the index was found for one that is sent."""
    service = service_of(request)
    upload = await read_upload(request, service.settings)
    fields = {**request.query_params, **upload.fields}
    result_id = upload.fields.get("result") or id_in_query(request, "result")
    if not result_id:
        raise ProblemError(422, "result: the id of the result is missing")
    wanted = _wanted(fields)

    async def draw() -> Response:
        index = await service.index()
        answer = await service.answer_picture(index, upload.data, upload.name, wanted)
        return await _draw(service, index, upload.data, wanted, answer, result_id)

    with service.admission.search():
        return await unless_hung_up(request, draw())


def _wanted(fields: dict[str, str]) -> Wanted:
    return wanted_of(fields)._replace(limit=MOST_RESULTS, explain=True)


async def _draw(
    service: Service, index: OpenedIndex, query: bytes | str, wanted: Wanted, answer: Answer, result_id: str
) -> Response:
    result = next((one for one in answer.results if one.image_id == result_id), None)
    folder = None if result is None else answer.folder_of(result)
    if result is None or folder is None:
        raise ProblemError(404, f"the result is not among the {MOST_RESULTS} pictures most similar to the query")
    path = await anyio.to_thread.run_sync(_path, index, result_id)
    features = await anyio.to_thread.run_sync(index.searcher.features_of, result_id)
    work = DrawExplanation(
        query, (answer.query or UNNAMED)[-_MOST_LETTERS:], wanted.part, result, features, path, folder, answer.parts,
        service.settings.max_megapixels,
    )  # fmt: skip
    return Response(await index.worker.do(work), 200, PICTURE_ONLY, MEDIA_TYPE)


def _path(index: OpenedIndex, image_id: str) -> str:
    served = open_served(index, image_id)
    served.file.close()
    return served.path
