"""Step 4, search: how good the answers are, measured on pictures of which it is known what should be found.

Every picture of a dataset is a query, and the others of its class should be found. Or a file says what should be found
for which query. Queries are answered by `Searcher`, so what is measured is what `search.py` would answer.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .descriptors import Descriptor
from .errors import ExpectedError
from .evaluating.evaluation import Difference, Evaluation, Result
from .evaluating.indexes import Contender, called, kept_name, open_all, with_own_names
from .evaluating.measures import CUTOFFS, intervals
from .evaluating.picture import EvaluationOutput
from .evaluating.questions import NO_ONE, Questions, ask_by_class, ask_by_truth
from .evaluating.scores import CONFUSED, score
from .evaluating.table import as_lines
from .evaluating.truthfile import Truth, read_truth
from .evaluating.values import as_values
from .imagefiles import find_files
from .indexer import Options, Report, index_folder
from .searcher import Searcher
from .usercache import usual_cache

__all__ = [
    "CONFUSED", "CUTOFFS", "Contender", "Difference", "Evaluation", "EvaluationOutput", "Questions", "Result", "Truth",
    "as_lines", "as_values", "called", "check_classes", "evaluate", "evaluate_by_truth", "keep_index", "open_all",
    "read_truth", "usual_cache", "with_own_names",
]  # fmt: skip

# Of larger databases, average precision looks at the first ranks only: all of them would take minutes.
LARGEST_RANKED = 5000
DEPTH = 1000

AT_ONCE = 256  # queries

Progress = Callable[[int, int], object]
"""Called with how many queries are judged, and how many there are."""


def keep_index(
    cache: str, datasets: Sequence[str], name: str, descriptor: Descriptor, options: Options
) -> tuple[Contender, Report]:
    """Bring the index of some folders that is kept for evaluations up to date, or write it, and open it.

    Parameters
    ----------
    cache : str
        The folder that it is kept in, which is made if it is not there.
    datasets : sequence of str
    name : str
        What people call the descriptor.
    descriptor : Descriptor
    options : Options

    Raises
    ------
    ExpectedError, OSError
        As from `index_folder`, and if the folder cannot be made.
    """
    try:
        os.makedirs(cache, exist_ok=True)
    except OSError as error:
        raise ExpectedError(f"{cache}: {error.strerror}; --cache FOLDER names another place for indexes") from None
    key = f"{descriptor.name}, full resolution" if options.reading.full_resolution else descriptor.name
    path = os.path.join(cache, kept_name(datasets, name, key))
    report = index_folder(list(datasets), path, descriptor, options)
    return Contender(name, path, Searcher(path, descriptor)), report


def check_classes(datasets: Sequence[str]) -> None:
    """Raise ExpectedError if no evaluation by classes is possible: asked before pictures are described.

    OSError if a folder cannot be listed.
    """
    ids = [file.id for folder in datasets for file in find_files(folder).files]
    if ids:
        ask_by_class(ids, (), ", ".join(datasets))


def evaluate(tested: Sequence[Contender], where: str, progress: Progress = lambda done, total: None) -> Evaluation:
    """Search for every picture of a class in each index, leaving out itself.

    Parameters
    ----------
    tested : sequence of Contender
        Indexes of one dataset. Pictures that are not in all of them do not count.
    where : str
        The dataset, for errors.
    progress : callable, optional

    Raises
    ------
    ExpectedError
        If nothing can be measured, as there are not two classes.
    """
    ids, not_everywhere = _common(tested)
    questions = ask_by_class(ids, tested[0].searcher.folders, where)
    return _evaluate(tested, tested, questions, not_everywhere, progress)


def evaluate_by_truth(
    tested: Sequence[Contender],
    asked: Sequence[Contender],
    truth: Truth,
    skipped: Collection[str],
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """Search for the queries that a file names in each index, and look for the images that it says are relevant.

    A query that lies in the dataset is left out of what is found for it.

    Parameters
    ----------
    tested : sequence of Contender
    asked : sequence of Contender
        For each of them, an index of the queries by the same descriptor.
    truth : Truth
        What `read_truth` has read.
    skipped : collection of str
        Images and queries that cannot be read: what the file says of them does not count.
    progress : callable, optional

    Raises
    ------
    ExpectedError
        If the file names what is not there, or nothing is left to ask.
    """
    ids, not_everywhere = _common(tested)
    names, _ = _common(asked)
    own = {name: asked[0].image_path(name) for name in names}
    places = {os.path.realpath(path): id_ for id_ in ids if (path := tested[0].image_path(id_)) is not None}
    known = {name: None if path is None else places.get(os.path.realpath(path)) for name, path in own.items()}
    return _evaluate(tested, asked, ask_by_truth(truth, ids, known, skipped), not_everywhere, progress)


def _common(tested: Sequence[Contender]) -> tuple[list[str], int]:
    """Return the ids that all indexes have, in the order of the first, and how many others there are."""
    ids = [one.searcher.ids[:] for one in tested]
    in_all = set(ids[0]).intersection(*ids[1:])
    if not in_all:
        raise ExpectedError(
            f"{tested[0].path} and {tested[-1].path} have no image in common: name indexes of one folder"
        )
    return [id_ for id_ in ids[0] if id_ in in_all], len(set().union(*ids) - in_all)


def _evaluate(
    tested: Sequence[Contender],
    asked: Sequence[Contender],
    questions: Questions,
    not_everywhere: int,
    progress: Progress,
) -> Evaluation:
    depth = DEPTH if len(questions.images) > LARGEST_RANKED else None
    total = len(tested) * len(questions.queries)
    numbers = {id_: number for number, id_ in enumerate(questions.images)}
    results: list[Result] = []
    for one, other in zip(tested, asked, strict=True):
        done = len(results) * len(questions.queries)
        places = np.array([numbers.get(id_, NO_ONE) for id_ in one.searcher.ids[:]], np.intp)
        # What does not count, and the query itself, is ranked as well.
        limit = len(places) if depth is None else min(depth + 1 + int((places == NO_ONE).sum()), len(places))
        rankings = _rankings(one.searcher, other.searcher, [query.name for query in questions.queries], limit)
        scores = score(rankings, places, questions, depth, partial(_go_on, progress, done, total))
        results.append(Result(one, other, scores))
    return Evaluation(questions, results, _differences(results), depth, not_everywhere)


def _go_on(progress: Progress, done: int, total: int, judged: int) -> None:
    progress(done + judged, total)


def _rankings(searcher: Searcher, asked: Searcher, names: Sequence[str], limit: int) -> Iterator[NDArray[np.intp]]:
    rows = {id_: row for row, id_ in enumerate(asked.ids[:])}
    for start in range(0, len(names), AT_ONCE):
        some = [rows[name] for name in names[start : start + AT_ONCE]]
        yield from searcher.rank_many([asked.vectors(row, row + 1)[0] for row in some], limit)


def _differences(results: Sequence[Result]) -> list[Difference]:
    pairs = list(combinations(results, 2))
    if not pairs:
        return []
    columns = np.hstack([other.scores.values - one.scores.values for one, other in pairs])
    found, measures = intervals(columns), len(CUTOFFS) + 1
    return [
        Difference(other.tested.name, one.tested.name, found[number * measures : (number + 1) * measures])
        for number, (one, other) in enumerate(pairs)
    ]
