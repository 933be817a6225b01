"""Duplicates: the fingerprints of the pictures of a folder, row by row, whoever took them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .duplicategroup import Picture


class Fingerprints(NamedTuple):
    """The fingerprints of n pictures; row k of everything belongs to the same picture."""

    ids: Sequence[str]
    place: Callable[[str], str]
    """Tells where the picture of an id is."""
    states: NDArray[np.int64]
    """Size in bytes of each file and its two times in ns, as in `imagefiles.FoundFile`; shape (n, 3)."""
    digests: NDArray[np.uint8]
    """Of each file's content, see `filebytes.content_digest`; shape (n, 16)."""
    prints: NDArray[Any]
    """Structured array of `fingerprint.LAYOUT`, shape (n,)."""
    report: Any
    """What the run tells of the folder: an `indexer.Report`, of which nothing below the indexer needs to know."""

    def path_of(self, row: int) -> str:
        """Return where a picture is."""
        return self.place(self.ids[row])

    def picture(self, row: int) -> Picture:
        """Return a picture as groups of duplicates have it."""
        size, mtime_ns, _ = self.states[row].tolist()
        one = self.prints[row]
        image_id = self.ids[row]
        shape = int(one["width"]), int(one["height"])
        return Picture(image_id, self.place(image_id), size, mtime_ns, *shape, self.digests[row].tobytes())

    def only(self, rows: NDArray[np.intp]) -> "Fingerprints":
        """Return those of some rows."""
        ids = [self.ids[row] for row in rows.tolist()]
        return self._replace(ids=ids, states=self.states[rows], digests=self.digests[rows], prints=self.prints[rows])
