"""Step 4, search: answers as lines of text, as JSON, and what went wrong with them."""

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .answer import MORE, Answer, Wanted
from .distance import similarity_text
from .printable import printable
from .searcher import Explanation

if TYPE_CHECKING:
    from .places import Places
    from .verification import Outline


def as_lines(answers: Sequence[Answer], *, name_query: bool) -> list[str]:
    """Return one line a result: rank, distance, similarity and path with tabs between them.

    If answers are explained, a last column tells what decided and where the image lies in the query, or else what each
    part carries of the distance. If `name_query`, the query's path stands first.
    """
    return [
        "\t".join(map(printable, [*([answer.query] if name_query else []), *_columns(answer, result)]))
        for answer in answers
        for result in answer.results
    ]


def _columns(answer: Answer, result: Explanation) -> list[str]:
    columns = [str(result.rank), f"{result.distance:.4f}", similarity_text(result.similarity), answer.path(result)]
    if result.outline is not None and answer.tells_outlines:
        columns.append(", ".join([*result.because, _told(result.outline)]))
    elif result.because and answer.parts is not None:
        columns.append(", ".join(result.because))
    elif answer.parts is not None:
        parts = zip(answer.parts, result.region_distances, strict=True)
        percent = 100 / result.distance if result.distance > 0 else 0.0
        columns.append(", ".join(f"{name} {part:.4f} ({part * percent:.0f} %)" for name, part in parts))
    return columns


def as_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return answers as JSON values: an object for each query, with its results or with an error."""
    return [
        {
            "query": answer.query,
            **_crop(answer),
            **_blank(answer),
            "results": [_as_values(answer, result) for result in answer.results],
        }
        if answer.error is None
        else {"query": answer.query, "error": answer.error}
        for answer in answers
    ]


def _crop(answer: Answer) -> dict[str, Any]:
    return {} if answer.cut is None else {"crop": answer.cut._asdict()}


def _blank(answer: Answer) -> dict[str, Any]:
    return {"blank": True} if answer.is_blank else {}


def _as_values(answer: Answer, result: Explanation) -> dict[str, Any]:
    values: dict[str, Any] = {
        "rank": result.rank,
        "distance": result.distance,
        "similarity": result.similarity,
        "id": result.image_id,
        "path": answer.path(result),
        "gone": answer.is_gone(result),
    }
    if answer.parts is not None:
        values["regions"] = dict(zip(answer.parts, result.region_distances, strict=True))
        if result.because:
            values["because"] = list(result.because)
    if result.outline is not None and answer.tells_outlines:
        values["outline"] = _outline_values(result.outline)
    if result.places is not None:
        values["places"] = values_of(result.places)
    elif result.unexplained:
        values["places"], values["unexplained"] = None, result.unexplained
    return values


def _told(outline: "Outline") -> str:
    """Return in words how an image lies in what was searched by: its corners, clockwise from its top left."""
    corners = " ".join(f"{across:.3f},{down:.3f}" for across, down in outline.corners.round(3) + 0.0)
    return f"{outline.inliers} points match, corners at {corners}"


def _outline_values(outline: "Outline") -> dict[str, Any]:
    """Return an outline as JSON values, all places as shares of the width and height of a picture."""
    some = outline.with_few_points()
    both = zip(some.query_points.round(5).tolist(), some.picture_points.round(5).tolist(), strict=True)
    return {
        "corners": (outline.corners.round(5) + 0.0).tolist(),  # no -0.0
        "inliers": outline.inliers,
        "points": [{"query": query, "result": result} for query, result in both],
    }


def values_of(places: "Places") -> dict[str, Any]:
    """Return places as JSON values: by network, the window and the shares in the result and in the query."""
    sides = {"result": places.result, "query": places.query}
    return {
        one.network: {
            side: {"window": list(shares[number].window), "shares": shares[number].values.tolist()}
            for side, shares in sides.items()
        }
        for number, one in enumerate(places.result)
    }


def as_paths(answers: Sequence[Answer]) -> list[str]:
    """Return the paths of the images that were found, as the file system has them."""
    return [answer.path(result) for answer in answers for result in answer.results]


def errors(answers: Sequence[Answer]) -> list[str]:
    """Return a line for each query that cannot be read."""
    return [f"{answer.query or repr(answer.query)}: {answer.error}" for answer in answers if answer.error is not None]


def _nothing(answer: Answer, index_path: str, wanted: Wanted) -> str:
    if answer.is_blank:
        return "too plain or small for anything to be recognised in it"
    near = "" if wanted.max_distance == math.inf else f" within a distance of {wanted.max_distance:g}"
    what = f"{'other ' if wanted.others else ''}image{near}"
    if not answer.finds_the_same:
        return f"no {what} in {index_path}"
    advice = "" if answer.cut is not None or wanted.others else "; a --crop around a small thing may help"
    return f"no {what} in {index_path} was recognised in it{advice}"


def _more(answer: Answer, index_path: str, wanted: Wanted) -> str:
    count = f"{answer.more:,} more {'was' if answer.more == 1 else 'were'}"
    at_least = "at least " if answer.more >= MORE else ""
    return f"{answer.query}: {at_least}{count} found in {index_path}: --limit {wanted.limit + answer.more}"


def remarks(answers: Sequence[Answer], index_path: str, wanted: Wanted) -> list[str]:
    """Return a line for each thing that is worth knowing: too few results or none, images that are gone."""
    empty = [answer for answer in answers if answer.error is None and not answer.results]
    lines = [f"{answer.query}: {_nothing(answer, index_path, wanted)}" for answer in empty]
    lines += [_more(answer, index_path, wanted) for answer in answers if answer.more]
    found = [(answer, result) for answer in answers for result in answer.results]
    folders = dict.fromkeys(answer.folder_of(result) for answer, result in found)
    if None in folders:
        lines.append(f"{index_path} does not know its folder: name it with --result-path")
    away = [folder for folder in folders if folder is not None and not os.path.isdir(folder)]
    lines += [f"{one}: the folder of the images is not there; --result-path names another one" for one in away]
    gone = [answer.path(one) for answer, one in found if answer.folder_of(one) not in away and answer.is_gone(one)]
    lines += [f"{path}: the file is gone" for path in dict.fromkeys(gone)]
    known = [(answer, one) for answer, one in found if one.unexplained and not answer.is_gone(one)]
    places = [f"{answer.path(one)}: where it is similar is not told: {one.unexplained}" for answer, one in known]
    return lines + list(dict.fromkeys(places))
