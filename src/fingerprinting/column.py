"""Step 2, index: fingerprints as a column of an index's cache, beside the rows of the pictures that they are of."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import indexfile
from ..errors import IndexFileError
from ..fingerprint import LAYOUT

START = "fingerprint"  # begins the names of all columns of fingerprints, of whatever version
# A run that is killed loses no more than so many seconds of work, or, where writing takes long, ...
KEEP_SECONDS = 20.0
# ... so many times what that takes.
KEEP_TIMES = 20


class FingerprintColumn:
    """The fingerprints that an index knows, and those that come to them.

    Parameters
    ----------
    index_path : str
        The CSV, as `indexfile.csv_path` gives it, which has its cache.
    name : str
        Of the column: names all that makes the fingerprints.

    Attributes
    ----------
    cache : Cache
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
        Zeros where there is none yet.

    Raises
    ------
    IndexFileError
        If the index cannot be read, or is just being written.
    """

    def __init__(self, index_path: str, name: str) -> None:
        try:
            cache = indexfile.matching_cache(index_path)
        except OSError as error:
            raise IndexFileError(f"{index_path} cannot be read: {error.strerror}") from None
        if cache is None:
            raise IndexFileError(f"{index_path} was changed by another program just now: run again")
        self.cache = cache
        self._name = name
        column = cache.columns.get(name)
        self.prints: NDArray[Any] = np.zeros(len(cache), LAYOUT)
        if column is not None and column.shape[1] == LAYOUT.itemsize:
            self.prints[:] = column.view(LAYOUT)[:, 0]
        self._is_kept = True
        self._next = time.monotonic() + KEEP_SECONDS

    def missing(self) -> NDArray[np.intp]:
        """Return the rows whose pictures have no fingerprint."""
        return np.flatnonzero(self.prints["width"] == 0)

    def put(self, row: int, one: Any) -> None:
        """Take the fingerprint of a row's picture."""
        self.prints[row] = one
        self._is_kept = False

    def is_due(self) -> bool:
        """Tell whether there is enough to `keep`."""
        return not self._is_kept and time.monotonic() >= self._next

    def keep(self) -> None:
        """Write the column into the cache, whose index must be locked; columns of other versions are dropped.

        Raises
        ------
        OSError
            If it cannot be written; the cache is then as it was.
        IndexFileError
            If another program has changed the index meanwhile.
        """
        if self._is_kept:
            return
        start = time.monotonic()
        path = self.cache.path
        if not self.cache.is_current():
            raise IndexFileError(f"{path} was changed by another program meanwhile")
        self._next = start + KEEP_SECONDS
        columns = {self._name: self.prints.view(np.uint8).reshape(len(self.prints), -1)}
        old = [name for name in self.cache.columns if name.startswith(START)]
        indexfile.write_states(path, self.cache, self.cache.states(), self.cache.info, columns, dropped=old)
        self._is_kept = True
        self._next = time.monotonic() + max(KEEP_SECONDS, KEEP_TIMES * (time.monotonic() - start))
