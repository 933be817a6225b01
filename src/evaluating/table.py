"""An evaluation as a table for people."""

from collections.abc import Iterator, Sequence

import numpy as np

from ..printable import printable
from .evaluation import Evaluation

# A class of a longer name is cut off at its beginning, as its path ends in what it is.
LONGEST_NAME = 36
GAP = "  "


def as_lines(evaluation: Evaluation) -> list[str]:
    """Return the lines: measures overall and by class, then the differences between the indexes."""
    return [*_scores(evaluation), *_differences(evaluation)]


def _scores(evaluation: Evaluation) -> Iterator[str]:
    questions, results = evaluation.questions, evaluation.results
    labels = np.array([query.label for query in questions.queries])
    measures, overall = evaluation.measures, [result.scores.mean() for result in results]
    rows = [("all", len(labels), overall)]
    for number, name in enumerate(questions.classes):
        own = labels == number
        if own.any():
            rows.append((_short(name), int(own.sum()), [result.scores.mean(own) for result in results]))
    width = max(len(name) for name, _, _ in rows)
    counted = max(len("queries"), len(f"{len(labels):,}"))
    columns = [max(len(measure), 5) for measure in measures]
    block = sum(columns) + (len(columns) - 1) * len(GAP)
    block = max(block, *(len(printable(result.tested.name)) for result in results))
    names = [f"{printable(result.tested.name):<{block}}" for result in results]
    yield (2 * GAP).join([" " * (width + len(GAP) + counted), *names]).rstrip()
    heads = GAP.join(f"{measure:>{column}}" for measure, column in zip(measures, columns, strict=True))
    yield (
        (2 * GAP)
        .join(
            [
                f"{'class' if questions.classes else '':<{width}}{GAP}{'queries':>{counted}}",
                *[f"{heads:<{block}}"] * len(results),
            ]
        )
        .rstrip()
    )
    for name, count, means in rows:
        cells = [
            f"{GAP.join(f'{one:{column}.3f}' for one, column in zip(mean, columns, strict=True)):<{block}}"
            for mean in means
        ]
        yield (2 * GAP).join([f"{name:<{width}}{GAP}{count:>{counted},}", *cells]).rstrip()


def _differences(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.differences:
        return
    yield ""
    rows = [
        [f"{printable(one.of)} - {printable(one.minus)}", *map(_interval, one.intervals)]
        for one in evaluation.differences
    ]
    heads = ["difference [95 % interval]", *evaluation.measures]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        yield (2 * GAP).join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _interval(three: Sequence[float]) -> str:
    difference, low, high = three
    return f"{difference:+.3f} [{low:+.3f} {high:+.3f}]"


def _short(name: str) -> str:
    text = printable(name)
    return text if len(text) <= LONGEST_NAME else "…" + text[1 - LONGEST_NAME :]
