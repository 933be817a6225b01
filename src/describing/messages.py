"""Step 1, describe: what `describer` and its worker process say to each other, in pickled messages.

First a `Setup`, then a `Task` for every few pictures. Back come a `Started` and a list of `Outcome` for each task, and
an `Alive` every second. A line of text says why the worker cannot work at all.
"""

from typing import NamedTuple

from ..description import Source

# How often a worker shows that it lives.
ALIVE_SECONDS = 1.0


class Task(NamedTuple):
    """Pictures to describe, by one thread."""

    numbers: tuple[int, ...]
    sources: tuple[Source, ...]


class Started(NamedTuple):
    """A thread begins with the first of these pictures."""

    numbers: tuple[int, ...]


class Alive(NamedTuple):
    """Sent every second by a worker that is able to send anything."""

    overdue: int | None
    """A picture whose decoding takes too long."""


class Died(NamedTuple):
    """What is found in place of a message when the worker is gone."""

    code: int
