"""Describe every image of a folder into an index: index.py --dataset data --index index1.csv"""

import argparse
import json
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from ..workerprocess import early_process
from . import commandline, console

if TYPE_CHECKING:
    from ..indexer import Report

DESCRIPTION = "Describe every image of a folder and its subfolders into an index."
EXAMPLES = (
    "--dataset data --index index1.csv",
    "--dataset data --index index1.csv --json",
    "--index index1.csv --add data/new.jpg",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    parser.add_argument("-d", "--dataset", metavar="FOLDER", help="the folder of the images")
    parser.add_argument(
        "-i", "--index", required=True, metavar="FILE", help="the index to write, or to bring up to date"
    )
    parser.add_argument(
        "--add", nargs="+", action="extend", metavar="FILE", default=[], help="add only these images of the folder"
    )
    parser.add_argument(
        "--remove", nargs="+", action="extend", metavar="ID", default=[], help="remove only these images"
    )
    parser.add_argument("--rebuild", action="store_true", help="describe every image anew")
    parser.add_argument("--prune", action="store_true", help="remove images that are gone, however many")
    parser.add_argument("--full-resolution", action="store_true", help="decode large JPEGs in full: slower")
    parser.add_argument("--hidden", action="store_true", help="take hidden files and folders too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if any file was skipped")
    parser.add_argument("--jobs", type=commandline.positive, metavar="N", help="threads (default: one for each core)")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    commandline.add_pixel_limit(parser)


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    arguments = parser.parse_args(argv)
    if arguments.dataset is None and not (arguments.add or arguments.remove):
        parser.error("the following arguments are required: -d/--dataset")
    for option in ("rebuild", "prune"):
        if getattr(arguments, option) and (arguments.add or arguments.remove):
            parser.error(f"--{option} is about the whole folder, --add and --remove are not")
    return arguments


@console.door
def main(argv: list[str]) -> int:
    """Bring the index up to date; return the exit code."""
    arguments = parse(argv)
    console.set_pixel_limit(arguments.max_megapixels)
    with early_process() as process, console.ProgressBar("indexing", "image") as bar:
        # Loading OpenCV takes a moment: not before the command line is known to be right.
        from ..describer import describe_files
        from ..imagereader import Reading
        from ..indexer import Options, change_index, index_folder

        options = Options(
            reading=Reading(arguments.max_megapixels, arguments.full_resolution),
            hidden=arguments.hidden,
            rebuild=arguments.rebuild,
            prune=arguments.prune,
            on_skip=lambda skip: bar.report(f"skipping {skip.id}: {skip.reason}"),
            progress=bar.update,
        )
        options.jobs = arguments.jobs or options.jobs
        change = partial(change_index, add=arguments.add, remove=arguments.remove)
        bring_up_to_date = change if arguments.add or arguments.remove else index_folder
        describe = partial(describe_files, process=process)
        report = bring_up_to_date(arguments.dataset, arguments.index, options=options, describe=describe)
    if arguments.json:
        print(json.dumps({"index": arguments.index, **report.as_values()}, indent=2))
    tell(report, arguments.index)
    # A file that was named must not be skipped.
    return console.FAILED if report.skips and (arguments.strict or arguments.add) else console.DONE


def tell(report: "Report", index: str) -> None:
    """Write what was done to stderr; the last line is the sum of it."""
    if report.skips:
        kinds = Counter(skip.kind for skip in report.skips).most_common()
        console.report("skipped " + ", ".join(f"{count:,} {kind}" for kind, count in kinds))
    if report.hidden:
        console.report(f"left out {report.hidden:,} hidden files or folders; --hidden takes them")
    for line in report.warnings:
        console.complain(line)
    counts = {"new": report.new, "changed": report.changed, "removed": report.removed, "moved": report.moved}
    if report.kept:
        counts["kept"] = report.kept
    details = ", ".join(f"{count:,} {name}" for name, count in {**counts, "skipped": len(report.skips)}.items())
    console.report(f"indexed {report.indexed:,} ({details}) in {report.seconds:.1f} s -> {index}")
