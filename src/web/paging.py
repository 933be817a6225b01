"""The service: long lists, which are told page by page."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from .schemas import without_default

# JavaScript counts up to this.
MOST_OFFSET = 1 << 53

Offset = Annotated[int, Query(ge=0, le=MOST_OFFSET, description="How many come before the page.")]


class PageLinks(BaseModel):
    """Where a list goes on."""

    next: str | SkipJsonSchema[None] = Field(None, json_schema_extra=without_default)
    previous: str | SkipJsonSchema[None] = Field(None, json_schema_extra=without_default)


def page_links(address: str, offset: int, limit: int, total: int) -> dict[str, str]:
    """Return the addresses of the pages after and before one, as `PageLinks` has them.

    Parameters
    ----------
    address : str
        Of the list.
    offset, limit : int
        How many come before the page, and how many it has at most.
    total : int
        How many there are.
    """
    links = {}
    if offset + limit < total:
        links["next"] = f"{address}?offset={offset + limit}&limit={limit}"
    if offset > 0:
        links["previous"] = f"{address}?offset={max(0, offset - limit)}&limit={limit}"
    return links
