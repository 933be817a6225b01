"""Find every copy of a picture, and get rid of the spares: duplicates.py --dataset data"""

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

from ..threads import one_thread_for_algebra
from ..workerprocess import early_process
from . import commandline, console
from .duplicateexplanation import explain_with
from .duplicatefolders import take
from .duplicateoptions import EXAMPLES, add_options, check
from .duplicatepairs import compare, remember
from .duplicateremoval import bring_back, get_rid, removed_values, way_of
from .duplicatesearch import as_decided, as_found, wanted_of, without_these
from .duplicatesight import Sight

if TYPE_CHECKING:
    from ..duplicatefinder import Wanted
    from ..fingerprints import Fingerprints

__all__ = ["add_options", "main"]

DESCRIPTION = """\
Find every copy of a picture, and get rid of the spares. Of copies there are three kinds:

  file     the same file: identical bytes
  picture  the same picture: identical pixels, in another format or with other metadata
  near     resized, recompressed, lightly cropped, bordered, brightened, watermarked, grey ...

What is only similar is no copy. Nothing is touched without --move-to, --link or --delete."""


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    arguments = parser.parse_args(argv)
    check(parser, arguments)
    return arguments


@console.door
def main(argv: list[str]) -> int:
    """Do what is asked for; return the exit code."""
    arguments = parse(argv)
    one_thread_for_algebra()
    console.set_pixel_limit(arguments.max_megapixels)
    if arguments.undo is not None:
        return bring_back(arguments)
    if arguments.compare is not None:
        return compare(arguments)
    if arguments.different is not None:
        remember(arguments)
    if not (arguments.dataset or arguments.index):
        return console.DONE
    return _find_known(arguments) if arguments.against is not None else _find(arguments)


def _find(arguments: argparse.Namespace) -> int:
    """Find groups, print and show them, and get rid of their spares if that is asked for."""
    start = time.monotonic()
    with early_process() as process:
        # Loading OpenCV takes a moment: not before the command line is known to be right.
        from ..duplicatefinder import find_groups
        from ..duplicatetext import as_json, as_lines, read_decisions, summary

        way = way_of(arguments)
        sight = Sight(arguments, _precious(arguments), may_open=way is None)
        decisions = read_decisions(arguments.apply) if arguments.apply is not None else None
        wanted = wanted_of(arguments)
        taken = take(arguments, arguments.dataset, arguments.index, process)
    with console.ProgressBar("comparing", "image", quiet=arguments.quiet) as bar:
        groups = find_groups(taken, wanted._replace(progress=bar.update))
    if decisions is not None:
        groups = as_decided(arguments, decisions, groups, taken, wanted)
    seconds = time.monotonic() - start
    explain = explain_with(arguments, wanted.threshold)
    if not arguments.json:
        console.print_all(as_lines(groups, explain))
    if not arguments.quiet:
        console.report(f"{summary(groups, len(taken.ids))}, found in {seconds:.1f} s")
    sight.show(groups)
    removed = get_rid(arguments, groups, way) if way is not None else None
    if arguments.json:
        values = {
            "groups": as_json(groups, explain),
            "pictures": len(taken.ids),
            "spares": sum(len(group.spares) for group in groups),
            "spare_bytes": sum(group.spare_bytes for group in groups),
            **_common(taken, wanted, seconds),
            **({} if way is None else {"removed": removed_values(removed)}),
        }
        console.print_all([json.dumps(values, indent=2)])
    found = arguments.fail_if_found and groups
    return console.FAILED if found or (removed is not None and removed.left) else console.DONE


def _find_known(arguments: argparse.Namespace) -> int:
    """Say which pictures of a folder are known already."""
    start = time.monotonic()
    with early_process() as process:
        from ..duplicatefinder import find_known
        from ..duplicatetext import known_as_json, known_as_lines, summary_of_known

        sight = Sight(arguments, _precious(arguments))
        wanted = wanted_of(arguments)
        new = take(arguments, [arguments.against], None, process)
    known = take(arguments, arguments.dataset, arguments.index)
    found = [as_found(match) for match in find_known(new, without_these(known, new), wanted)]
    seconds = time.monotonic() - start
    explain = explain_with(arguments, wanted.threshold)
    if arguments.json:
        values = known_as_json(found, explain) | {"pictures": len(known.ids)} | _common(new, wanted, seconds)
        console.print_all([json.dumps(values, indent=2)])
    else:
        console.print_all(known_as_lines(found, explain))
    if not arguments.quiet:
        console.report(f"{summary_of_known(found, arguments.against)}, found in {seconds:.1f} s")
    groups = [group for _, group in found if group is not None]
    sight.show(groups)
    return console.FAILED if arguments.fail_if_found and groups else console.DONE


def _precious(arguments: argparse.Namespace) -> list[str]:
    """Return the files, and folders of files, that --output must not replace."""
    named = (arguments.index, arguments.against, arguments.ignore, arguments.apply, arguments.log)
    return [*arguments.dataset, *(path for path in named if path is not None)]


def _common(taken: "Fingerprints", wanted: "Wanted", seconds: float) -> dict[str, Any]:
    """Return what JSON tells of every run."""
    report = taken.report.as_values()
    return {
        "threshold": wanted.threshold,
        "any_orientation": wanted.any_orientation,
        "skips": report["skips"],
        "warnings": report["warnings"],
        "seconds": round(seconds, 3),
    }
