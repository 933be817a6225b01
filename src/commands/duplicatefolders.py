"""How duplicates.py takes the fingerprints of folders, and tells of what it cannot read there."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..workerprocess import Process
from . import console

if TYPE_CHECKING:
    from ..description import Describe
    from ..fingerprints import Fingerprints
    from ..indexer import Options


def take(
    arguments: argparse.Namespace, folders: Sequence[str], index_path: str | None, process: Process | None = None
) -> "Fingerprints":
    """Take the fingerprints of all pictures of folders, and tell of what gives none.

    Parameters
    ----------
    arguments : argparse.Namespace
    folders : sequence of str
    index_path : str or None
        The index of them, if there is one.
    process : Process, optional
        A worker process that nobody has used yet.
    """
    from ..fingerprinter import take_fingerprints
    from .index import left_out
    from .skiplines import SkipLines

    with console.ProgressBar("reading", "image", quiet=arguments.quiet) as bar:
        skips = SkipLines((lambda _: None) if arguments.quiet else bar.report, names_all=arguments.verbose)
        options = options_of(arguments, bar.update)
        options.on_skip = skips.add
        options.on_left_out = lambda id_: bar.report(f"leaving out {id_}") if arguments.verbose else None
        options.prune = arguments.prune
        options.tells_skips = not arguments.quiet
        try:
            taken = take_fingerprints(folders, index_path, options, describe_with(process))
        except KeyboardInterrupt:
            on = "the next run goes on from here" if index_path is not None else "nothing was kept"
            raise KeyboardInterrupt(f"interrupted; {on}") from None
        finally:
            skips.close()
    for line in [] if arguments.quiet else left_out(taken.report):
        console.report(line)
    for line in taken.report.warnings:
        console.complain(line)
    return taken


def options_of(arguments: argparse.Namespace, progress: Callable[[int, int], object]) -> "Options":
    """Return how files are found and read."""
    from ..imagereader import Reading
    from ..indexer import Options

    options = Options(
        reading=Reading(arguments.max_megapixels),
        hidden=arguments.hidden,
        exclude=arguments.exclude,
        recursive=not arguments.no_recursive,
        progress=progress,
    )
    options.jobs = arguments.jobs or options.jobs
    return options


def describe_with(process: Process | None) -> "Describe":
    """Return who describes: the first time that process, after that a new one each time."""
    from ..describer import describe_files

    unused = [process] if process is not None else []
    return lambda files, setup: describe_files(files, setup, unused.pop() if unused else None)
