"""What duplicates.py does with single files: compare two, and remember which are no duplicates."""

import argparse
import json
from itertools import combinations
from typing import TYPE_CHECKING

from ..duplicategroup import FILE, KIND_WORDS, NEAR, ORIENTATION_WORDS, PICTURE, Copy, counted
from ..errors import ExpectedError, UnreadableImage
from ..printable import printable
from ..workerprocess import early_process
from . import console
from .duplicateexplanation import lines_of
from .duplicatefolders import describe_with, options_of
from .duplicatesearch import wanted_of
from .duplicatesight import Sight

if TYPE_CHECKING:
    from ..duplicatefinder import Comparison

SAME, DIFFERENT, TROUBLE = 0, 1, 2


def compare(arguments: argparse.Namespace) -> int:
    """Say whether two files are the same picture; return the exit code of that, which is `TROUBLE` for any error."""
    found: list[bool] = []

    @console.door
    def compared(_: list[str]) -> int:
        found.append(_compare(arguments))
        return console.DONE

    code = compared([])
    if code == console.DONE:
        return TROUBLE if not found else SAME if found[0] else DIFFERENT
    return TROUBLE if code == console.FAILED else code


def _compare(arguments: argparse.Namespace) -> bool:
    sight = Sight(arguments, arguments.compare, may_open=arguments.explain)
    with early_process() as process, console.ProgressBar("reading", "image", quiet=arguments.quiet) as bar:
        from ..duplicatefinder import compare as compare_prints
        from ..duplicatepicture import compare_pixels
        from ..fingerprinter import of_files

        taken = of_files(arguments.compare, options_of(arguments, bar.update), describe_with(process))
    for skip in taken.report.skips:
        raise ExpectedError(f"{skip.id}: {skip.reason}")
    wanted = wanted_of(arguments)
    keep, other = taken.picture(0), taken.picture(1)
    found = compare_prints(taken.prints[[0]], taken.prints[[1]], keep.digest == other.digest, wanted)
    copy = Copy(other, found.kind or NEAR, found.similarity, found.orientation)
    difference = None
    if arguments.explain or not sight.is_none:
        try:
            difference = compare_pixels(keep.path, other.path, copy.orientation, arguments.max_megapixels)
        except UnreadableImage as error:
            raise ExpectedError(f"one of both cannot be read any more: {error}") from None
    lines = lines_of(keep, copy, wanted.threshold, difference, is_copy=found.kind is not None)
    if arguments.json:
        values = {"kind": found.kind, "similarity": found.similarity, "orientation": found.orientation}
        why = {"explanation": lines} if arguments.explain else {}
        console.print_all([json.dumps(values | {"threshold": wanted.threshold} | why, indent=2)])
    else:
        console.print_all(map(printable, [_answer(found), *(lines if arguments.explain else [])]))
    if difference is not None:
        sight.show_difference(difference)
    return found.kind is not None


def _answer(found: "Comparison") -> str:
    if found.kind in (FILE, PICTURE):
        return KIND_WORDS[found.kind]
    from ..distance import similarity_text

    turned = ORIENTATION_WORDS[found.orientation]
    similarity = f"similarity {similarity_text(found.similarity)}"
    return ", ".join(filter(None, [KIND_WORDS[NEAR] if found.kind else "different", similarity, turned]))


def remember(arguments: argparse.Namespace) -> None:
    """Remember that the files of --different are no duplicates of each other."""
    from ..decisions import Content, remember_pairs
    from ..errors import UnreadableImage
    from ..filebytes import content_digest, read_bytes

    contents = []
    for path in arguments.different:
        try:
            contents.append(Content(content_digest(read_bytes(path)), path))
        except UnreadableImage as error:
            raise ExpectedError(f"{path}: {error}") from None
    added = remember_pairs(arguments.ignore, combinations(contents, 2))
    if not arguments.quiet:
        console.report(f"{counted(added, 'pair')} remembered in {arguments.ignore}")
