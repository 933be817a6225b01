"""Step 1, describe: one work that somebody waits for, and what a worker process says of it."""

from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from ..description import Outcome, Recipe, Work
from ..errors import CRASHED, TOO_SLOW, UnreadableImage

CRASHES = Outcome(0, kind=CRASHED, reason="it crashes the decoder")


class Job:
    """A work, and the future that whoever asked for it waits for.

    Attributes
    ----------
    begun : float or None
        When a thread of the worker that has it began with it, by the monotonic clock.
    nbytes : int
        How much was sent to the worker.
    returns : int
        How many workers have ended while they did it, for no fault of it as far as is known.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.future: Future[bytes] = Future()
        self.begun: float | None = None
        self.nbytes = 0
        self.returns = 0

    def finish(self, outcome: Outcome | Exception) -> None:
        """Answer who waits, with what was made or with why it was not."""
        with suppress(InvalidStateError):  # whoever asked has given up, or knows already
            if isinstance(outcome, Exception):
                self.future.set_exception(outcome)
            elif outcome.made is None:
                self.future.set_exception(UnreadableImage(outcome.kind, outcome.reason))
            else:
                self.future.set_result(outcome.made)

    def is_answered_by(self, outcome: Outcome, recipe: Recipe) -> bool:
        """Tell whether a sound process may have sent that."""
        if outcome.made is None:
            return bool(outcome.kind)
        try:
            self.work.check(outcome.made, recipe)
        except ValueError:
            return False
        return True


def too_slow(seconds: float) -> Outcome:
    """Return what becomes of a work that takes longer."""
    return Outcome(0, kind=TOO_SLOW, reason=f"it takes more than {seconds:g} seconds to decode")
