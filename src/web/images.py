"""The service: /api/images, the pictures of the index, themselves and as thumbnails."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response

from .hangups import unless_hung_up
from .imagelinks import id_in_path, image_links
from .jsonanswer import JsonAnswer
from .openedindex import OpenedIndex
from .paging import Offset, PageLinks, page_links
from .picturefiles import UNCHANGED, FileAnswer, not_modified, picture_headers, picture_of
from .problems import ProblemError, problems
from .schemas import Image
from .servedfiles import ServedFile, open_served
from .service import Service, service_of
from .thumbnails import LARGEST, MEDIA_TYPE, SMALLEST, USUAL, MakeThumbnail
from .thumbnailstore import ThumbnailKey


class _AnyId(PathConvertor):
    # Ids may have lines, too.
    regex = "(?s:.*)"


register_url_convertor("image", _AnyId())
router = APIRouter(prefix="/api", tags=["images"])

MOST_LISTED = 1000
# A picture may be replaced under its id: the browser asks whether it was, each time.
_KEPT_PICTURE = "private, no-cache"
_KEPT_THUMBNAIL = "private, max-age=3600"

ImageId = Annotated[str, Path(description="The id; its slashes may be written as %2F.")]
Side = Annotated[int, Query(ge=SMALLEST, le=LARGEST, description="Pixels of the longer side, at most.")]


class ImagePage(BaseModel):
    """Some of the pictures of the index."""

    total: int = Field(description="How many there are.")
    offset: int
    limit: int
    images: list[Image]
    links: PageLinks


@router.head("/images", include_in_schema=False)
@router.get("/images", response_model=ImagePage, responses=problems(503))
async def list_images(
    request: Request,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
) -> JsonAnswer:
    """List the pictures of the index, in its order."""
    index = await service_of(request).index()
    return JsonAnswer(await anyio.to_thread.run_sync(_page, index, offset, limit))


def _page(index: OpenedIndex, offset: int, limit: int) -> dict[str, Any]:
    ids = index.searcher.ids
    links = page_links("/api/images", offset, limit, len(ids))
    images = [{"id": one, "links": image_links(one)} for one in ids[offset : offset + limit]]
    return {"total": len(ids), "offset": offset, "limit": limit, "images": images, "links": links}


@router.head("/images/{id:image}/thumbnail", include_in_schema=False)
@router.get(
    "/images/{id:image}/thumbnail", response_class=Response,
    responses=picture_of(MEDIA_TYPE) | UNCHANGED | problems(404, 413, 415, 422, 503),
)  # fmt: skip
async def get_thumbnail(request: Request, id: ImageId, size: Side = USUAL) -> Response:
    """Return a picture of the index as a small JPEG, upright."""
    image_id, is_thumbnail = id_in_path(request)
    if not is_thumbnail:
        return await get_image(request, id)
    service = service_of(request)
    index = await service.index()
    try:
        served = await anyio.to_thread.run_sync(open_served, index, image_id)
    except ProblemError:
        # Somebody may have written the slashes of an id as they are.
        whole = f"{image_id}/thumbnail"
        if not await anyio.to_thread.run_sync(index.searcher.__contains__, whole):
            raise
        return await _file(request, index, whole)
    served.file.close()
    headers = picture_headers(served, f"{served.tag}-{size}", _KEPT_THUMBNAIL)
    if (unchanged := not_modified(request, headers)) is not None:
        return unchanged
    made = await unless_hung_up(request, _thumbnail(service, index, served, size))
    return Response(made, 200, headers, MEDIA_TYPE)


async def _thumbnail(service: Service, index: OpenedIndex, served: ServedFile, side: int) -> bytes:
    async def make() -> bytes:
        async with service.admission.thumbnail():
            work = MakeThumbnail(served.path, served.size, side, index.max_megapixels)
            return await index.worker.do(work)

    return await service.thumbnails.get(ThumbnailKey(served.path, served.tag, side), make)


@router.head("/images/{id:image}", include_in_schema=False)
@router.get(
    "/images/{id:image}", response_class=Response, responses=picture_of("image/*") | UNCHANGED | problems(404, 503)
)
async def get_image(request: Request, id: ImageId) -> Response:
    """Return the file of a picture of the index, as it is."""
    return await _file(request, await service_of(request).index(), id_in_path(request)[0])


async def _file(request: Request, index: OpenedIndex, image_id: str) -> Response:
    served = await anyio.to_thread.run_sync(open_served, index, image_id)
    headers = picture_headers(served, served.tag, _KEPT_PICTURE)
    if (unchanged := not_modified(request, headers)) is not None:
        served.file.close()
        return unchanged
    return FileAnswer(served, headers)
