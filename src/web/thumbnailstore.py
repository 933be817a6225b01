"""The service: thumbnails that are kept or being made. Each is made once, however many ask for it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from .problems import PictureProblem

# Some thousand of 256 pixels.
KEPT_BYTES = 64_000_000
# Pictures that have none are no more to be tried than others.
KEPT_PROBLEMS = 1000

Make = Callable[[], Awaitable[bytes]]


class ThumbnailKey(NamedTuple):
    """What a thumbnail is of: another content of the file has another key."""

    path: str
    tag: str
    side: int


class ThumbnailCache:
    """Thumbnails in memory, those that were asked for last, up to so many bytes."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._kept: OrderedDict[ThumbnailKey, bytes] = OrderedDict()

    def get(self, key: ThumbnailKey) -> bytes | None:
        """Return a thumbnail if it is kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: ThumbnailKey, data: bytes) -> None:
        """Keep a thumbnail, and forget others if there are too many."""
        self._held += len(data) - len(self._kept.pop(key, b""))
        self._kept[key] = data
        while self._held > self._most:
            self._held -= len(self._kept.popitem(last=False)[1])


class _Making:
    def __init__(self, make: Make) -> None:
        self.task = asyncio.ensure_future(make())
        self.waiting = 0


class ThumbnailStore:
    """Gets thumbnails from the cache or has them made; all calls come from the event loop."""

    def __init__(self) -> None:
        self._kept = ThumbnailCache()
        self._problems: OrderedDict[ThumbnailKey, tuple[int, str]] = OrderedDict()
        self._making: dict[ThumbnailKey, _Making] = {}

    async def get(self, key: ThumbnailKey, make: Make) -> bytes:
        """Return the thumbnail of a key, which `make` makes; it is cancelled when nobody waits for it any more.

        Raises
        ------
        ProblemError
            If there is none.
        """
        if (data := self._kept.get(key)) is not None:
            return data
        if key in self._problems:
            raise PictureProblem(*self._problems[key], lasts=True)
        if (making := self._making.get(key)) is None:
            making = self._making[key] = _Making(make)
            making.task.add_done_callback(lambda done: self._take(key, done))
        making.waiting += 1
        try:
            return await asyncio.shield(making.task)
        finally:
            making.waiting -= 1
            if not making.waiting:
                making.task.cancel()
                if self._making.get(key) is making:
                    del self._making[key]

    def _take(self, key: ThumbnailKey, done: "asyncio.Future[bytes]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._kept.put(key, done.result())
        elif isinstance(error, PictureProblem) and error.lasts:
            self._problems[key] = error.status, error.detail
            if len(self._problems) > KEPT_PROBLEMS:
                self._problems.popitem(last=False)
