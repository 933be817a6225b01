"""Measure how good the answers are on a folder of class folders: evaluate.py --dataset photos"""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..descriptors import DEFAULT
from . import commandline, console

if TYPE_CHECKING:
    from ..descriptors import Descriptor
    from ..evaluator import Contender, Evaluation, EvaluationOutput

DESCRIPTION = """\
Measure how good the answers are: search for every picture of a dataset and see how many pictures of its class are
found. The class of a picture is its folder. Or --truth says what should be found for which query.

  P@k   precision: the share of the first k that are of the class; of k, even where the class has fewer
  mAP   mean average precision: precision at the rank of each picture of the class, averaged, over the whole ranking;
        mAP@1000 over the first 1000 where there are more than 5000 pictures
  [ ]   95 % of a paired bootstrap over the queries
The query itself is left out of what is found."""
EXAMPLES = (
    "--dataset photos",
    "--dataset photos --descriptor color deep best --output evaluation.png",
    "--index color.csv deep.csv --json",
    "--dataset photos --queries queries --truth truth.csv",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    folders = "a folder with a folder of pictures for each class; of several, folders of one name are one class"
    parser.add_argument("-d", "--dataset", action="append", metavar="FOLDER", default=[], help=folders)
    what = f"what to describe pictures by, and to compare (default: {DEFAULT})"
    commandline.add_descriptor(parser, what, nargs="+", action="extend", default=[])
    indexes = "evaluate indexes that are there, as they are"
    parser.add_argument("-i", "--index", nargs="+", action="extend", metavar="FILE", default=[], help=indexes)
    parser.add_argument(
        "--queries", metavar="FOLDER", help="the pictures to search for, instead of those of the dataset"
    )
    truth = "says what should be found for them: a CSV, each line query,relevant[,relevant...]"
    parser.add_argument("--truth", metavar="FILE", help=truth)
    cache = "where descriptions are kept for the next time (default: a folder of the user's own cache)"
    parser.add_argument("--cache", metavar="FOLDER", help=cache)
    parser.add_argument("-o", "--output", metavar="FILE", help="write a picture of the evaluation to this file")
    parser.add_argument(
        "--force", action="store_true", help="let --output replace a file that is no result picture of this program"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("-q", "--quiet", action="store_true", help="print results and errors, and no remarks")
    commandline.add_pixel_limit(parser)


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    arguments = parser.parse_args(argv)
    if not (arguments.dataset or arguments.index):
        parser.error("one of the following arguments is required: -d/--dataset, -i/--index")
    if (arguments.queries is None) != (arguments.truth is None):
        parser.error("--queries and --truth go together")
    if arguments.descriptor and not arguments.dataset:
        parser.error("--descriptor needs --dataset, the pictures to describe")
    if not (arguments.index or arguments.descriptor):
        arguments.descriptor = [DEFAULT]
    arguments.descriptor = list(dict.fromkeys(arguments.descriptor))
    return arguments


@console.door
def main(argv: list[str]) -> int:
    """Evaluate; return the exit code."""
    arguments = parse(argv)
    console.set_pixel_limit(arguments.max_megapixels)
    from ..evaluator import as_lines, as_values

    output = _output(arguments)
    describing = _Describing(arguments)
    evaluation = _evaluate(arguments, describing)
    if arguments.json:
        head = {"dataset": arguments.dataset, "skipped": sorted(describing.skipped)}
        print(json.dumps({**head, **as_values(evaluation)}, indent=2), flush=True)
    else:
        for line in as_lines(evaluation):
            print(line, flush=True)
    if output is not None:
        output.save(evaluation, _title(arguments), arguments.max_megapixels)
    for line in [] if arguments.quiet else _remarks(evaluation, describing):
        console.report(line)
    return console.DONE


def _output(arguments: argparse.Namespace) -> "EvaluationOutput | None":
    if arguments.output is None:
        return None
    from ..evaluator import EvaluationOutput

    output = EvaluationOutput(arguments.output, force=arguments.force)
    queries = [] if arguments.queries is None else [arguments.queries, arguments.truth]
    output.check([*arguments.dataset, *queries], arguments.index)
    return output


def _title(arguments: argparse.Namespace) -> str:
    from ..indexfile import name_of

    names = [name_of(one) for one in arguments.dataset or arguments.index]
    return ", ".join(dict.fromkeys(names))


def _evaluate(arguments: argparse.Namespace, describing: "_Describing") -> "Evaluation":
    from ..descriptors import by_name
    from ..evaluator import (
        called,
        check_classes,
        evaluate,
        evaluate_by_truth,
        open_all,
        read_truth,
        with_own_names,
    )  # fmt: skip

    datasets, names = arguments.dataset, arguments.descriptor
    tested, truth = open_all(arguments.index, datasets), None
    if arguments.truth is not None:
        truth = read_truth(arguments.truth)
    else:
        check_classes(datasets)
    tested = with_own_names([*(describing.index(datasets, name, by_name(name)) for name in names), *tested])
    if truth is not None:
        makers = [one.searcher.descriptor for one in tested]
        asked = [
            describing.queries(arguments.queries, called(maker), maker, one.searcher.full_resolution)
            for one, maker in zip(tested, makers, strict=True)
        ]
    with console.ProgressBar("searching", "query", quiet=arguments.quiet) as bar:
        if truth is not None:
            return evaluate_by_truth(tested, asked, truth, describing.skipped, bar.update)
        return evaluate(tested, ", ".join(datasets or arguments.index), bar.update)


class _Describing:
    """Brings the indexes up to date that are kept for evaluations, and tells of it."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._told: set[tuple[str, ...]] = set()
        self.cache: str | None = None
        """The folder that holds them; None as long as there are none."""
        self.skipped: set[str] = set()
        """Ids of pictures that cannot be read."""

    def index(
        self, folders: "Sequence[str]", name: str, descriptor: "Descriptor", full_resolution: bool = False
    ) -> "Contender":
        """Return the index of some folders by a descriptor that people call by that name."""
        from ..evaluator import keep_index, usual_cache
        from ..imagereader import Reading
        from ..indexer import Options, is_picture
        from .skiplines import SkipLines

        self.cache = self._arguments.cache or usual_cache()
        # One that is skipped is skipped whatever describes.
        is_silent = self._arguments.quiet or tuple(folders) in self._told
        self._told.add(tuple(folders))
        with console.ProgressBar(f"describing by {name}", "image", quiet=self._arguments.quiet) as bar:
            skips = SkipLines((lambda _: None) if is_silent else bar.report, names_all=False)
            reading = Reading(self._arguments.max_megapixels, full_resolution)
            options = Options(
                reading=reading, prune=True, on_skip=skips.add, tells_skips=not is_silent, progress=bar.update
            )
            tested, report = keep_index(self.cache, folders, name, descriptor, options)
            skips.close()
        self.skipped.update(skip.id for skip in report.skips if is_picture(skip))
        return tested

    def queries(self, folder: str, name: str, descriptor: "Descriptor", full_resolution: bool) -> "Contender":
        """Return the index of a folder of queries: some descriptors describe these by more than an index holds."""
        own = getattr(descriptor, "for_queries", descriptor)
        return self.index([folder], name if own is descriptor else f"{name}-queries", own, full_resolution)


def _remarks(evaluation: "Evaluation", describing: _Describing) -> "Iterator[str]":
    """Yield a line for all that was left out, and one for what was left behind."""
    questions = evaluation.questions
    if count := questions.left_out:
        what = "in no class folder" if questions.classes else "of the queries that the truth does not name"
        yield f"left out {_pictures(count)} {what}"
    if count := evaluation.not_everywhere:
        yield f"left out {_pictures(count)} that not every index has"
    if count := len(questions.lone):
        which = "which was" if count == 1 else "which were"
        yield f"{_classes(count)} of one picture, {which} not searched for"
    if describing.cache is not None:
        yield f"descriptions are kept in {describing.cache}"


def _pictures(count: int) -> str:
    return f"{count:,} picture{'' if count == 1 else 's'}"


def _classes(count: int) -> str:
    return f"{count:,} class{'' if count == 1 else 'es'}"
