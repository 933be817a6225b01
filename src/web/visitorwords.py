"""The service: why a picture cannot be used, for whoever has sent it.

The reasons of `UnreadableImage` are for people who run the programs: they name options and packages.
"""

import re

from ..errors import (
    CRASHED,
    DAMAGED,
    EMPTY,
    NO_MEMORY,
    NOT_AN_IMAGE,
    NOT_DESCRIBED,
    TOO_LARGE,
    TOO_SLOW,
    TRUNCATED,
    UNSUPPORTED,
    UnreadableImage,
)
from ..resultplaces import NotExplained

_WORDS = {
    EMPTY: "the file is empty",
    DAMAGED: "the picture is damaged",
    TRUNCATED: "the picture is not whole: the end of its file is missing",
    CRASHED: "the picture cannot be read: it may be damaged",
    TOO_SLOW: "the picture takes too long to read",
    NO_MEMORY: "the picture takes too much memory: a smaller one, or a JPEG of it, may do",
    NOT_DESCRIBED: "nothing can be found by this picture",
}
_NOW = "the picture cannot be read at the moment"
_PIXELS = re.compile(r"([\d,.]+) megapixels(?: from only ([\d,]+) bytes)?")
_LIMIT = re.compile(r"the limit\b.* is ([\d.]+)")


def words_for(error: UnreadableImage) -> str:
    """Return why a picture cannot be used: no option, package or part of a program is named."""
    reason = error.reason
    if error.kind == TOO_LARGE:
        return _too_large(reason)
    if error.kind == NOT_AN_IMAGE:
        return f"that is {reason}"
    if error.kind == UNSUPPORTED:
        what = re.split("[:,]", reason, maxsplit=1)[0]
        named = f"that is {what}, which" if what.startswith(("a ", "an ")) else "a picture of this kind"
        return f"{named} cannot be read here: a JPEG or PNG of it can"
    if error.kind == NOT_DESCRIBED and reason.startswith("the part "):
        return reason.replace("of it: it", "of the picture, which")
    return _WORDS.get(error.kind, _NOW)


def words_for_unexplained(error: NotExplained) -> str:
    """Return why there is no explanation of a result, whose picture may be none that can be used any more."""
    return words_for(error.__cause__) if isinstance(error.__cause__, UnreadableImage) else str(error)


def _too_large(reason: str) -> str:
    pixels, limit = _PIXELS.search(reason), _LIMIT.search(reason)
    if pixels is None:
        return "the picture, or its file, is too large"
    if limit is not None:
        where = "of its format" if "format" in limit[0] else "here"
        return f"the picture has {pixels[1]} megapixels; at most {limit[1]} are read {where}"
    # Of one colour, say; or made to do harm.
    return f"the picture is nearly empty: {pixels[1]} megapixels in a file of {pixels[2]} bytes are not read"
