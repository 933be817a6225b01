"""The service: what went wrong, as JSON problem details (RFC 9457); never where anything lies on the server."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from ..errors import ExpectedError, IndexFileError
from .jsonanswer import JsonAnswer

MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "something went wrong here; it is told in the log of the service"
CLUSTER_LOST = "the cluster that searches has failed or is away: it is asked again in a moment"
_METHODS = ("GET", "HEAD", "POST", "DELETE")


class Problem(BaseModel):
    """What went wrong, and what to do."""

    type: str = Field(default="about:blank", description="Names the kind of problem; none has a page of its own.")
    title: str = Field(description="What the status means.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong with this request.")


class ProblemError(Exception):
    """Raised where a request cannot be answered: becomes problem details."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class PictureProblem(ProblemError):
    """Raised where a picture cannot be used.

    `lasts` tells whether that follows from its bytes. Otherwise it may be used another time.
    """

    def __init__(self, status: int, detail: str, lasts: bool) -> None:
        super().__init__(status, detail)
        self.lasts = lasts


def problem_response(status: int, detail: str, headers: dict[str, str] | None = None) -> JsonAnswer:
    """Return a response that tells of a problem."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JsonAnswer(problem.model_dump(), status, headers, MEDIA_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route says of the problems that its own answers may be."""
    return {status: {"model": Problem} for status in statuses}


def add_problems(app: FastAPI) -> None:
    """Have an app tell of all its problems in this way."""

    @app.exception_handler(ProblemError)
    async def own(_: Request, error: ProblemError) -> JsonAnswer:
        return problem_response(error.status, error.detail, error.headers)

    @app.exception_handler(HTTPException)
    async def of_framework(request: Request, error: HTTPException) -> JsonAnswer:
        headers = dict(error.headers) if error.headers else None
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {"Allow": ", ".join(_allowed_methods(request))}
        return problem_response(error.status_code, str(error.detail), headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JsonAnswer:
        one = error.errors()[0]
        where = ".".join(str(step) for step in one["loc"][1:])
        return problem_response(422, f"{where}: {one['msg']}" if where else str(one["msg"]))

    @app.exception_handler(ExpectedError)
    async def of_index(request: Request, error: ExpectedError) -> JsonAnswer:
        watch = request.app.state.service.watch
        if watch.lose_cluster(error):
            return problem_response(503, watch.trouble, {"Retry-After": "2"})
        # Large ones are not looked through when they are opened.
        logging.getLogger(__name__).warning("%s", error)
        if not isinstance(error, IndexFileError):
            return problem_response(500, UNEXPECTED)
        return problem_response(
            503, "the index is damaged, which whoever runs the service can mend", {"Retry-After": "60"}
        )

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JsonAnswer:
        return problem_response(500, UNEXPECTED)


def _allowed_methods(request: Request) -> list[str]:
    """Return how an address may be asked: the framework tells it of one of its routes, and there may be several."""
    asked = [{**request.scope, "method": method} for method in _METHODS]
    found = [one["method"] for one in asked if any(route.matches(one)[0] == Match.FULL for route in request.app.routes)]
    return found or ["GET", "HEAD"]
