"""The service: /openapi.json tells problems as they come: as problem details, and those that any request may get."""

from http import HTTPStatus
from typing import Any

from .problems import MEDIA_TYPE, Problem

# Of no host or a stranger's, or of a page that may not ask; or more than is done at once.
_ANY = (400, 403, 421)
_WITH_TOKEN = (401, 429)
_OPEN = "/api/health"
_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_METHODS = ("get", "post", "delete")
_NOT_OURS = ("HTTPValidationError", "ValidationError")


def tell_problems(description: dict[str, Any], *, asks_for_token: bool) -> dict[str, Any]:
    """Change an OpenAPI description so that its problems, statuses from 400 on, are told as they are; return it."""
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name in _NOT_OURS:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    if asks_for_token:
        description["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, methods in description["paths"].items():
        needs_token = asks_for_token and path != _OPEN
        for method in methods.keys() & _METHODS:
            operation = methods[method]
            if needs_token:
                operation["security"] = [{"token": []}]
            responses = operation["responses"]
            own = [int(status) for status in responses if status.isdigit() and int(status) >= 400]
            told = {*own, *_ANY, *(_WITH_TOKEN if needs_token else ())}
            responses |= {str(status): _problem(status) for status in told}
            operation["responses"] = dict(sorted(responses.items()))
    return description


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": _REFERENCE}},
    }
    if status in (429, 503):
        told["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return told
