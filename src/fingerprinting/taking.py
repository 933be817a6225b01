"""Step 1, describe: the fingerprints of files are taken where all files are described, in a process that may die."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..description import Describe, Recipe, Setup
from ..filebytes import DIGEST_BYTES
from ..fingerprint import LAYOUT
from ..fingerprints import Fingerprints
from ..imagefiles import FoundFile, Skip
from ..indexer import Options, Report
from ..keptfingerprints import fingerprint_recipe


def recipe_of(options: Options) -> Recipe:
    """Return what makes fingerprints: pictures are decoded in full, as the digest is of all pixels."""
    return fingerprint_recipe(options.reading)


def take_each(
    files: Sequence[FoundFile], prints: NDArray[Any], options: Options, report: Report, describe: Describe
) -> Generator[tuple[int, bytes], None, None]:
    """Take the fingerprints of files, as they come; those that cannot be read are skips of the report.

    Parameters
    ----------
    files : sequence of FoundFile
    prints : ndarray of `fingerprint.LAYOUT`, shape (n,)
        Where they are put, in the order of the files.
    options, report, describe
        As of `indexer.index_folder`.

    Yields
    ------
    tuple of int and bytes
        The place of each file that has one now, and the digest of its content.
    """
    places: dict[bytes, int] = {}
    # Of files of one content, any may be the one that was described, also one that comes later.
    waiting: defaultdict[bytes, list[int]] = defaultdict(list)
    setup = Setup(recipe_of(options), options.jobs)
    with closing(describe(files, setup)) as outcomes:
        for place, (file, outcome) in enumerate(zip(files, outcomes, strict=True)):
            if outcome.kind:
                tell(Skip(file.id, outcome.kind, outcome.reason), options, report)
            else:
                digest = outcome.digest
                waiting[digest].append(place)
                if outcome.features is not None:
                    prints[place] = outcome.features.astype(np.uint8).view(LAYOUT)[0]
                    places[digest] = place
                if digest in places:
                    for one in waiting.pop(digest):
                        prints[one] = prints[places[digest]]
                        yield one, digest
            options.progress(place + 1, len(files))


def tell(skip: Skip, options: Options, report: Report) -> None:
    """Tell of what has no fingerprint."""
    report.skips.append(skip)
    options.on_skip(skip)


def take_all(files: Sequence[FoundFile], options: Options, report: Report, describe: Describe) -> Fingerprints:
    """Take the fingerprints of files and keep them nowhere; see `take_each`."""
    prints = np.zeros(len(files), LAYOUT)
    digests = dict(take_each(files, prints, options, report, describe))
    report.indexed = len(digests)
    rows = sorted(digests)
    taken = [files[row] for row in rows]
    return Fingerprints(
        ids=[file.id for file in taken],
        place={file.id: file.path for file in taken}.__getitem__,
        states=np.array([file[2:] for file in taken], np.int64).reshape(-1, 3),
        digests=np.frombuffer(b"".join(digests[row] for row in rows), np.uint8).reshape(-1, DIGEST_BYTES),
        prints=prints if len(rows) == len(files) else prints[rows],
        report=report,
    )
