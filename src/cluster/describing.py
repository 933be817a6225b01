"""Beyond one machine: files are described by workers, in batches, by the one way from bytes to vectors."""

import os
from collections.abc import Generator, Sequence
from typing import NamedTuple

from distributed import Client, get_worker

from ..description import Outcome, Setup
from ..errors import NO_PERMISSION, VANISHED
from ..imagefiles import FoundFile
from .describers import lent_describer
from .failures import ClusterFailed, failures_told
from .tasks import results_in_order
from .versions import check_version, own_version

# Of files in a batch. A task costs Dask some two milliseconds, a picture from one to fifty.
SMALLEST_BATCH, LARGEST_BATCH = 20, 200
BATCHES_A_THREAD = 8
# What a worker says of a file that it has not got.
_UNSEEN = (VANISHED, NO_PERMISSION)


class Wanted(NamedTuple):
    """What the batches of a run have in common."""

    setup: Setup
    version: str
    """Of this project, as `own_version` tells it."""
    run: str
    """Names the run."""


def describe_on(
    address: str, client: Client, files: Sequence[FoundFile], setup: Setup
) -> Generator[Outcome, None, None]:
    """Describe files on the workers of a cluster; see `description.Describe`.

    Raises
    ------
    ExpectedError
        If the cluster fails, or a worker does not see the pictures.
    """
    threads = max(1, sum(client.nthreads().values()))
    size = min(max(len(files) // (BATCHES_A_THREAD * threads), SMALLEST_BATCH), LARGEST_BATCH)
    batches = [files[start : start + size] for start in range(0, len(files), size)]
    with failures_told(address):
        # Each worker gets it once, from the scheduler or from another worker.
        wanted = Wanted(setup._replace(threads=1), own_version(), os.urandom(8).hex())
        shared = client.submit(_returned, wanted, pure=False)
        results = results_in_order(client, describe_batch, ((batch, shared) for batch in batches))
        number = 0
        for batch, (worker, outcomes) in zip(batches, results, strict=True):
            for file, outcome in zip(batch, outcomes, strict=True):
                if outcome.kind in _UNSEEN and os.access(file.path, os.R_OK):
                    raise ClusterFailed(
                        f"the worker {worker} cannot read {file.path}, and this machine can: all workers need the "
                        "pictures, at the same place; nothing was changed"
                    )
                yield outcome._replace(number=number)
                number += 1


def _returned(wanted: Wanted) -> Wanted:
    return wanted


def describe_batch(files: Sequence[FoundFile], wanted: Wanted) -> tuple[str, list[Outcome]]:
    """Describe some files on a worker; return its address and an outcome for each file."""
    worker, setup = str(get_worker().address), wanted.setup
    check_version(wanted.version, worker)
    with lent_describer(wanted.run, setup) as describer:
        outcomes = list(describer.describe(files))
    return worker, outcomes if setup.recorder is None else setup.recorder.record(files, outcomes)
