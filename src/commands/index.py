"""Describe every image of a folder into an index: index.py --dataset data --index index1.csv"""

import argparse
import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from ..descriptors import DEFAULT, by_name
from ..errors import ExpectedError
from ..workerprocess import early_process
from . import commandline, console
from .clusters import connected

if TYPE_CHECKING:
    from ..description import Describe
    from ..descriptor import Descriptor
    from ..indexer import Report

DESCRIPTION = "Describe every image of a folder and its subfolders into an index."
EXAMPLES = (
    "--dataset data --index index1.csv",
    "--index index1.csv --add data/new.jpg",
    "--dataset data --index shards/ --shard-size 100",
)

# So many pictures that are never found are named without --verbose.
MOST_NAMED = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    folders = "the folder of the images; several may be named, each with a --dataset of its own"
    parser.add_argument("-d", "--dataset", action="append", metavar="FOLDER", default=[], help=folders)
    parser.add_argument(
        "-i",
        "--index",
        required=True,
        metavar="FILE",
        help="the index to write, or to bring up to date; of shards, in a folder, if it ends in /",
    )
    size = "make it a folder of shards of so many images each (default: 100000)"
    parser.add_argument("--shard-size", type=commandline.positive, metavar="N", help=size)
    described_by = parser.add_mutually_exclusive_group()
    what = f"what pictures are described by (default: as the index that is there, or {DEFAULT})"
    commandline.add_descriptor(described_by, what)
    described_by.add_argument("--model", metavar="FILE", help="describe pictures by a network of your own, as ONNX")
    reuse = "take what this index of the same folder, made with deep or an older best, knows; for --descriptor best"
    parser.add_argument("--reuse", metavar="FILE", help=reuse)
    parser.add_argument(
        "--add", nargs="+", action="extend", metavar="FILE", default=[], help="add only these images of the folder"
    )
    parser.add_argument(
        "--remove", nargs="+", action="extend", metavar="ID", default=[], help="remove only these images, by id or path"
    )
    only = "look at this subfolder only; images elsewhere stay as they are; may be repeated"
    parser.add_argument("--only", action="append", metavar="FOLDER", default=[], help=only)
    anew = "describe every image anew; replaces the index of another folder"
    parser.add_argument("--rebuild", action="store_true", help=anew)
    parser.add_argument("--prune", action="store_true", help="remove images that are gone, however many")
    parser.add_argument("--full-resolution", action="store_true", help="decode large JPEGs in full: slower")
    parser.add_argument("--hidden", action="store_true", help="take hidden files and folders of the system too")
    leave_out = (
        "leave out what matches, by gitignore's rules; may be repeated, see also .imageignore in docs/indexing.md"
    )
    parser.add_argument("--exclude", action="append", metavar="PATTERN", default=[], help=leave_out)
    parser.add_argument("--no-recursive", action="store_true", help="take only files of the folder itself")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if any picture was skipped")
    parser.add_argument("--jobs", type=commandline.positive, metavar="N", help="threads (default: one for each core)")
    commandline.add_cluster(parser, "describe on")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="name all that is left out")
    loudness.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors and warnings")
    commandline.add_pixel_limit(parser)


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    arguments = parser.parse_args(argv)
    if arguments.shard_size is not None and not arguments.index.endswith(("/", os.sep)):
        arguments.index += "/"
    if not (arguments.dataset or arguments.add or arguments.remove or arguments.only):
        parser.error("the following arguments are required: -d/--dataset")
    for option in ("rebuild", "prune", "only"):
        if getattr(arguments, option) and (arguments.add or arguments.remove):
            parser.error(f"--{option} is about whole folders, --add and --remove are not")
    if arguments.rebuild and arguments.only:
        parser.error("--rebuild is about the whole index, --only is not")
    if arguments.jobs and arguments.cluster not in (None, "local"):
        parser.error("--jobs is about this machine: workers of a cluster have threads of their own (--nthreads)")
    if arguments.no_recursive and arguments.only:
        parser.error("--no-recursive takes no subfolders, --only names one")
    return arguments


@console.door
def main(argv: list[str]) -> int:
    """Bring the index up to date; return the exit code."""
    arguments = parse(argv)
    console.set_pixel_limit(arguments.max_megapixels)
    with ExitStack() as stack:
        # A cluster describes with processes of its own.
        process = stack.enter_context(early_process()) if arguments.cluster is None else None
        bar = stack.enter_context(console.ProgressBar("indexing", "image", quiet=arguments.quiet))
        # Loading OpenCV takes a moment: not before the command line is known to be right.
        from ..describer import describe_files
        from ..imagereader import Reading
        from ..indexer import Options, change_index, descriptor_of, index_folder, reusing
        from .skiplines import SkipLines

        # Where a skip is a failure, its line is that of an error.
        is_silent = arguments.quiet and not (arguments.strict or arguments.add)
        # A file that was named must not be skipped, whatever it is.
        names_all = arguments.verbose or bool(arguments.add)
        skips = SkipLines((lambda _: None) if is_silent else bar.report, names_all=names_all)
        options = Options(
            reading=Reading(arguments.max_megapixels, arguments.full_resolution),
            hidden=arguments.hidden,
            exclude=arguments.exclude,
            recursive=not arguments.no_recursive,
            shard_size=arguments.shard_size,
            rebuild=arguments.rebuild,
            prune=arguments.prune,
            on_skip=skips.add,
            on_left_out=lambda id_: bar.report(f"leaving out {id_}") if arguments.verbose else None,
            tells_skips=not is_silent,
            progress=bar.update,
        )
        options.jobs = arguments.jobs or options.jobs
        change: Callable[..., Report] = partial(change_index, add=arguments.add, remove=arguments.remove)
        look: Callable[..., Report] = partial(index_folder, only=arguments.only)
        bring_up_to_date = change if arguments.add or arguments.remove else look
        describe: Describe = partial(describe_files, process=process)
        describe_rest: Describe = describe_files
        if arguments.cluster is not None:
            cluster = stack.enter_context(connected(arguments.cluster, options.jobs))
            describe = describe_rest = cluster.describe
            bring_up_to_date = partial(bring_up_to_date, each=cluster.each)
        if arguments.model:
            from ..modeldescriptor import ModelDescriptor

            descriptor: Descriptor = ModelDescriptor(arguments.model)
        else:
            descriptor = by_name(arguments.descriptor) if arguments.descriptor else descriptor_of(arguments.index)
        if arguments.reuse:
            # One worker process after the other: those that know a part of a picture, and those that do not.
            describe = reusing(arguments.reuse, descriptor, options.reading, describe_rest)
        try:
            report = bring_up_to_date(arguments.dataset, arguments.index, descriptor, options, describe)
        except ExpectedError:
            skips.close()
            raise
        except KeyboardInterrupt:
            # What was described anew is not known from the rest, which another run would leave as it is.
            what = "the index is as it was" if arguments.rebuild else "the next run goes on from here"
            raise KeyboardInterrupt(f"interrupted; {what}") from None
        skips.close()
    if arguments.json:
        print(
            json.dumps({"index": arguments.index, **commandline.runtime_of(descriptor), **report.as_values()}, indent=2)
        )
    for line in [] if arguments.quiet else [*never_found(report, names_all=arguments.verbose), *left_out(report)]:
        console.report(line)
    for line in report.warnings:
        console.complain(line)
    if not arguments.quiet:
        console.report(f"{summary(report)} -> {arguments.index}")
    return console.FAILED if (arguments.strict and report.skipped) or (arguments.add and report.skips) else console.DONE


def left_out(report: "Report") -> list[str]:
    """Return a line for what the walk over the folder did not look at, by choice."""
    lines = []
    if count := report.hidden:
        lines.append(f"left out {_entries(count, 'hidden ')}; --hidden takes {'it' if count == 1 else 'them'}")
    if count := report.excluded:
        lines.append(f"left out {_entries(count)} by --exclude or .imageignore")
    # A path that the shell has completed begins with the dataset folder, and matches nothing in it.
    lines += [
        f"--exclude '{pattern}' left out nothing: patterns begin in the dataset folder" for pattern in report.idle
    ]
    return lines


def never_found(report: "Report", *, names_all: bool = False) -> list[str]:
    """Return a line that names pictures which are in the index in vain, such as a white wall among things."""
    if not (ids := report.blank):
        return []
    count, most = len(ids), len(ids) if names_all else MOST_NAMED
    more = "" if count <= most else " ...; -v names all of a run"
    which = "1 picture is" if count == 1 else f"{count:,} pictures are"
    return [f"{which} too plain or small to be known again, so never found: {', '.join(ids[:most])}{more}"]


def _entries(count: int, of_a_kind: str = "") -> str:
    return f"{count:,} {of_a_kind}{'file or folder' if count == 1 else 'files or folders'}"


def summary(report: "Report") -> str:
    """Return the sum of what was done."""
    counts = {"new": report.new, "changed": report.changed, "removed": report.removed, "moved": report.moved}
    if report.kept:
        counts["kept"] = report.kept
    details = ", ".join(f"{count:,} {name}" for name, count in {**counts, "skipped": report.skipped}.items())
    return f"indexed {report.indexed:,} ({details}) in {report.seconds:.1f} s"
