"""What `describer` and its worker process say to each other, in pickled messages.

First a `Setup`, then a `Task` for every few files; back come a `Started` and a list of `Outcome` for each task, and an
`Alive` every second.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..imagefiles import FoundFile

# No picture within the size limit takes a tenth of this, except on a machine that is busy with something else.
DECODE_SECONDS = 20.0
# How often a worker shows that it lives.
ALIVE_SECONDS = 1.0


class Descriptor(Protocol):
    """What every descriptor has: the one face behind which they differ."""

    name: str
    dimension: int

    def describe(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Turn a picture of shape (height, width, 3) into a vector of shape (dimension,)."""
        ...


class Setup(NamedTuple):
    """The first message to the worker."""

    descriptor: Descriptor
    threads: int
    max_megapixels: float
    known: bytes
    """Digests of file contents whose features we have, one after the other."""
    full_resolution: bool = False
    """Whether large JPEGs are decoded in full; otherwise as `imagereader.decode_image` reduces them."""
    decode_seconds: float = DECODE_SECONDS
    """A file that takes longer to decode is left out."""


class Task(NamedTuple):
    """Files to describe, by one thread."""

    numbers: tuple[int, ...]
    files: tuple[FoundFile, ...]


class Started(NamedTuple):
    """A thread begins with the first of these files."""

    numbers: tuple[int, ...]


class Alive(NamedTuple):
    """Sent every second by a worker that is able to send anything."""

    overdue: int | None
    """A file whose decoding takes too long."""


class Outcome(NamedTuple):
    """What became of a file: either its digest, with features unless the content was known, or a skip."""

    number: int
    digest: bytes = b""
    features: NDArray[np.float32] | None = None
    kind: str = ""
    reason: str = ""


class Died(NamedTuple):
    """The worker is gone; not a message, but what is found in place of one."""

    code: int
