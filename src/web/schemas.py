"""The service: what its answers are made of, as /openapi.json tells it."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema


def without_default(schema: dict[str, Any]) -> None:
    """Tell nothing of a default: what has none is left out of an answer, and is never null."""
    schema.pop("default", None)


class ImageLinks(BaseModel):
    """Addresses of a picture, to be used as they are: ids may hold any bytes."""

    image: str = Field(description="The picture itself.")
    thumbnail: str = Field(description="A small JPEG of it; takes `?size=`.")
    search: str = Field(description="The search from it.")
    page: str = Field(description="The page that searches from it.")


class Image(BaseModel):
    """A picture of the index."""

    id: str
    links: ImageLinks


class ServedIndex(BaseModel):
    """The index that is served."""

    name: str
    images: int = Field(description="How many it has.")
    descriptor: str = Field(description="What they are described by.")
    finds: Literal["similar", "same"] = Field(
        description="The most similar pictures, or those of the very same thing: then nothing found is an answer."
    )
    places: bool = Field(description="Whether its networks may tell where pictures are similar.")


class Health(BaseModel):
    """Whether the service answers, and from what."""

    status: Literal["ok"]
    version: str
    index: ServedIndex
    duplicates: bool = Field(description="Whether groups of duplicates are known.")
    trouble: str | SkipJsonSchema[None] = Field(
        None, description="Why an index that was replaced is served as it was.", json_schema_extra=without_default
    )
