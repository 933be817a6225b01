"""The service: GET /api/health, whether it answers, and from what."""

from typing import Any

from fastapi import APIRouter, Request

from .. import __version__
from ..resultplaces import has_places
from .jsonanswer import JsonAnswer
from .problems import problems
from .schemas import Health
from .service import service_of

router = APIRouter(prefix="/api", tags=["service"])


@router.head("/health", include_in_schema=False)
@router.get("/health", response_model=Health, responses=problems(503))
async def health(request: Request) -> JsonAnswer:
    """Tell that the service is alive, and what it serves; or what keeps it from serving."""
    service = service_of(request)
    index = await service.index()
    told: dict[str, Any] = {
        "status": "ok",
        "version": __version__,
        "index": {
            "name": index.name,
            "images": len(index.searcher),
            "descriptor": index.searcher.descriptor.name,
            "finds": "same" if index.searcher.finds_the_same else "similar",
            "places": has_places(index.recipe),
        },
        "duplicates": await service.groups.are_known(),
    }
    if service.watch.trouble:
        told["trouble"] = service.watch.trouble
    return JsonAnswer(told)
