"""Step 4, search: answers as pictures, in a window or in a file."""

import os
from collections.abc import Sequence

from .answer import STDIN, Answer, image_path, is_gone
from .errors import ExpectedError, UnreadableImage
from .imagereader import Reading, read_image
from .searcher import Explanation, Searcher
from .viewer import MOST_SHOWN, Match, draw_results, save_picture, show_results, why_no_window

# Keys 1 to 9.
OPENED_BY_KEYS = 9


def show_all(answers: Sequence[Answer], explain: bool, max_megapixels: float) -> str | None:
    """Show answers in a window, one after the other, until the user has seen enough of each.

    Parameters
    ----------
    answers : sequence of Answer
    explain : bool
        Whether the regions' parts of the distance are drawn.
    max_megapixels : float
        Larger images are not read.

    Returns
    -------
    str or None
        Why no window can be opened here; None if all were shown.
    """
    shown = [answer for answer in answers if answer.picture is not None]
    trouble = why_no_window() if shown else None
    if trouble is None:
        for answer in shown:
            assert answer.picture is not None
            show_results(answer.picture, _name(answer), _matches(answer, explain, max_megapixels))
    return trouble


def save_all(
    answers: Sequence[Answer], output: str, index_path: str, searcher: Searcher, explain: bool, max_megapixels: float
) -> None:
    """Write the pictures that `show_all` would show.

    Parameters
    ----------
    answers : sequence of Answer
    output : str
        The file to write; its ending names the format. For several answers, -1, -2, ... is put before the ending.
    index_path : str
        The index, which must not be overwritten.
    searcher : Searcher
        Knows the images, which must not be overwritten either.
    explain : bool
        Whether the regions' parts of the distance are drawn.
    max_megapixels : float
        Larger images are not read.

    Raises
    ------
    ExpectedError
        If the ending names no format, or `output` is the index, a query or a result.
    OSError
        If a file cannot be written.
    """
    paths = _output_paths(output, answers, index_path, searcher)
    for path, answer in zip(paths, answers, strict=True):
        if answer.picture is None:
            continue
        picture = draw_results(answer.picture, _name(answer), _matches(answer, explain, max_megapixels))
        try:
            save_picture(path, picture)
        except ValueError as error:
            raise ExpectedError(str(error)) from None


def _output_paths(path: str, answers: Sequence[Answer], index_path: str, searcher: Searcher) -> list[str]:
    root, ending = os.path.splitext(path)
    paths = [path] if len(answers) == 1 else [f"{root}-{number}{ending}" for number in range(1, len(answers) + 1)]
    precious = [index_path, *(answer.query for answer in answers)]
    for output in filter(os.path.lexists, paths):
        if not os.path.isfile(output):
            raise ExpectedError(f"{output} is there and is not a file: choose another name for --output")
        is_precious = any(os.path.exists(other) and os.path.samefile(output, other) for other in precious)
        if is_precious or _is_image_of(searcher, answers[0].folder, output):
            raise ExpectedError(f"{output} is the index or one of the pictures: choose another name for --output")
    return paths


def _is_image_of(searcher: Searcher, folder: str | None, path: str) -> bool:
    if folder is None:
        return False
    try:
        image_id = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    except ValueError:  # another drive of Windows
        return False
    return image_id.replace(os.sep, "/") in searcher


def _name(answer: Answer) -> str:
    return "standard input" if answer.query == STDIN else os.path.basename(answer.query)


def _matches(answer: Answer, explain: bool, max_megapixels: float) -> list[Match]:
    return [_match(answer, result, explain, max_megapixels) for result in answer.results]


def _match(answer: Answer, result: Explanation, explain: bool, max_megapixels: float) -> Match:
    picture, missing = None, "file is gone"
    if _leads_out(result.image_id):
        missing = "not in the folder"
    elif answer.folder is None:
        missing = "folder unknown"
    elif result.rank <= MOST_SHOWN and not is_gone(answer.folder, result.image_id):
        # Only the first nine can be opened in full size; fifty large photos would fill the memory.
        reading = Reading(max_megapixels, full_resolution=result.rank <= OPENED_BY_KEYS)
        try:
            picture = read_image(image_path(answer.folder, result.image_id), reading)
        except UnreadableImage as error:
            missing = error.reason
    regions = result.region_distances if explain and answer.parts else None
    return Match(picture, result.image_id, result.rank, result.distance, result.similarity, regions, missing)


def _leads_out(image_id: str) -> bool:
    """Tell whether an id, from an index that anyone may have written, names a file outside of the folder."""
    return os.path.isabs(image_id) or ".." in image_id.split("/")
