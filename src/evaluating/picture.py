"""An evaluation as a picture, in a file."""

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import UnreadableImage
from ..imagereader import Reading, read_image
from ..viewer import (
    MOST_CLASSES,
    Bad,
    Classes,
    EvaluationPage,
    PictureFile,
    Series,
    Shown,
    draw_evaluation,
)  # fmt: skip
from .evaluation import Evaluation, Result
from .indexes import Contender
from .measures import CUTOFFS
from .scores import CONFUSED

MOST_WORST = 6
# What is shown is small.
FEWEST_PIXELS = 300 * 300


class EvaluationOutput:
    """The file that the picture of an evaluation is written to.

    Parameters
    ----------
    path : str
        Its ending names the format.
    force : bool, optional
        Replace a file that is no result picture.

    Raises
    ------
    ExpectedError
        If the ending names no format, or nothing can be written there.
    """

    def __init__(self, path: str, *, force: bool = False) -> None:
        self._file = PictureFile(path, force=force)
        self._path = os.path.realpath(path)

    def check(self, folders: list[str], files: list[str]) -> None:
        """Raise ExpectedError if what is there must stay: the files, with what is beside them, and what is in folders.

        Also if it would become a picture of a dataset.
        """
        inside = [os.path.join(os.path.realpath(folder), "") for folder in folders]
        named = [os.path.realpath(file) for file in files]

        def is_precious(path: str) -> bool:
            real = os.path.realpath(path)
            return real.startswith(tuple(inside)) or any(real == file or real.startswith(f"{file}.") for file in named)

        self._file.check(is_precious)

    def save(self, evaluation: Evaluation, title: str, max_megapixels: float) -> None:
        """Write the picture.

        Raises
        ------
        ExpectedError
            If the format cannot hold it, or a file has come or changed since it was checked.
        OSError
            If it cannot be written.
        """
        self._file.write(draw_evaluation(_page(evaluation, title, Reading(max_megapixels))))


def _page(evaluation: Evaluation, title: str, reading: Reading) -> EvaluationPage:
    questions, best = evaluation.questions, evaluation.best
    note = f"{len(questions.images):,} images, {len(questions.queries):,} queries"
    if questions.classes:
        note += f", {len(questions.classes):,} classes"
    series = [Series(one.tested.name, one.scores.mean(), one is best) for one in evaluation.results]
    worst = best.scores.worst(MOST_WORST)
    reading = reading._replace(fewest_pixels=FEWEST_PIXELS)
    bad = [_bad(evaluation, best, number, reading) for number in worst if best.scores.values[number, -1] < 1]
    note_worst = f"lowest average precision by {best.tested.name}; orange: not what should be found"
    return EvaluationPage(
        title, note, evaluation.measures, series, _classes(evaluation) if questions.classes else None, bad, note_worst
    )


def _classes(evaluation: Evaluation) -> Classes:
    questions, best = evaluation.questions, evaluation.best
    column = CUTOFFS.index(CONFUSED)
    labels = np.array([query.label for query in questions.queries])
    asked = [number for number in range(len(questions.classes)) if (labels == number).any()]
    means = {one: [result.scores.mean(labels == one)[column] for result in evaluation.results] for one in asked}
    place = evaluation.results.index(best)
    shown = sorted(sorted(asked, key=lambda one: means[one][place])[:MOST_CLASSES])
    counts = best.scores.confusion[np.ix_(shown, shown)]
    totals = np.maximum(best.scores.confusion[shown].sum(axis=1, keepdims=True), 1)
    return Classes(
        names=[questions.classes[one] for one in shown],
        queries=[int((labels == one).sum()) for one in shown],
        precisions=[[means[one][number] for one in shown] for number in range(len(evaluation.results))],
        confusion=counts / totals,
        depth=CONFUSED,
        confused=best.tested.name,
        unshown=len(asked) - len(shown),
    )


def _bad(evaluation: Evaluation, best: Result, number: int, reading: Reading) -> Bad:
    questions, query = evaluation.questions, evaluation.questions.queries[number]
    found = best.scores.found[number]
    hits = questions.hits(number, np.array(found, np.intp))
    asked = best.asked
    shown = [
        Shown(_picture(best.tested, questions.images[image], reading), _name(evaluation, image), bool(hit))
        for image, hit in zip(found, hits, strict=True)
    ]
    label = _class_name(questions.classes, query.label) if questions.classes else f"{query.relevant:,} to be found"
    return Bad(Shown(_picture(asked, query.name, reading), os.path.basename(query.name)), label, shown)


def _name(evaluation: Evaluation, image: int) -> str:
    questions = evaluation.questions
    if questions.classes:
        return _class_name(questions.classes, int(questions.labels[image]))
    return os.path.basename(questions.images[image])


def _class_name(classes: Sequence[str], number: int) -> str:
    """Return the end of a class's path, unless another one has the same."""
    last = classes[number].rpartition("/")[2]
    is_only = sum(one.rpartition("/")[2] == last for one in classes) == 1
    return last if is_only else classes[number]


def _picture(contender: Contender, image_id: str, reading: Reading) -> NDArray[np.uint8] | None:
    path = contender.image_path(image_id)
    # Anyone may have written the index: an id may name a file outside of the folder.
    if path is None or os.path.isabs(image_id) or ".." in image_id.split("/"):
        return None
    try:
        return read_image(path, reading)
    except UnreadableImage:
        return None
