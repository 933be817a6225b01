"""Step 4, search: answers as pictures, in a window or in a file."""

import os
from collections.abc import Sequence

from .answer import STDIN, Answer
from .errors import ExpectedError, UnreadableImage
from .imagereader import Reading, read_image
from .searcher import Explanation, Searcher
from .viewer import MOST_SHOWN, REGIONS, Match, draw_results, save_picture, show_results, why_no_window

OPENED_BY_KEYS = 9  # 1 to 9


def show_all(answers: Sequence[Answer], max_megapixels: float) -> str | None:
    """Show answers that hold a picture in a window, one after the other, until the user has seen enough of each.

    Images of more megapixels are not read. Return why no window can be opened here; None if all were shown.
    """
    trouble = why_no_window() if any(answer.picture is not None for answer in answers) else None
    for answer in answers if trouble is None else ():
        if answer.picture is not None:
            show_results(answer.picture, _name(answer), _matches(answer, max_megapixels))
    return trouble


def save_all(
    answers: Sequence[Answer], output: str, index_path: str, searcher: Searcher, max_megapixels: float
) -> None:
    """Write the pictures that `show_all` would show.

    Parameters
    ----------
    output : str
        The file to write; its ending names the format. For several answers, -1, -2, ... is put before the ending.
    index_path : str
        The index, which must not be overwritten.
    searcher : Searcher
        Knows the images, which must not be overwritten either.

    Raises
    ------
    ExpectedError
        If the ending names no format, or `output` is the index, a query or a result.
    OSError
        If a file cannot be written.
    """
    for path, answer in zip(_output_paths(output, answers, index_path, searcher), answers, strict=True):
        if answer.picture is not None:
            picture = draw_results(answer.picture, _name(answer), _matches(answer, max_megapixels))
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


def _matches(answer: Answer, max_megapixels: float) -> list[Match]:
    return [_match(answer, result, max_megapixels) for result in answer.results]


def _match(answer: Answer, result: Explanation, max_megapixels: float) -> Match:
    picture, missing = None, "file is gone"
    # Anyone may have written the index: an id may name a file outside of the folder.
    if os.path.isabs(result.image_id) or ".." in result.image_id.split("/"):
        missing = "not in the folder"
    elif answer.folder is None:
        missing = "folder unknown"
    elif result.rank <= MOST_SHOWN and not answer.is_gone(result):
        # Only the first nine can be opened in full size; fifty large photos would fill the memory.
        reading = Reading(max_megapixels, full_resolution=result.rank <= OPENED_BY_KEYS)
        try:
            picture = read_image(answer.path(result), reading)
        except UnreadableImage as error:
            missing = error.reason
    # Only regions have a place in a picture.
    regions = result.region_distances if answer.parts == REGIONS else None
    return Match(picture, result.image_id, result.rank, result.distance, result.similarity, regions, missing)
