"""Beyond one machine: work of which there is much, given to a cluster in pieces."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from distributed import Client, Future

Made = TypeVar("Made")

# So many pieces for each thread are with the cluster: one that is done early has the next one there.
AHEAD = 3


def results_in_order(client: Client, work: Callable[..., Made], arguments: Iterable[tuple[Any, ...]]) -> Iterator[Made]:
    """Call a function on the workers; yield what it returns for each tuple of arguments, in order.

    Only some pieces are with the cluster at any time, however many there are; more, as soon as more workers join. If
    this ends early, what has not begun is not done.
    """
    waiting: deque[Future] = deque()
    pieces = iter(arguments)
    try:
        while True:
            room = AHEAD * max(1, sum(client.nthreads().values())) - len(waiting)
            for _, piece in zip(range(room), pieces, strict=False):
                waiting.append(client.submit(work, *piece, pure=False))
            if not waiting:
                return
            yield waiting.popleft().result()
    finally:
        client.cancel(list(waiting))
