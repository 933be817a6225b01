"""The service: the groups among the fingerprints that an index keeps, found in a process of its own.

The index and the files beside it are only read. The serving process goes on answering meanwhile, and the memory that
finding takes is free afterwards.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any

from ..errors import ExpectedError
from ..indexfile import csv_path
from ..workerprocess import start_process

# Answers go first: finding groups takes whatever of a core they leave.
NICENESS = 10


class GroupSearch:
    """Finds groups, as `duplicatefinder.find_groups` does, in a process that starts at once.

    Parameters
    ----------
    index_path : str
        The CSV, or the folder of an index of shards.
    folder : str, optional
        Where the pictures are, if they are not where they were indexed.
    ignore : str, optional
        A file of pairs that are no duplicates.
    """

    def __init__(self, index_path: str, folder: str | None = None, ignore: str | None = None) -> None:
        self._asked = json.dumps({"index_path": csv_path(index_path), "folder": folder, "ignore": ignore})
        self._process = start_process("web.groupsearch")

    def wait(self) -> bytes:
        """Return what was found: JSON of the form that `duplicates.py --json` prints.

        It has `pictures`, those of the index, and `without`, how many of them have no fingerprint. Without any
        fingerprint both are the same number, and 0 where the index could not tell.

        Raises
        ------
        ExpectedError
            If the index cannot be used, or the process ended, as by `end`.
        """
        found, _ = self._process.communicate(self._asked.encode())
        if self._process.returncode:
            raise ExpectedError(f"the process that finds duplicates ended with {self._process.returncode}")
        return found

    def end(self) -> None:
        """End it now; `wait` then raises ExpectedError."""
        self._process.kill()


def main() -> None:
    """Find the groups that are asked for on stdin, and write them to stdout; for the process."""
    from ..threads import one_thread_for_algebra

    one_thread_for_algebra()
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICENESS)
    json.dump(groups_of_index(**json.load(sys.stdin)), sys.stdout)


def groups_of_index(index_path: str, folder: str | None = None, ignore: str | None = None) -> dict[str, Any]:
    """Return the groups among the fingerprints that an index keeps, as JSON values; see `GroupSearch.wait`."""
    from ..decisions import read_pairs
    from ..duplicatefinder import ALL_COPIES, find_groups
    from ..duplicatetext import as_json
    from ..keptfingerprints import kept_fingerprints

    kept = kept_fingerprints(index_path, folder)
    if kept is None:
        return {"groups": [], "pictures": 0, "without": 0}
    wanted = ALL_COPIES if ignore is None else ALL_COPIES._replace(different=read_pairs(ignore))
    return {
        "groups": as_json(find_groups(kept.fingerprints, wanted)),
        "pictures": kept.pictures,
        "without": kept.without,
        "threshold": wanted.threshold,
        "any_orientation": wanted.any_orientation,
    }
