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
from .failures import ClusterFailed
from .secondlook import DOUBTFUL, SecondLook
from .tasks import results_in_order
from .workers import Workers

# Of files in a batch. A task costs Dask some two milliseconds, a picture from one to fifty.
SMALLEST_BATCH, LARGEST_BATCH = 20, 200
BATCHES_A_THREAD = 8
BATCH_BYTES = 200_000_000
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
    run = Run(os.urandom(8), _pickled(setup._replace(threads=1, known=known, recorder=None)), setup.recorder)
    batches = _batches(files, workers.threads()) if files else []
    seen: set[str] = set()
    with SecondLook(setup) as second_look:
        results = results_in_order(workers, partial(describe_batch, run), ((batch,) for batch in batches))
        number = 0
        for batch, (worker, outcomes) in zip(batches, results, strict=True):
            second_look.check(worker, batch, outcomes)
            if setup.recorder is not None and worker not in seen and any(one.recorded for one in outcomes):
                _check_same_folder(setup.recorder, worker, outcomes)
                seen.add(worker)
            for outcome in outcomes:
                yield outcome._replace(number=number)
                number += 1


def _pickled(setup: Setup) -> bytes:
    try:
        return pickle.dumps(setup)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ClusterFailed(f"the workers cannot be told of the descriptor: {error}") from None


def _batches(files: Sequence[FoundFile], threads: int) -> list[Sequence[FoundFile]]:
    """Cut files into batches: enough for all threads, and none that takes long or would be long in coming anew."""
    size = min(max(len(files) // (BATCHES_A_THREAD * threads), SMALLEST_BATCH), LARGEST_BATCH)
    batches, start, nbytes = [], 0, 0
    for number, file in enumerate(files):
        nbytes += file.size
        if number + 1 - start >= size or nbytes >= BATCH_BYTES:
            batches.append(files[start : number + 1])
            start, nbytes = number + 1, 0
    return [*batches, files[start:]] if start < len(files) else batches


def _check_same_folder(recorder: Recorder, worker: str, outcomes: Sequence[Outcome]) -> None:
    try:
        recorder.check(outcomes)
    except OSError as error:
        raise ClusterFailed(
            f"the worker {worker} writes to a folder of its own ({error.filename} is not here): give all workers the "
            "folder of the index at the same place, or have it where a URL leads to"
        ) from None


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
