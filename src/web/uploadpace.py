"""The service: how long an upload is waited for. Each byte wins it some time, and time cannot be saved up."""

import anyio


class Pace:
    """The clock of an upload.

    Parameters
    ----------
    seconds : float
        An upload that is silent for so long has come to an end. A byte now and then does not help it.
    slowest : float
        One that comes at so many bytes a second, or faster, may take as long as it wants.

    Attributes
    ----------
    clock : CancelScope
        Ends what is within it when the upload is too slow.
    is_whole : bool
        Nothing more is waited for.
    """

    def __init__(self, seconds: float, slowest: float) -> None:
        self._seconds = seconds
        self._slowest = slowest
        self._begun = anyio.current_time()
        self.clock = anyio.CancelScope(deadline=self._begun + seconds)
        self.is_whole = False

    def move_on(self, count: int) -> None:
        """Count bytes that have come."""
        most = anyio.current_time() + self._seconds
        self.clock.deadline = min(self.clock.deadline + count / self._slowest, most)

    def late(self) -> float:
        """Return how many seconds it has been silent, too slow, or there longer than one may be in any case."""
        now = anyio.current_time()
        return (
            0.0 if self.is_whole else max(now + self._seconds - self.clock.deadline, now - self._begun - self._seconds)
        )

    def end(self) -> None:
        """Wait no longer."""
        self.clock.cancel()
