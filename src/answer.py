"""The answer to one query: what was found, as lines of text and as JSON."""

import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .colordescriptor import REGIONS, ColorDescriptor
from .errors import TOO_LARGE
from .imagefiles import MAX_FILE_BYTES
from .imagereader import UnreadableImage, decode_image, read_image
from .printable import printable
from .searcher import Explanation, Searcher

STDIN = "-"


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


def answer_all(
    queries: Sequence[str],
    searcher: Searcher,
    folder: str | None,
    limit: int,
    max_megapixels: float,
    *,
    max_distance: float | None = None,
    full_resolution: bool = False,
    keep_pictures: bool = False,
) -> list[Answer]:
    """Find the images most similar to each of some query pictures.

    Parameters
    ----------
    queries : sequence of str
        Paths of pictures, or '-' to read one from stdin.
    searcher : Searcher
    folder : str or None
        Where the images of the index are.
    limit : int
        How many images to find for each.
    max_megapixels : float
        A larger query is refused.
    max_distance : float, optional
        Images further away than this are not found.
    full_resolution : bool, optional
        Whether large JPEGs are decoded in full even if those of the index were not.
    keep_pictures : bool, optional
        Whether the answers hold the queries' pixels.

    Returns
    -------
    list of Answer
        One for each query.
    """
    answers = []
    described: list[NDArray[np.float32]] = []
    reduced = not (full_resolution or searcher.full_resolution)
    for query in queries:
        try:
            picture = _read(query, max_megapixels, reduced=reduced)
        except UnreadableImage as error:
            answers.append(Answer(query, [], folder, error.reason))
        else:
            described.append(ColorDescriptor().describe(picture))
            answers.append(Answer(query, [], folder, picture=picture if keep_pictures else None))
    found = iter(searcher.explain_many(described, limit, np.inf if max_distance is None else max_distance))
    return [answer if answer.error else answer._replace(results=next(found)) for answer in answers]


def _read(query: str, max_megapixels: float, *, reduced: bool) -> NDArray[np.uint8]:
    if query == STDIN:
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise UnreadableImage(TOO_LARGE, f"more than {MAX_FILE_BYTES:,} bytes")
        return decode_image(data, max_megapixels=max_megapixels, reduced=reduced)
    return read_image(query, max_megapixels=max_megapixels, reduced=reduced)


def image_path(folder: str | None, image_id: str) -> str:
    """Return where an image is, or its id where the folder is unknown; with '/' as in the id."""
    return image_id if folder is None else f"{folder.rstrip('/')}/{image_id}"


def as_lines(answers: Sequence[Answer], *, explain: bool, name_query: bool) -> list[str]:
    """Return one line a result: rank, distance, similarity and path with tabs between them.

    Parameters
    ----------
    answers : sequence of Answer
    explain : bool
        Whether a fifth column says what each region carries of the distance.
    name_query : bool
        Whether the query's path stands first in each line.

    Returns
    -------
    list of str
    """
    lines = []
    for answer, result in [(one, result) for one in answers for result in one.results]:
        columns = [str(result.rank), f"{result.distance:.4f}", f"{result.similarity:.3f}"]
        columns.append(image_path(answer.folder, result.image_id))
        if name_query:
            columns.insert(0, answer.query)
        if explain:
            columns.append(_explained(result))
        lines.append("\t".join(printable(column) for column in columns))
    return lines


def _explained(result: Explanation) -> str:
    parts = zip(REGIONS, result.region_distances, strict=True)
    percent = 100 / result.distance if result.distance > 0 else 0.0
    return ", ".join(f"{region} {part:.4f} ({part * percent:.0f} %)" for region, part in parts)


def as_json(answers: Sequence[Answer], *, explain: bool) -> list[dict[str, Any]]:
    """Return answers as JSON values: an object for each query, with its results or with an error.

    Parameters
    ----------
    answers : sequence of Answer
    explain : bool
        Whether each result says what each region carries of the distance.

    Returns
    -------
    list of dict
    """
    return [
        {"query": answer.query, "results": [_as_values(answer, result, explain) for result in answer.results]}
        if answer.error is None
        else {"query": answer.query, "error": answer.error}
        for answer in answers
    ]


def _as_values(answer: Answer, result: Explanation, explain: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "rank": result.rank,
        "distance": result.distance,
        "similarity": result.similarity,
        "id": result.image_id,
        "path": image_path(answer.folder, result.image_id),
        "gone": is_gone(answer.folder, result.image_id),
    }
    if explain:
        values["regions"] = dict(zip(REGIONS, result.region_distances, strict=True))
    return values


def is_gone(folder: str | None, image_id: str) -> bool:
    """Tell whether an image of the index is not where it was; False where it was is unknown."""
    return folder is not None and not os.path.isfile(image_path(folder, image_id))


def troubles(answers: Sequence[Answer], index_path: str) -> list[str]:
    """Return a line for each thing that went wrong: queries that cannot be read, images that are gone."""
    lines = [f"{answer.query or repr(answer.query)}: {answer.error}" for answer in answers if answer.error is not None]
    found = [(answer.folder, result.image_id) for answer in answers for result in answer.results]
    folder = answers[0].folder
    if found and folder is None:
        lines.append(f"{index_path} does not know its folder: name it with --result-path")
    elif found and folder is not None and not os.path.isdir(folder):
        lines.append(f"{folder}: the folder of the images is not there; --result-path names another one")
    else:
        gone = dict.fromkeys(image_path(*one) for one in found if is_gone(*one))
        lines += [f"{path}: the file is gone" for path in gone]
    return lines
