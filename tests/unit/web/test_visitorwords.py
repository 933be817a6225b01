"""Whoever sends a picture is told why it cannot be used, in words that need no knowledge of the programs."""

import re

import pytest

from src.errors import DAMAGED, KINDS, NOT_AN_IMAGE, TOO_LARGE, UNSUPPORTED, UnreadableImage
from src.formats.imagelimits import Limits
from src.formats.reading import Reading
from src.imagepart import Part
from src.web.visitorwords import words_for


def refused(width: int, height: int, size: int, *, slow: bool = False) -> str:
    with pytest.raises(UnreadableImage) as told:
        Limits(Reading(50), None, size).check(width, height, 24, slow=slow)
    return words_for(told.value)


def test_a_picture_that_is_too_large_is_told_with_its_size_and_the_limit() -> None:
    assert refused(9000, 7000, 10**7) == "the picture has 63.0 megapixels; at most 50 are read here"
    assert refused(30_000, 30_000, 99) == "the picture has 900.0 megapixels; at most 50 are read here"
    assert refused(2000, 2000, 10**7, slow=True) == "the picture has 4.0 megapixels; at most 2 are read of its format"
    empty = "the picture is nearly empty: 49.0 megapixels in a file of 1,000 bytes are not read"
    assert refused(7000, 7000, 1000) == empty


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        (NOT_AN_IMAGE, "a PDF document, not a picture", "that is a PDF document, not a picture"),
        (
            UNSUPPORTED, "a HEIC picture: pip install pillow-heif",
            "that is a HEIC picture, which cannot be read here: a JPEG or PNG of it can",
        ),
        (UNSUPPORTED, "a LogLuv TIFF", "that is a LogLuv TIFF, which cannot be read here: a JPEG or PNG of it can"),
        (
            UNSUPPORTED, "samples that are signed, complex or small floats",
            "a picture of this kind cannot be read here: a JPEG or PNG of it can",
        ),
        (DAMAGED, "RuntimeError: /usr/lib/nothing.so", "the picture is damaged"),
        (TOO_LARGE, "far too many megapixels; the limit is 50", "the picture, or its file, is too large"),
    ],
)  # fmt: skip
def test_the_reason_is_told_without_what_only_whoever_runs_it_can_do(kind: str, reason: str, words: str) -> None:
    assert words_for(UnreadableImage(kind, reason)) == words


def test_a_part_outside_of_the_picture_is_told_with_its_size() -> None:
    with pytest.raises(UnreadableImage) as told:
        Part.of(200, 0, 10, 10).cut(90, 60)
    assert words_for(told.value) == "the part 200,0,10,10 lies outside of the picture, which has 90 x 60 pixels"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (NOT_AN_IMAGE, UNSUPPORTED)])
def test_no_reason_of_a_program_is_passed_on(kind: str) -> None:
    told = words_for(UnreadableImage(kind, "secret of pip"))
    assert re.match("the (picture|file)|nothing", told) and "secret" not in told
