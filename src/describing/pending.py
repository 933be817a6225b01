"""Step 1, describe: which pictures wait, which are with the worker, which are done, and which are tried once more."""

from collections import deque
from collections.abc import Iterator, Sequence

from ..description import Outcome
from .messages import LARGEST_BATCH

# How many files for each thread may be with the worker: enough that one large picture does not stop the others.
FILES_AHEAD = 48
# So many workers may end without having begun with a picture, one after the other: someone may kill one.
MOST_FRUITLESS = 2


class UnknownPicture(ValueError):
    """The worker speaks of a picture that it has not got."""


class Pending:
    """Pictures to be described, by their numbers from 0; they are handed out in batches, and come back in order."""

    def __init__(self, count: int, threads: int) -> None:
        self._size = max(1, min(LARGEST_BATCH, count // (4 * threads)))
        self._waiting = deque(self._batches(range(count)))
        self._alone: deque[int] = deque()
        self._tried_alone: set[int] = set()
        self._with_worker: dict[int, bool] = {}  # and whether a thread has begun with it, or with its batch
        self._done: dict[int, Outcome] = {}
        self._yielded = 0
        self._ahead = threads * FILES_AHEAD
        self._fruitless = 0

    def _batches(self, numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
        return (tuple(numbers[first : first + self._size]) for first in range(0, len(numbers), self._size))

    def is_done(self) -> bool:
        return not (self._waiting or self._alone or self._with_worker)

    def next_batches(self) -> Iterator[tuple[int, ...]]:
        """Yield the numbers of the pictures to give to the worker now."""
        if self._alone:
            if not self._with_worker:
                number = self._alone.popleft()
                self._tried_alone.add(number)
                yield self._hand_out((number,))
            return
        while self._waiting and self._waiting[0][0] < self._yielded + self._ahead:
            if self._tried_alone.issuperset(self._with_worker) and self._with_worker:
                return  # it is to have the worker for itself
            yield self._hand_out(self._waiting.popleft())

    def _hand_out(self, batch: tuple[int, ...]) -> tuple[int, ...]:
        self._with_worker.update(dict.fromkeys(batch, False))
        return batch

    def start(self, numbers: Sequence[int]) -> None:
        """Note that a thread has begun with a batch; raise UnknownPicture if the worker has not got it."""
        if any(self._with_worker.get(number, True) for number in numbers):
            raise UnknownPicture("of a picture that it has not got")
        self._with_worker.update(dict.fromkeys(numbers, True))
        self._fruitless = 0

    def finish(self, outcome: Outcome) -> None:
        """Take an outcome; raise UnknownPicture if the worker has not begun with that picture."""
        self.must_be_begun(outcome.number)
        del self._with_worker[outcome.number]
        self._done[outcome.number] = outcome

    def must_be_begun(self, number: int) -> None:
        """Raise UnknownPicture if the worker has not begun with the picture."""
        if not self._with_worker.get(number):
            raise UnknownPicture("of a picture that it has not begun with")

    def in_order(self) -> Iterator[Outcome]:
        while self._yielded in self._done:
            self._yielded += 1
            yield self._done.pop(self._yielded - 1)

    def put_back(self, culprit: int | None, kind: str, reason: str, *, again: bool = True) -> bool:
        """Sort what a worker had that has ended.

        Parameters
        ----------
        culprit : int or None
            The picture that it ended for. If that is not known, all that it had begun with are tried one by one.
        kind, reason : str
            Why, if it ends for that picture again.
        again : bool
            Whether a culprit is tried a second time.

        Returns
        -------
        bool
            Whether there is hope: False if one worker after the other ends before it has begun with anything.
        """
        begun = {number for number, is_begun in self._with_worker.items() if is_begun}
        suspects = begun if culprit is None else {culprit}
        self._waiting.extendleft(reversed(list(self._batches(sorted(self._with_worker.keys() - suspects)))))
        self._with_worker.clear()
        for number in sorted(suspects):
            if number in self._tried_alone or not again:
                self._done[number] = Outcome(number, kind=kind, reason=reason)
            else:
                self._alone.append(number)
        self._fruitless += not suspects
        return self._fruitless < MOST_FRUITLESS
