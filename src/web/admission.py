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


class Admission:
    """Counts what is going on; all calls come from the thread of the event loop.

    Attributes
    ----------
    most_searches, most_bytes_of_uploads : int
        What may be at the same time.
    searches : int
        That are described or searched now.
    upload_bytes : int
        That uploads hold in memory now.
    thumbnails : int
        That are made now, or wait for it.
    files : int
        That are sent now, as they are read.
    answer_bytes : int
        Of the other answers that are sent now.
    refusals : int
        Requests that were told to come again.
    """

    def __init__(self, most_searches: int, most_bytes_of_uploads: int) -> None:
        self.most_searches = most_searches
        self.most_bytes_of_uploads = most_bytes_of_uploads
        self._held: dict[Pace, int] = {}
        self.searches = self.upload_bytes = self.thumbnails = self.refusals = self.files = self.answer_bytes = 0
        self._making = asyncio.Semaphore(THUMBNAILS_A_CORE * usable_cores())

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
    def file(self) -> Iterator[None]:
        """Count a file that is sent while the context lasts.

        Raises
        ------
        ProblemError
            503, if there are as many as there may be.
        """
        if self.files >= MOST_FILES:
            raise self._busy()
        self.files += 1
        try:
            yield
        finally:
            self.files -= 1

    @contextmanager
    def answer(self, size: int) -> Iterator[None]:
        """Count the bytes of an answer that is sent while the context lasts.

        Raises
        ------
        ProblemError
            503, if there are as many as there may be.
        """
        if self.answer_bytes + size > MOST_ANSWER_BYTES:
            raise self._busy()
        self.answer_bytes += size
        try:
            yield
        finally:
            self.answer_bytes -= size

    @asynccontextmanager
    async def thumbnail(self) -> AsyncIterator[None]:
        """Wait until a thumbnail may be made, and count it while the context lasts.

        Raises
        ------
        ProblemError
            503, if too many wait.
        """
        if self.thumbnails >= THUMBNAILS_A_SEARCH * self.most_searches:
            raise self._busy()
        self.thumbnails += 1
        try:
            async with self._making:
                yield
        finally:
            self.thumbnails -= 1

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
