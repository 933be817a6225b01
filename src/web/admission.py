"""The service: how much is done at the same time. What exceeds it is refused at once, instead of waiting without end.

There are several counts, as what is slow must not keep others from being answered: of searches, which are counted once
their picture is whole, of the bytes that uploads hold in memory, of thumbnails, and of answers that are sent.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from ..threads import usable_cores
from .problems import ProblemError
from .uploadpace import Pace

RETRY_SECONDS = 1  # Many searches are done in a second.
# Where uploads hold all they may, those that are so much too late are ended for others.
LATE_SECONDS = 2.0
# A page of results asks for all its thumbnails at once.
THUMBNAILS_A_SEARCH = 10
# Of those that wait, so many are made: a search waits behind no more of them.
THUMBNAILS_A_CORE = 2
# Each holds some hundred kB, here and in the system, for a client that is slow to read.
MOST_FILES = 128
# Other answers are made as a whole: a thumbnail has some ten kB, a list some hundred, an explanation a MB or more.
MOST_ANSWER_BYTES = 64_000_000


class Count:
    """How much of something there is, and how much there may be.

    Parameters
    ----------
    most : int
        That there may be.
    refuse : callable
        Returns what is raised for more.

    Attributes
    ----------
    most : int
    now : int
        That there is.
    """

    def __init__(self, most: int, refuse: Callable[[], ProblemError]) -> None:
        self.most = most
        self.now = 0
        self._refuse = refuse

    @contextmanager
    def hold(self, size: int = 1) -> Iterator[None]:
        """Count so much while the context lasts.

        Raises
        ------
        ProblemError
            503, if there is as much as there may be.
        """
        if self.now + size > self.most:
            raise self._refuse()
        self.now += size
        try:
            yield
        finally:
            self.now -= size


class Admission:
    """Counts what is going on; all calls come from the thread of the event loop.

    Attributes
    ----------
    searches : Count
        That are described or searched.
    thumbnails : Count
        That are made, or wait for it.
    files : Count
        That are sent, as they are read.
    answer_bytes : Count
        Of the other answers that are sent.
    upload_bytes : int
        That uploads hold in memory now.
    most_bytes_of_uploads : int
        That they may hold at the same time.
    refusals : int
        Requests that were told to come again.
    """

    def __init__(self, most_searches: int, most_bytes_of_uploads: int) -> None:
        self.searches = Count(most_searches, self._busy)
        self.thumbnails = Count(THUMBNAILS_A_SEARCH * most_searches, self._busy)
        self.files = Count(MOST_FILES, self._busy)
        self.answer_bytes = Count(MOST_ANSWER_BYTES, self._busy)
        self.most_bytes_of_uploads = most_bytes_of_uploads
        self.upload_bytes = self.refusals = 0
        self._held: dict[Pace, int] = {}
        self._making = asyncio.Semaphore(THUMBNAILS_A_CORE * usable_cores())

    @asynccontextmanager
    async def thumbnail(self) -> AsyncIterator[None]:
        """Wait until a thumbnail may be made, and count it while the context lasts.

        Raises
        ------
        ProblemError
            503, if too many wait.
        """
        with self.thumbnails.hold():
            async with self._making:
                yield

    @contextmanager
    def upload(self, pace: Pace) -> Iterator[Callable[[int], None]]:
        """Give what counts the bytes of an upload as they come; they are held until the context ends.

        Where all uploads together would hold too many, those that are late are ended. If none is, what it gives raises
        ProblemError, 503.
        """
        self._held[pace] = 0

        def hold(count: int) -> None:
            if self.upload_bytes + count > self.most_bytes_of_uploads:
                self._end_late_uploads(count, pace)
            if self.upload_bytes + count > self.most_bytes_of_uploads:
                raise self._busy()
            self._held[pace] += count
            self.upload_bytes += count

        try:
            yield hold
        finally:
            self.upload_bytes -= self._held.pop(pace)

    def _end_late_uploads(self, count: int, other: Pace) -> None:
        late = [one for one in self._held if one is not other and one.late() >= LATE_SECONDS]
        for one in sorted(late, key=self._held.__getitem__, reverse=True):
            if self.upload_bytes + count <= self.most_bytes_of_uploads:
                break
            one.end()
            # They are let go as soon as its task goes on.
            self.upload_bytes -= self._held[one]
            self._held[one] = 0

    def _busy(self) -> ProblemError:
        self.refusals += 1
        detail = "the service is busy: come again in a moment"
        return ProblemError(503, detail, {"Retry-After": str(RETRY_SECONDS)})
