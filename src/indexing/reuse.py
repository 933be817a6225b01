"""Step 2, index: what another index knows of the pictures need not be described anew, if it is a part of the whole."""

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .. import indexfile
from ..description import Describe, Outcome, Recipe, Setup
from ..descriptor import Descriptor
from ..descriptors import called
from ..errors import IndexFileError
from ..imagefiles import FoundFile
from ..imagereader import Reading
from ..indexfile import FileState

Known = tuple[int, FileState]
"""The row of a picture in the other index, and what that knows of its file."""


def reusing(index_path: str, descriptor: Descriptor, reading: Reading, describe: Describe) -> Describe:
    """Return who describes pictures by a descriptor, but what an index knows of them.

    Feature vectors of the index must be those that vectors of the descriptor begin with. A picture is known by id and
    size, and what was known of it is used only if its content has not changed.

    Parameters
    ----------
    index_path : str
        An index of the same folder.
    descriptor : Descriptor
    reading : Reading
        How pictures are read now, as they must have been for the index.
    describe : callable
        Who describes the rest of these pictures, and all of the others.

    Raises
    ------
    IndexFileError
        If there is no such index, or it is of no use here.
    """
    path = indexfile.csv_path(index_path)
    try:
        cache = indexfile.matching_cache(path)
        if cache is None and indexfile.is_folder(path):
            raise IndexFileError(indexfile.why_no_index(path))
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read: {error.strerror}") from None
    if cache is None or not cache.is_whole(with_features=True):
        raise IndexFileError(f"{path} is no index that can be used again: its cache is missing, damaged or out of date")
    begun, rest = getattr(descriptor, "begun_by", lambda _: (None, None))(cache.info.descriptor)
    if cache.info.descriptor == descriptor.name:
        raise IndexFileError(f"{path} is by {called(descriptor.name)} already: run without --reuse")
    if begun is None or rest is None:
        raise IndexFileError(
            f"{path} is by {called(cache.info.descriptor)}, of which {called(descriptor.name)} takes nothing over: "
            "--reuse is for the descriptor best, and takes an index by deep or by best-without-objects, the best of old"
        )
    if cache.info.key != Recipe(begun, reading).key:
        raise IndexFileError(
            f"{path} was made by another version or with other options (--full-resolution): index its folder again"
        )
    known = {one: (row, state) for row, (one, state) in enumerate(zip(cache.ids[:], cache.states(), strict=True))}

    def describe_rest(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
        rests = setup._replace(recipe=Recipe(rest, setup.recipe.reading))
        start = 0
        for is_known, some in groupby(files, lambda file: _is_known(file, known)):
            run = list(some)
            with closing(describe(run, rests if is_known else setup)) as outcomes:
                for number, (file, outcome) in enumerate(zip(run, outcomes, strict=True), start):
                    whole = outcome
                    if is_known and outcome.features is not None:
                        whole = completed(file, outcome.features, outcome, setup)
                    yield whole._replace(number=number)
            start += len(run)

    def completed(file: FoundFile, features: NDArray[np.float32], outcome: Outcome, setup: Setup) -> Outcome:
        row, state = known[file.id]
        if state.digest == outcome.digest:
            return outcome._replace(features=np.concatenate([cache.rows(row, row + 1)[0], features]))
        # Another content of the same size.
        with closing(describe([file], setup)) as outcomes:
            return next(outcomes)

    return describe_rest


def _is_known(file: FoundFile, known: dict[str, Known]) -> bool:
    return file.id in known and known[file.id][1].size == file.size
