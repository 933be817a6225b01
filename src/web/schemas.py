"""The service: what its answers are made of, as /openapi.json tells it."""

from pydantic import BaseModel, Field


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


class PageLinks(BaseModel):
    """Where a list goes on."""

    next: str | None = None
    previous: str | None = None


class ImagePage(BaseModel):
    """Some of the pictures of the index."""

    total: int = Field(description="How many there are.")
    offset: int
    limit: int
    images: list[Image]
    links: PageLinks
