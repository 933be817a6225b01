"""An evaluation as JSON values."""

from typing import Any

import numpy as np

from .evaluation import Evaluation, Result
from .measures import CUTOFFS
from .scores import CONFUSED

# So many queries are named that were answered worst.
WORST = 10

KEYS = (*(f"precision@{cutoff}" for cutoff in CUTOFFS), "map")


def as_values(evaluation: Evaluation) -> dict[str, Any]:
    """Return the evaluation as JSON values; `map_depth` is None where average precision looks at all ranks."""
    questions = evaluation.questions
    return {
        "images": len(questions.images),
        "queries": len(questions.queries),
        "map_depth": evaluation.depth,
        "confusion_depth": CONFUSED,
        "classes": {name: int((questions.labels == number).sum()) for number, name in enumerate(questions.classes)},
        "left_out": {
            "without_class" if questions.classes else "queries_without_truth": questions.left_out,
            "not_in_every_index": evaluation.not_everywhere,
            "classes_of_one": questions.lone,
        },
        "results": [_result(evaluation, result) for result in evaluation.results],
        "differences": [
            {
                "of": one.of,
                "minus": one.minus,
                **{key: interval._asdict() for key, interval in zip(KEYS, one.intervals, strict=True)},
            }
            for one in evaluation.differences
        ],
    }


def _result(evaluation: Evaluation, result: Result) -> dict[str, Any]:
    questions, scores = evaluation.questions, result.scores
    labels = np.array([query.label for query in questions.queries])
    by_class = {
        name: {"queries": int(own.sum()), **_measures(scores.mean(own))}
        for number, name in enumerate(questions.classes)
        if (own := labels == number).any()
    }
    confusion = {
        name: {questions.classes[other]: int(row[other]) for other in np.argsort(-row, kind="stable") if row[other]}
        for name, row in zip(questions.classes, scores.confusion, strict=True)
        if row.any()
    }
    worst = [
        {
            "query": questions.queries[number].name,
            **_measures(scores.values[number].tolist()),
            "found": [questions.images[image] for image in scores.found[number]],
        }
        for number in scores.worst(WORST)
    ]
    return {
        "name": result.tested.name,
        "descriptor": result.tested.searcher.descriptor.name,
        "index": result.tested.path,
        **_measures(scores.mean()),
        "classes": by_class,
        "confusion": confusion,
        "worst": worst,
    }


def _measures(values: list[float]) -> dict[str, float]:
    return dict(zip(KEYS, values, strict=True))
