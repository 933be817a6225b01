"""The service: what the answer to a search is made of, as /openapi.json tells it."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, FiniteFloat, TypeAdapter

from .schemas import ImageLinks


class PictureLinks(BaseModel):
    """Addresses of the query, if it is a picture of the index."""

    image: str
    thumbnail: str


class Crop(BaseModel):
    """The part of the query that was searched by, in pixels of the upright picture."""

    left: int
    top: int
    width: int
    height: int
    of_width: int
    of_height: int


class Shares(BaseModel):
    """What each place of a picture carries of how similar a network finds it."""

    window: list[FiniteFloat] = Field(description="The part of the picture that the places are in.")
    shares: list[list[FiniteFloat]] = Field(description="By rows; they sum to the similarity.")


class Places(BaseModel):
    """Where two pictures are similar."""

    result: Shares
    query: Shares


class Explained(BaseModel):
    """What is told of a result's places."""

    places: dict[str, Places] | None = Field(description="By network; empty if the index has none that sees places.")
    unexplained: str | None = Field(None, description="Why there are no places.")


Place = Annotated[list[float], Field(min_length=2, max_length=2, examples=[[0.25, 0.5]])]
"""Across and down, as shares of a picture's width and height, from the top left."""


class MatchedPoints(BaseModel):
    """The same point in both pictures."""

    query: Place
    result: Place


class Outline(BaseModel):
    """How the picture of the index lies in what was searched by: the query, or the part of it."""

    corners: list[Place] = Field(
        min_length=4, max_length=4,
        description="Of the picture: top left, top right, bottom right, bottom left. They may lie outside.",
    )  # fmt: skip
    inliers: int = Field(description="How many local features are found again where they are expected.")
    points: list[MatchedPoints] = Field(description="Some of them, spread over the picture.")


class Result(BaseModel):
    """A similar picture."""

    rank: int
    distance: float
    similarity: float = Field(ge=0, le=1, description="1 for distance 0 alone.")
    id: str
    path: str = Field(description="The id; where the file is, is not told.")
    gone: bool = Field(description="Whether its file is not there any more.")
    links: ImageLinks
    regions: dict[str, float] | None = Field(None, description="What each part carries of the distance.")
    because: list[str] | None = Field(None, description="What decided.")
    outline: Outline | None = Field(None, description="Where the very same thing is seen.")
    places: dict[str, Places] | None = Field(None, description="By network.")
    unexplained: str | None = Field(None, description="Why there are no places.")


class Answer(BaseModel):
    """What was found for a query."""

    query: str = Field(description="The id, or the name of the file that was sent.")
    crop: Crop | None = None
    links: PictureLinks | None = None
    blank: bool = Field(False, description="Whether it is too plain to be known again, where nothing else is found.")
    results: list[Result]


class Found(BaseModel):
    """What `search.py --json` tells, with links."""

    index: str
    answers: list[Answer]


_ALL_EXPLAINED = TypeAdapter(list[Explained])


def read_places(made: bytes, count: int) -> list[dict[str, Any]]:
    """Read what `ExplainPlaces` has made of so many results; ValueError for what no sound process makes."""
    explained = _ALL_EXPLAINED.validate_json(made)
    if len(explained) not in (0, count):
        raise ValueError("of another number of results")
    return [one.model_dump(exclude_unset=True) for one in explained]
