"""The service: the process that may die, as requests use it. It describes by one recipe."""

import asyncio
import threading
import weakref

from ..describer import QueueState, WorkQueue
from ..description import Recipe, Setup, Work
from ..errors import (
    DAMAGED,
    EMPTY,
    NO_MEMORY,
    NOT_AN_IMAGE,
    TOO_LARGE,
    TRUNCATED,
    UNSUPPORTED,
    ExpectedError,
    UnreadableImage,
)
from ..threads import usable_cores
from .problems import PictureProblem, ProblemError
from .visitorwords import words_for

# A stranger's picture of 50 megapixels takes a second or two.
DECODE_SECONDS = 10.0
# Of pictures that cannot be used; of all others the content cannot be processed.
_STATUS = {EMPTY: 400, TOO_LARGE: 413, NO_MEMORY: 413, NOT_AN_IMAGE: 415, UNSUPPORTED: 415}
# These follow from the bytes. All others are of the moment, as where a disk was away or somebody ended the process.
_LASTING = frozenset({EMPTY, NOT_AN_IMAGE, UNSUPPORTED, DAMAGED, TRUNCATED, TOO_LARGE})


class PictureWorker:
    """Does works in a process of its own, which ends with `close` or when nobody has this any more.

    Works wait for the process, not in it. A request that ends while its work waits takes it back, so nobody fills the
    process with works and hangs up.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._works = WorkQueue(Setup(recipe, usable_cores(), decode_seconds=DECODE_SECONDS))
        # To end a process may take a moment, and whoever has this last may be the event loop.
        self._end = weakref.finalize(self, threading.Thread(target=self._works.close, daemon=True).start)
        self._end.atexit = False

    def close(self) -> None:
        """End the process; works that are not done fail."""
        self._end.detach()
        self._works.close()

    def state(self) -> QueueState:
        """Return what the process is at."""
        return self._works.state()

    async def do(self, work: Work) -> bytes:
        """Return what a work makes.

        Raises
        ------
        ProblemError
            If the picture is none that can be used, or no process works.
        """
        try:
            return await asyncio.wrap_future(self._works.submit(work))
        except UnreadableImage as error:
            status, is_lasting = _STATUS.get(error.kind, 422), error.kind in _LASTING
            raise PictureProblem(status, words_for(error), is_lasting) from None
        except ExpectedError:
            raise ProblemError(503, "no picture can be read at the moment", {"Retry-After": "5"}) from None
