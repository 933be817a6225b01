"""Step 4, search: answers as lines of text, as JSON, and what went wrong with them."""

import os
from collections.abc import Sequence
from typing import Any

from .answer import Answer, image_path, is_gone
from .printable import printable
from .searcher import Explanation


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
            columns.append(_explained(answer, result))
        lines.append("\t".join(printable(column) for column in columns))
    return lines


def _explained(answer: Answer, result: Explanation) -> str:
    parts = zip(answer.parts, result.region_distances, strict=True)
    percent = 100 / result.distance if result.distance > 0 else 0.0
    return ", ".join(f"{name} {part:.4f} ({part * percent:.0f} %)" for name, part in parts)


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
        values["regions"] = dict(zip(answer.parts, result.region_distances, strict=True))
    return values


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
