"""Beyond one machine: what a worker could not read is looked at from here, before that is believed.

A worker without the pictures, or with others in their places, would otherwise cost an index its rows.
"""

from collections.abc import Sequence

from ..describer import Describer
from ..description import Outcome, Setup
from ..errors import CHANGING, NO_PERMISSION, UNREADABLE, VANISHED
from ..imagefiles import FoundFile
from .failures import ClusterFailed

# What a machine that does not see a file says of it.
DOUBTFUL = frozenset({VANISHED, NO_PERMISSION, UNREADABLE, CHANGING})


class SecondLook:
    """Describes here what workers could not read; a context manager.

    Parameters
    ----------
    setup : Setup
        As the workers have it.
    """

    def __init__(self, setup: Setup) -> None:
        self._describer = Describer(setup._replace(threads=1, known=b"", recorder=None))

    def __enter__(self) -> "SecondLook":
        return self

    def __exit__(self, *_: object) -> None:
        self._describer.__exit__()

    def check(self, worker: str, files: Sequence[FoundFile], outcomes: Sequence[Outcome]) -> None:
        """Raise ClusterFailed if a worker could not read a file that can be read here."""
        told = {file: outcome.reason for file, outcome in zip(files, outcomes, strict=True) if outcome.kind in DOUBTFUL}
        for (file, reason), here in zip(told.items(), self._describer.describe(list(told)), strict=True):
            if here.kind not in DOUBTFUL:
                raise ClusterFailed(
                    f"the worker {worker} does not see {file.path} as this machine does ({reason}): give all workers "
                    "the same pictures at the same place, then run again to go on"
                )
