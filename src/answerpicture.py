"""Step 4, search: answers as pictures, in a window or in a file."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .answer import STDIN, Answer
from .errors import UnreadableImage
from .filebytes import content_digest, read_bytes
from .imagepart import Part
from .imagereader import Reading, read_image
from .indexfile import joined_id
from .searcher import Explanation, Searcher
from .viewer import (
    MOST_SHOWN,
    REGIONS,
    Match,
    Page,
    PageMaker,
    PictureFile,
    Seen,
    draw_results,
    show_results,
    why_no_window,
)

if TYPE_CHECKING:
    from .verification import Outline

Search = Callable[[str, Part | None], Answer]
"""Answers one query: a path, and the part of the picture if it is not all of it."""

Read = Callable[[str, Reading], NDArray[np.uint8]]
"""Reads a picture file, as `read_image` does."""

# Of more, each is shown so small that a reduced one is as good; fifty large photos would fill the memory.
READ_IN_FULL = 9

# Of the query, in the order of `Outline.corners`; and how far one that is as good as there may lie from it.
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
AT_THE_EDGE = 0.02


def show_all(answers: Sequence[Answer], max_megapixels: float, search: Search) -> str | None:
    """Show answers that hold a picture in a window, until the user has seen enough.

    Parameters
    ----------
    answers : sequence of Answer
    max_megapixels : float
        Images of more are not read.
    search : callable
        Answers another query, or by another part of it: the path of an image that somebody wants to search from.

    Returns
    -------
    str or None
        Why no window can be opened here; None if there was one, or nothing to show.
    """
    pages = [partial(_page, answer, max_megapixels, search) for answer in answers if answer.picture is not None]
    trouble = why_no_window() if pages else None
    if pages and trouble is None:
        show_results(pages)
    return trouble


def _page(answer: Answer, max_megapixels: float, search: Search) -> Page:
    def result(match: Match) -> Explanation:
        return answer.results[match.rank - 1]

    def open_(match: Match) -> NDArray[np.uint8] | None:
        if match.rank <= READ_IN_FULL:
            return match.picture
        return _match(answer, result(match), Reading(max_megapixels, full_resolution=True)).picture

    def search_from(match: Match) -> PageMaker | None:
        if match.picture is None:
            return None
        return page_of(search(answer.path(result(match)), None))

    def search_part(part: Part) -> PageMaker | None:
        return page_of(search(answer.query, part))

    def page_of(found: Answer) -> PageMaker | None:
        return None if found.picture is None else partial(_page, found, max_megapixels, search)

    assert answer.picture is not None
    # What came from stdin is not there any more.
    by_part = None if answer.query == STDIN else search_part
    matches = _matches(answer, max_megapixels)
    return Page(
        answer.picture, _name(answer), matches, open_, search_from, by_part, answer.cut, answer.finds_the_same,
        answer.is_blank,
    )  # fmt: skip


class Outputs:
    """The files that the pictures of answers are written to: one, or for several queries one each.

    Parameters
    ----------
    path : str
        The file to write; its ending names the format. For several queries, -1, -2, ... is put before the ending.
    queries : sequence of str
    force : bool, optional
        Replace files that are no result pictures. The index, queries and images of the index are never replaced.

    Raises
    ------
    ExpectedError
        If the ending names no format, or nothing can be written there.
    """

    def __init__(self, path: str, queries: Sequence[str], *, force: bool = False) -> None:
        root, ending = os.path.splitext(path)
        numbered = [f"{root}-{number}{ending}" for number in range(1, len(queries) + 1)]
        self._queries = queries
        self._files = [PictureFile(one, force=force) for one in ([path] if len(queries) == 1 else numbered)]

    def check(self, index_path: str, searcher: Searcher, folder: str | None) -> None:
        """Raise ExpectedError if a file is there that must not be replaced: done before the search, which takes longer.

        The images of the index are looked for in the folder that is given and where they were indexed.
        """
        precious = [index_path, *self._queries]

        def is_precious(path: str) -> bool:
            # Nor what stands beside the index under its name.
            return (
                os.path.realpath(path).startswith(os.path.realpath(index_path) + ".")
                or any(os.path.exists(other) and os.path.samefile(path, other) for other in precious)
                or _is_image_of(searcher, folder, path)
            )

        for file in self._files:
            file.check(is_precious)

    def save(self, answers: Sequence[Answer], max_megapixels: float) -> list[str]:
        """Write the pictures that `show_all` would show, after `check`; return a line for each that lacks results.

        Raises
        ------
        ExpectedError
            If a format cannot hold its picture, or a file has come or changed since it was checked.
        OSError
            If a file cannot be written.
        """
        remarks = []
        for file, answer in zip(self._files, answers, strict=True):
            if answer.picture is not None:
                file.write(draw_answer(answer, max_megapixels))
                if len(answer.results) > MOST_SHOWN:
                    remarks.append(f"{file.path} shows only the first {MOST_SHOWN} of {len(answer.results):,} results")
        return remarks


def draw_answer(answer: Answer, max_megapixels: float, read: Read = read_image) -> NDArray[np.uint8]:
    """Return the picture of an answer that holds one of its query, shape (height, width, 3), as `Outputs` writes it."""
    assert answer.picture is not None
    matches = _matches(answer, max_megapixels, read)
    return draw_results(
        answer.picture, _name(answer), matches, cut=answer.cut, finds_the_same=answer.finds_the_same,
        is_blank=answer.is_blank,
    )  # fmt: skip


def _is_image_of(searcher: Searcher, folder: str | None, path: str) -> bool:
    """Tell whether a file may be an image of the index. Where no folder is known, each of its own may be that."""
    known = [("", one) for one in (folder, searcher.folder) if one is not None]
    known += searcher.folders.items()
    if not known:
        steps = os.path.realpath(path).replace(os.sep, "/").split("/")
        return any("/".join(steps[start:]) in searcher for start in range(len(steps)))
    with suppress(ValueError):  # another drive of Windows
        # A link in the folder may lead out of it, and one from elsewhere into it.
        for whole in (os.path.abspath, os.path.realpath):
            places = [(name, os.path.relpath(whole(path), whole(one))) for name, one in known]
            if any(joined_id(name, place.replace(os.sep, "/")) in searcher for name, place in places):
                return True
    return False


def _name(answer: Answer) -> str:
    return "standard input" if answer.query == STDIN else os.path.basename(answer.query)


def _matches(answer: Answer, max_megapixels: float, read: Read = read_image) -> list[Match]:
    return [
        _match(answer, result, Reading(max_megapixels, full_resolution=result.rank <= READ_IN_FULL), read)
        for result in answer.results
    ]


def _match(answer: Answer, result: Explanation, reading: Reading, read: Read = read_image) -> Match:
    picture, missing = None, "file is gone"
    if answer.is_outside(result):
        missing = "not in the folder"
    elif answer.folder_of(result) is None:
        missing = "folder unknown"
    elif result.rank <= MOST_SHOWN and not answer.is_gone(result):
        try:
            picture = read(answer.path(result), reading)
        except UnreadableImage as error:
            missing = error.reason
    # Of parts, only regions have a place in a picture.
    regions = result.region_similarities if answer.parts == REGIONS else None
    # One explanation is enough, and an outline is the clearest.
    has_outline = result.outline is not None
    return Match(
        picture, result.image_id, result.rank, result.distance, result.similarity, regions,
        is_same_file=picture is not None and _has_content_of_query(answer, result), missing=missing,
        places=None if has_outline else result.places, unexplained="" if has_outline else result.unexplained,
        because=_words(answer, result), seen=_seen(answer, result),
    )  # fmt: skip


def _words(answer: Answer, result: Explanation) -> Sequence[str]:
    words = list(result.because) if answer.parts is not None else []
    if result.outline is not None and answer.tells_outlines:
        if _is_whole(result.outline):
            return words or ["it fills the query"]
        words.append(f"{result.outline.inliers} points match")
    return words


def _is_whole(outline: "Outline") -> bool:
    """Tell whether an outline is the edge of the query, as that of a copy: it says nothing, nor do points."""
    return bool(np.abs(outline.corners - CORNERS).max() < AT_THE_EDGE)


def _seen(answer: Answer, result: Explanation) -> Seen | None:
    """Return how a result lies in the whole query, of which a part may have been searched by."""
    if (outline := result.outline) is None or _is_whole(outline):
        return None
    few = outline.with_few_points()
    corners, points, own_points = few.corners, few.query_points, few.picture_points
    if answer.cut is not None:
        corners, points = answer.cut.in_whole(corners), answer.cut.in_whole(points)
    if not answer.tells_outlines:
        points, own_points = points[:0], own_points[:0]
    return Seen(result.rank, corners, points, own_points)


def _has_content_of_query(answer: Answer, result: Explanation) -> bool:
    if answer.content is None or result.distance > 0:
        return False
    try:
        return content_digest(read_bytes(answer.path(result))) == answer.content
    except UnreadableImage:
        return False
