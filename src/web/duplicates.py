"""The service: GET /api/duplicates, the groups of duplicates of the index, where they are known."""

import os
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from ..duplicatefinder import DEFAULT_THRESHOLD
from ..duplicategroup import ORIENTATION_WORDS
from .imagelinks import image_links
from .jsonanswer import JsonAnswer
from .openedindex import OpenedIndex
from .paging import Offset, PageLinks, page_links
from .problems import problems
from .schemas import Image
from .servedgroups import ServedGroup, ServedGroups, gone_of
from .service import service_of
from .toldgroups import ToldPicture

router = APIRouter(prefix="/api", tags=["duplicates"])

MOST_GROUPS = 200


class GroupedImage(Image):
    """A picture of a group."""

    width: int = Field(description="Pixels, upright.")
    height: int
    bytes: int
    gone: bool = Field(description="Whether it is not there any more as it was, as when spares have been moved.")


class CopyImage(GroupedImage):
    """A copy of the picture to keep."""

    kind: str = Field(description="file, picture or near: what it is to the one to keep.")
    similarity: float = Field(description="1 for the kinds file and picture, less for near ones.")
    orientation: str = Field(description="How the one to keep was turned to get it, in words; empty for not at all.")
    protected: bool = Field(description="Whether it must stay.")
    takes_disk: bool = Field(description="Whether its removal frees its bytes.")


class DuplicateGroup(BaseModel):
    """Pictures that are copies of each other."""

    key: str = Field(description="The same as long as its pictures are.")
    kind: str = Field(description="The loosest kind of its copies.")
    keep: GroupedImage = Field(description="The one that is worth keeping.")
    spares: list[CopyImage] = Field(description="All others, the most similar ones first.")
    spare_bytes: int = Field(description="How much disk would be won.")


class DuplicatePage(BaseModel):
    """Some of the groups."""

    index: str = Field(description="The name of the index.")
    stamp: str = Field(description="Differs where the groups differ: pages of one stamp are of one list.")
    total: int = Field(description="How many groups there are.")
    offset: int
    limit: int
    spares: int = Field(description="How many spares all groups have.")
    spare_bytes: int = Field(description="How much disk they take.")
    without: int = Field(description="How many pictures of the index could not be compared.")
    options: list[str] = Field(description="With which duplicates.py finds these groups again.")
    groups: list[DuplicateGroup]
    links: PageLinks


@router.head("/duplicates", include_in_schema=False)
@router.get("/duplicates", response_model=DuplicatePage, responses=problems(404, 422, 503))
async def list_duplicates(
    request: Request,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_GROUPS)] = 50,
) -> JsonAnswer:
    """List the groups of duplicates: the strictest kinds first, and of a kind what takes most disk."""
    service = service_of(request)
    index = await service.index()
    known = await service.groups.of(index)
    return JsonAnswer(await anyio.to_thread.run_sync(_page, index, known, service.settings.ignore, offset, limit))


def _page(index: OpenedIndex, known: ServedGroups, ignore: str | None, offset: int, limit: int) -> dict[str, Any]:
    groups = known.groups[offset : offset + limit]
    gone = gone_of(index, groups)
    links = page_links("/api/duplicates", offset, limit, len(known.groups))
    return {
        "index": index.name, "stamp": known.stamp, "total": len(known.groups), "offset": offset, "limit": limit,
        "spares": known.spares, "spare_bytes": known.spare_bytes, "without": known.without,
        "options": _options(index, known, ignore), "groups": [_group(one, gone) for one in groups], "links": links,
    }  # fmt: skip


def _options(index: OpenedIndex, known: ServedGroups, ignore: str | None) -> list[str]:
    options = ["--index", index.name]
    if ignore is not None:
        options += ["--ignore", os.path.basename(ignore)]
    if known.threshold != DEFAULT_THRESHOLD:
        options += ["--threshold", f"{known.threshold:g}"]
    return [*options, "--any-orientation"] if known.any_orientation else options


def _group(one: ServedGroup, gone: set[str]) -> dict[str, Any]:
    keep, *copies = one.group.pictures
    return {
        "key": one.key,
        "kind": one.group.kind,
        "keep": _picture(keep, gone),
        "spares": [_copy(copy, gone) for copy in copies],
        "spare_bytes": one.group.spare_bytes,
    }


def _picture(picture: ToldPicture, gone: set[str]) -> dict[str, Any]:
    return {
        "id": picture.id, "width": picture.width, "height": picture.height, "bytes": picture.bytes,
        "gone": picture.id in gone, "links": image_links(picture.id),
    }  # fmt: skip


def _copy(copy: ToldPicture, gone: set[str]) -> dict[str, Any]:
    return {
        **_picture(copy, gone), "kind": copy.kind, "similarity": copy.similarity,
        "orientation": ORIENTATION_WORDS[copy.orientation], "protected": copy.is_protected,
        "takes_disk": copy.takes_disk,
    }  # fmt: skip
