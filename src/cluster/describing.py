"""Beyond one machine: files are described by workers, in batches, by the one way from bytes to vectors."""

import os
import pickle
from collections.abc import Generator, Sequence
from functools import partial
from typing import NamedTuple

from distributed import get_worker

from ..description import Outcome, Recorder, Setup
from ..errors import CHANGING, COULD_NOT_LOOK
from ..filebytes import DIGEST_BYTES
from ..imagefiles import FoundFile
from .describers import lent_describer
from .secondlook import DOUBTFUL, SecondLook
from .tasks import results_in_order
from .workers import Workers

# Of files in a batch. A task costs Dask some two milliseconds, a picture from one to fifty.
SMALLEST_BATCH, LARGEST_BATCH = 20, 200
BATCHES_A_THREAD = 8
# Each process that describes holds all digests that it is told of. What is then described anew gives the same vectors.
MOST_KNOWN = 2_000_000


class Run(NamedTuple):
    """What the batches of a run have in common."""

    name: bytes
    setup: bytes
    """Pickled: a worker may not be able to make its descriptor, and unpickles it where that can be told."""
    recorder: Recorder | None


def describe_on(workers: Workers, files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Describe files on the workers of a cluster; see `description.Describe`.

    Raises
    ------
    ExpectedError
        If the cluster fails, or a worker does not see the pictures.
    """
    known = setup.known if len(setup.known) <= MOST_KNOWN * DIGEST_BYTES else b""
    run = Run(os.urandom(8), pickle.dumps(setup._replace(threads=1, known=known, recorder=None)), setup.recorder)
    batches = _batches(files, workers)
    with SecondLook(setup) as second_look:
        results = results_in_order(workers, partial(describe_batch, run), ((batch,) for batch in batches))
        number = 0
        for batch, (worker, outcomes) in zip(batches, results, strict=True):
            second_look.check(worker, batch, outcomes)
            for outcome in outcomes:
                yield outcome._replace(number=number)
                number += 1


def _batches(files: Sequence[FoundFile], workers: Workers) -> list[Sequence[FoundFile]]:
    size = len(files) // (BATCHES_A_THREAD * workers.threads()) if files else 0
    size = min(max(size, SMALLEST_BATCH), LARGEST_BATCH)
    return [files[start : start + size] for start in range(0, len(files), size)]


def describe_batch(run: Run, files: Sequence[FoundFile]) -> tuple[str, list[Outcome]]:
    """Describe some files on a worker; return its address and an outcome for each file."""
    with lent_describer(run.name, run.setup) as describer:
        outcomes = list(map(_doubted, files, describer.describe(files)))
    if run.recorder is not None:
        outcomes = run.recorder.record(files, outcomes)
    return str(get_worker().address), outcomes


def _doubted(file: FoundFile, outcome: Outcome) -> Outcome:
    """Return no verdict on a file that is not the one that was found, as a worker may have another at its place."""
    if not outcome.kind or outcome.kind in COULD_NOT_LOOK | DOUBTFUL:
        return outcome
    try:
        status = os.stat(file.path)
    except OSError as error:
        return outcome._replace(kind=CHANGING, reason=f"it can be read no more: {error.strerror}")
    if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
        return outcome._replace(kind=CHANGING, reason="it was changed while it was being indexed")
    return outcome
