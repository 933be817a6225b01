"""What an evaluation has found: scores of each index, and the differences between them."""

from typing import NamedTuple

from .indexes import Contender
from .measures import CUTOFFS, Interval
from .questions import Questions
from .scores import CONFUSED, Scores


class Result(NamedTuple):
    """How good the answers of one index are."""

    tested: Contender
    asked: Contender
    """The index of the queries: the same, unless they are pictures of their own."""
    scores: Scores


class Difference(NamedTuple):
    """How much better one index answers than another one, by each measure, with 95 % intervals."""

    of: str
    minus: str
    intervals: list[Interval]


class Evaluation(NamedTuple):
    """How good the answers of some indexes are, to the same queries."""

    questions: Questions
    results: list[Result]
    differences: list[Difference]
    depth: int | None
    """How many ranks average precision looks at; None for all."""
    not_everywhere: int
    """Pictures that are left out as not every index has them."""

    @property
    def measures(self) -> list[str]:
        """What the columns of scores and the intervals are."""
        return [f"P@{cutoff}" for cutoff in CUTOFFS] + ["mAP" if self.depth is None else f"mAP@{self.depth}"]

    @property
    def best(self) -> Result:
        """The index with the best precision among the first three; the first of several."""
        column = CUTOFFS.index(CONFUSED)
        return max(self.results, key=lambda result: result.scores.mean()[column])
