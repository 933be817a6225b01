"""The service: how much is done at the same time. What exceeds it is refused at once, instead of waiting without end.

There are two counts, as what is slow to come must not keep others from being answered: of searches, which are counted
once their picture is whole, and of the bytes that uploads hold in memory.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .problems import ProblemError

RETRY_SECONDS = 1  # Many searches are done in a second.


class Admission:
    """Counts what is going on; all calls come from the thread of the event loop.

    Attributes
    ----------
    most_searches, most_upload_bytes : int
        What may be at the same time.
    searches : int
        That are described or searched now.
    upload_bytes : int
        That uploads hold in memory now.
    refusals : int
        Requests that were told to come again.
    """

    def __init__(self, most_searches: int, most_upload_bytes: int) -> None:
        self.most_searches = most_searches
        self.most_upload_bytes = most_upload_bytes
        self.searches = self.upload_bytes = self.refusals = 0

    @contextmanager
    def search(self) -> Iterator[None]:
        """Count a search while the context lasts.

        Raises
        ------
        ProblemError
            503, if there are as many as there may be.
        """
        if self.searches >= self.most_searches:
            raise self._busy()
        self.searches += 1
        try:
            yield
        finally:
            self.searches -= 1

    @contextmanager
    def upload(self) -> Iterator[Callable[[int], None]]:
        """Give what counts the bytes of an upload as they come; they are held until the context ends.

        What it gives raises ProblemError, 503, where all uploads together would hold too many.
        """
        held = 0

        def hold(count: int) -> None:
            nonlocal held
            if self.upload_bytes + count > self.most_upload_bytes:
                raise self._busy()
            held += count
            self.upload_bytes += count

        try:
            yield hold
        finally:
            self.upload_bytes -= held

    def _busy(self) -> ProblemError:
        self.refusals += 1
        detail = "the service is busy: come again in a moment"
        return ProblemError(503, detail, {"Retry-After": str(RETRY_SECONDS)})
