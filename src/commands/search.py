"""Find the images most similar to a picture: search.py --index index1.csv --query photo.jpg"""

import argparse
import json
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..printable import printable
from . import commandline, console

if TYPE_CHECKING:
    from ..answer import Answer
    from ..answerpicture import Outputs, Search
    from ..daskcluster import Cluster
    from ..descriptor import Descriptor
    from ..imagepart import Part

DESCRIPTION = "Find the images of an index that are most similar to a picture."
EXAMPLES = (
    "--index index1.csv --query photo.jpg",
    "--index index1.csv --query photo.jpg --limit 10 --explain --output result.jpg",
    "--index index1.csv --query - --json < photo.jpg",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    parser.add_argument("-i", "--index", required=True, metavar="FILE", help="the index to search")
    parser.add_argument(
        "-q",
        "--query",
        required=True,
        nargs="+",
        action="extend",
        metavar="FILE",
        help="pictures to look for; - reads one from stdin",
    )
    parser.add_argument(
        "-r", "--result-path", metavar="FOLDER", help="the folder of the images (default: where they were indexed)"
    )
    many = "how many to find (default: 3); an index by objects may find fewer, or nothing, which is no error"
    parser.add_argument("-n", "--limit", type=commandline.positive, default=3, metavar="N", help=many)
    parser.add_argument("--others", action="store_true", help="leave out the query itself")
    part = "search by this part of each query: left, top, width, height, in pixels or as shares from 0 to 1"
    parser.add_argument("--crop", type=commandline.part_of_picture, metavar="X,Y,W,H", help=part)
    far = "find only images at most that far"
    parser.add_argument("--max-distance", type=commandline.not_negative, default=math.inf, metavar="D", help=far)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write the result picture to this file and open no window"
    )
    parser.add_argument(
        "--force", action="store_true", help="let --output replace a file that is no result picture of this program"
    )
    why = (
        "say why each result is near, and where it is similar; of the very same thing, how many points match and where "
    )
    why += "its corners lie: clockwise from its own top left, as shares of the width and height of the query"
    parser.add_argument("--explain", action="store_true", help=why)
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print JSON and open no window")
    forms.add_argument("--paths", action="store_true", help="print only the paths, and open no window")
    forms.add_argument("--print0", action="store_true", help="the same with a NUL behind each, as xargs -0 reads them")
    parser.add_argument("--quiet", action="store_true", help="print results and errors, and no remarks")
    parser.add_argument(
        "--no-window", action="store_true", help="print only, as where the output does not go to a terminal"
    )
    parser.add_argument("--model", metavar="FILE", help="the network, as ONNX, that the index is of")
    parser.add_argument("--full-resolution", action="store_true", help="decode large JPEGs in full: slower")
    commandline.add_cluster(parser, "search on")
    commandline.add_pixel_limit(parser)


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    return parser.parse_args(argv)


@console.door
def main(argv: list[str]) -> int:
    """Search for every query; return the exit code."""
    arguments = parse(argv)
    console.set_pixel_limit(arguments.max_megapixels)
    if arguments.cluster is None:
        return _search(arguments)
    from .clusters import connected

    with connected(arguments.cluster) as cluster:
        return _search(arguments, cluster)


def _search(arguments: argparse.Namespace, cluster: "Cluster | None" = None) -> int:
    # Loading OpenCV takes longer than most searches: not before the command line is known to be right.
    from ..answer import Wanted, answer_all
    from ..answertext import errors, remarks
    from ..imagereader import Reading
    from ..searcher import Searcher

    outputs = _outputs(arguments)
    with console.ProgressBar("reading the index", "B", quiet=arguments.quiet) as bar:
        descriptor = None
        if arguments.model:
            from ..modeldescriptor import ModelDescriptor

            descriptor = ModelDescriptor(arguments.model)
        searcher = Searcher(arguments.index, descriptor, progress=bar.update, cluster=cluster)
    folder = arguments.result_path or searcher.folder
    if outputs is not None:
        outputs.check(arguments.index, searcher, folder)
    reading = Reading(arguments.max_megapixels, arguments.full_resolution)
    # A window stays until a key is pressed: none where a program or a file waits for the end.
    for_programs = arguments.json or arguments.paths or arguments.print0
    in_window = console.is_watched() and not (arguments.no_window or for_programs)
    keep_pictures = in_window or outputs is not None
    wanted = Wanted(
        limit=arguments.limit,
        max_distance=arguments.max_distance,
        reading=reading,
        keep_pictures=keep_pictures,
        explain=arguments.explain,
        others=arguments.others,
        part=arguments.crop,
        places=_with_places(arguments, keep_pictures),
    )

    def search(query: str, part: "Part | None") -> "Answer":
        return answer_all([query], searcher, folder, wanted._replace(part=part))[0]

    answers = answer_all(arguments.query, searcher, folder, wanted)
    _print(arguments, answers, searcher.descriptor)
    if searcher.is_outdated and not arguments.quiet and any(answer.error is None for answer in answers):
        line = "is of another version, which reads some pictures otherwise: run index.py again"
        console.complain(f"{arguments.index} {line}")
    if not arguments.quiet and (line := searcher.how_to_search_quicker):
        console.complain(f"{arguments.index}: to search it several times as quickly, {line}")
    for line in [*errors(answers), *([] if arguments.quiet else remarks(answers, arguments.index, wanted))]:
        console.complain(line)
    if outputs is not None:
        for line in outputs.save(answers, arguments.max_megapixels):
            if not arguments.quiet:
                console.complain(line)
    elif in_window:
        _show(arguments, answers, search)
    return console.FAILED if any(answer.error for answer in answers) else console.DONE


def _with_places(arguments: argparse.Namespace, keep_pictures: bool) -> int:
    """Return of how many results places are told: in JSON of all, in a picture of those that are drawn."""
    if not arguments.explain or not (arguments.json or keep_pictures):
        return 0
    limit: int = arguments.limit
    if arguments.json:
        return limit
    from ..viewer import MOST_SHOWN

    return min(limit, MOST_SHOWN)


def _outputs(arguments: argparse.Namespace) -> "Outputs | None":
    if arguments.output is None:
        return None
    from ..answerpicture import Outputs

    return Outputs(arguments.output, arguments.query, force=arguments.force)


def _print(arguments: argparse.Namespace, answers: "Sequence[Answer]", descriptor: "Descriptor") -> None:
    from ..answertext import as_json, as_lines, as_paths

    if arguments.json:
        found = {"index": arguments.index, **commandline.runtime_of(descriptor), "answers": as_json(answers)}
        print(json.dumps(found, indent=2), flush=True)
    elif arguments.print0:
        console.write(b"".join(os.fsencode(path) + b"\0" for path in as_paths(answers)))
    elif arguments.paths:
        for path in as_paths(answers):
            # What a terminal could trip over goes to a program as it is, but never as a line that is no path.
            is_safe = not console.is_watched() and path.splitlines() == [path]
            console.write(os.fsencode(path if is_safe else printable(path)) + b"\n")
    else:
        for line in as_lines(answers, name_query=len(arguments.query) > 1):
            print(line, flush=True)


def _show(arguments: argparse.Namespace, answers: "Sequence[Answer]", search: "Search") -> None:
    from ..answerpicture import show_all

    trouble = show_all(answers, arguments.max_megapixels, search)
    if trouble and not arguments.quiet:
        console.complain(f"no window: {trouble}; --output result.jpg writes the picture to a file")
