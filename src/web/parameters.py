"""The service: what a search may be asked for, in the query of an address or in the fields of a form."""

import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from ..imagepart import Part
from .service import Wanted

MOST_RESULTS = 100
# Left and top are below 1, width and height above 0: all else lies outside of any picture.
_PLACE = r"(0|0?\.[0-9]{1,20})"
_LENGTH = r"(1|1\.0{1,20}|0?\.[0-9]{0,20}[1-9][0-9]{0,20})"
CROP = f"^{_PLACE},{_PLACE},{_LENGTH},{_LENGTH}$"


class PartParameters(BaseModel):
    """What part of a query is meant, whatever is asked of it."""

    crop: str = Field(
        default_factory=str, pattern=CROP, examples=["0.25,0.1,0.5,0.8"],
        description="Search by a part of the picture: left, top, width and height, as shares of its width and height.",
    )  # fmt: skip

    @field_validator("crop", mode="before")
    @classmethod
    def _told_in_words(cls, crop: object) -> object:
        if isinstance(crop, str) and not re.fullmatch(CROP, crop, re.ASCII):
            told = "must be left, top, width and height, as shares of the picture from 0 to 1: 0.25,0.1,0.5,0.8"
            raise PydanticCustomError("crop", told)
        return crop

    @property
    def part(self) -> Part | None:
        """The part; None for all of the query."""
        return Part.parse(self.crop) if self.crop else None


class SearchParameters(PartParameters):
    """What is asked of the index, whatever the query."""

    limit: int = Field(3, ge=1, le=MOST_RESULTS, description="How many pictures to find.")
    # What is not there is made, and not given as a default, for which JSON and OpenAPI have no word.
    max_distance: float = Field(
        default_factory=lambda: math.inf, ge=0, allow_inf_nan=False,
        description="Pictures further away than this are not found.",
    )  # fmt: skip
    explain: bool = Field(False, description="Whether to tell why the pictures are similar.")
    places: bool = Field(
        True,
        description="With `explain`: whether also to tell where, which takes long: pictures are read again.",
    )

    @property
    def wanted(self) -> Wanted:
        """The same for the service."""
        return Wanted(self.limit, self.max_distance, self.part, self.explain, places=self.places)


class IdParameters(SearchParameters):
    """What is asked of the index by one of its pictures."""

    id: str = Field(description="The id of the picture; it may hold any bytes, escaped as in links.")
    others: bool = Field(
        False, description="Whether to leave out the picture itself: the file, not copies of it under other names."
    )

    @property
    def wanted(self) -> Wanted:
        """The same for the service."""
        return super().wanted._replace(others=self.others)


class ExplanationParameters(SearchParameters):
    """What is asked of one of the results for a picture that is sent."""

    result: str = Field(
        default_factory=str, min_length=1, description="The id of the result; it is needed, here or in the form."
    )


class IdExplanationParameters(IdParameters):
    """What is asked of one of the results for a picture of the index."""

    result: str = Field(description="The id of the result.")


class PlacesParameters(PartParameters):
    """What is asked of the places of one result, for a picture that is sent."""

    result: str = Field(
        default_factory=str, min_length=1, description="The id of the result; it is needed, here or in the form."
    )


class IdPlacesParameters(PartParameters):
    """What is asked of the places of one result, for a picture of the index."""

    id: str = Field(description="The id of the picture; it may hold any bytes, escaped as in links.")
    result: str = Field(description="The id of the result.")


Parameters = TypeVar("Parameters", bound=PartParameters)


def with_form(asked: Parameters, fields: Mapping[str, str]) -> Parameters:
    """Return what is asked by an address and by the fields of a form, which count where both say it.

    Raises
    ------
    RequestValidationError
        If a field is not as it must be.
    """
    if not fields:
        return asked
    try:
        return type(asked).model_validate({**asked.model_dump(exclude_unset=True), **fields})
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


# In OpenAPI. The parameters are told once, as those of the address: as fields too, a page to try it would fill both in,
# with a distance of 0.
_IMAGE = {"type": "string", "format": "binary", "description": "The picture. Parameters may be fields beside it."}
_FORM = {"schema": {"type": "object", "required": ["image"], "properties": {"image": _IMAGE}}}
_PICTURE = {"schema": {"type": "string", "format": "binary"}}
PICTURE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": _FORM, "image/*": _PICTURE, "application/octet-stream": _PICTURE},
    }
}
