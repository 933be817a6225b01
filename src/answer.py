"""Step 4, search: query pictures become answers. How an answer is told is up to `answertext` and `answerpicture`."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .description import Description
from .errors import UnreadableImage
from .filebytes import content_digest, read_stream
from .imagereader import Reading, name_format
from .indexfile import image_path, split_id
from .searcher import Explanation, Searcher, read_query

if TYPE_CHECKING:
    from .imagepart import Cut, Part
    from .resultplaces import QueryPlaces

STDIN = "-"
UNKNOWN = "where the file is is not known"
# Of an index that finds the same thing or nothing, so many more are looked for than are wanted: all are true.
MORE = 10
NOTHING = np.zeros((0, 0, 3), np.uint8)


class Wanted(NamedTuple):
    """What is asked of an index, whatever the query."""

    limit: int = 3
    """How many images to find."""
    max_distance: float = np.inf
    """Images further away than this are not found."""
    reading: Reading = Reading()
    """The largest queries, and whether they are decoded in full even if the images were not."""
    keep_pictures: bool = False
    """Whether the answers hold the queries' pixels."""
    explain: bool = False
    """Whether the answers tell what each part of the descriptor carries of a distance."""
    others: bool = False
    """Whether the file of the query itself is left out of what is found for it."""
    part: "Part | None" = None
    """The part of each query to search by; None for all of it."""
    places: int = 0
    """Of how many results the places are explained if networks see them: each is read again."""


class Answer(NamedTuple):
    """What was found for one query."""

    query: str
    """The query's path, or '-' for stdin."""
    results: list[Explanation]
    folder: str | None
    """Where the images are, if that is known."""
    error: str | None = None
    """Why the query cannot be answered."""
    picture: NDArray[np.uint8] | None = None
    """The query, if it is to be shown."""
    content: bytes | None = None
    """The digest of the query's file, if it is to be shown and results to be explained."""
    parts: Sequence[str] | None = None
    """Names of what the `region_distances` of a result belong to, if they are to be told."""
    cut: "Cut | None" = None
    """The part of the query that was searched by, if that was not all of it."""
    folders: Mapping[str, str] = {}
    """Where the images are, by the names of dataset folders, if they are in several."""
    tells_outlines: bool = True
    """Whether outlines are told, with the points that matched: where an answer has any, they are drawn in any case."""
    finds_the_same: bool = False
    """Whether images of the very same thing are found, or nothing; and not what is most similar."""
    is_blank: bool = False
    """Whether there is nothing in the query by which a thing could be known again, as in a white wall."""
    more: int = 0
    """How many more images of the very same thing were found than were wanted; `MORE` for at least as many."""

    def folder_of(self, result: Explanation) -> str | None:
        """Return the folder that an image's id, or what follows its mark, is relative to."""
        return self.folder if self.folder is not None else self.folders.get(split_id(result.image_id, self.folders)[0])

    def path(self, result: Explanation) -> str:
        """Return where an image is, or its id where the folder is unknown; with '/' as in the id."""
        folders = self.folders if self.folder is None else {"": self.folder}
        return image_path(result.image_id, folders) or result.image_id

    def is_gone(self, result: Explanation) -> bool:
        """Tell whether an image of the index is not where it was; False where it was is unknown."""
        return self.folder_of(result) is not None and not os.path.isfile(self.path(result))

    def is_outside(self, result: Explanation) -> bool:
        """Tell whether an id names a file outside of the folder: anyone may have written the index."""
        return os.path.isabs(result.image_id) or ".." in result.image_id.split("/")

    def is_query(self, result: Explanation) -> bool:
        """Tell whether an image of the index is the file of the query itself; a copy of it is another file."""
        if self.query == STDIN or self.folder_of(result) is None:
            return False
        with suppress(OSError, ValueError):
            return os.path.samefile(self.path(result), self.query)
        return False


def answer_all(queries: Sequence[str], searcher: Searcher, folder: str | None, wanted: Wanted) -> list[Answer]:
    """Find the images most similar to each of some query pictures; return an answer for each.

    Parameters
    ----------
    queries : sequence of str
        Paths of pictures, or '-' to read one from stdin.
    folder : str or None
        Where the images of the index are; None if that is unknown, or if the index knows several folders.
    """
    answers = []
    described: list[Description] = []
    full_resolution = wanted.reading.full_resolution or searcher.full_resolution
    recipe = searcher.recipe(Reading(wanted.reading.max_megapixels, full_resolution))
    parts = searcher.descriptor.parts if wanted.explain else None
    if not parts and not searcher.gives_reasons:
        parts = None
    for query in queries:
        answer = Answer(
            query, [], folder, parts=parts, folders=searcher.folders, tells_outlines=wanted.explain,
            finds_the_same=searcher.finds_the_same,
        )  # fmt: skip
        try:
            data = _read(query)
            description = recipe.describe(data, part=wanted.part)
        except UnreadableImage as error:
            answers.append(answer._replace(error=error.reason))
        else:
            # Pictures may be large, and queries many.
            described.append(
                description._replace(whole=None, picture=description.picture if wanted.places else NOTHING)
            )
            is_blank = recipe.is_blank(description.features)
            answer = answer._replace(cut=description.cut, is_blank=is_blank)
            if wanted.keep_pictures:
                # A part of a file is not the same file.
                content = content_digest(data) if wanted.explain and description.cut is None else None
                shown = description.picture if description.whole is None else description.whole
                answer = answer._replace(picture=shown, content=content)
            answers.append(answer)
    vectors = [description.features for description in described]
    found = iter(searcher.explain_many(vectors, _asked(searcher, wanted), wanted.max_distance))
    answers = [answer if answer.error else answer._replace(results=next(found)) for answer in answers]
    queries_left = iter(described)
    return [answer if answer.error else _finished(answer, next(queries_left), searcher, wanted) for answer in answers]


def _finished(answer: Answer, query: Description, searcher: Searcher, wanted: Wanted) -> Answer:
    if wanted.others:
        answer = _without_query(answer, query.features, searcher, wanted)
    answer = _with_limit(answer, wanted)
    if not wanted.places or not answer.results:
        return answer
    from .resultplaces import QueryPlaces, has_places  # most searches explain nothing

    recipe = searcher.recipe(Reading(wanted.reading.max_megapixels, searcher.full_resolution))
    if not has_places(recipe) or not (places := QueryPlaces(recipe, query.picture, query.features)):
        return answer
    explained = [_with_places(answer, result, places, searcher) for result in answer.results[: wanted.places]]
    return answer._replace(results=explained + answer.results[wanted.places :])


def _with_limit(answer: Answer, wanted: Wanted) -> Answer:
    more = min(max(len(answer.results) - wanted.limit, 0), MORE) if answer.finds_the_same else 0
    return answer._replace(results=answer.results[: wanted.limit], more=more)


def _asked(searcher: Searcher, wanted: Wanted) -> int:
    return wanted.limit + wanted.others + MORE * searcher.finds_the_same


def _with_places(answer: Answer, result: Explanation, places: "QueryPlaces", searcher: Searcher) -> Explanation:
    from .resultplaces import NotExplained

    if answer.is_outside(result) or answer.folder_of(result) is None:
        return result._replace(unexplained=UNKNOWN)
    try:
        found = places.explain(answer.path(result), searcher.features_of(result.image_id))
    except NotExplained as error:
        return result._replace(unexplained=str(error))
    return result._replace(places=found)


def _without_query(answer: Answer, features: NDArray[np.float32], searcher: Searcher, wanted: Wanted) -> Answer:
    """Leave out the query itself of an answer with one result more than wanted, or still more."""
    results, asked = answer.results, _asked(searcher, wanted)
    while True:
        others = [result for result in results if not answer.is_query(result)]
        if len(others) >= wanted.limit or len(results) < asked:
            ranked = enumerate(others, 1)
            return answer._replace(results=[result._replace(rank=rank) for rank, result in ranked])
        # Several links in the folder lead to the query.
        asked *= 2
        results = searcher.explain(features, asked, wanted.max_distance)


def _read(query: str) -> bytes:
    if query != STDIN:
        return read_query(query)
    return read_stream(sys.stdin.buffer, check_head=name_format)
