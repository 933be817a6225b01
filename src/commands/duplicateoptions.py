"""The options of duplicates.py, and which of them go together."""

import argparse

from ..duplicategroup import KINDS
from . import commandline

EXAMPLES = (
    "--dataset data",
    "--dataset data --index index1.csv --output groups.jpg",
    "--dataset data --move-to spares",
    "--dataset data --json > groups.json",
    "--dataset data --apply groups.json --delete",
    "--dataset data --index index1.csv --against import",
    "--compare a.jpg b.png",
)

_WAYS = {"move_to", "link", "delete"}
_SIGHT = {"kind", "threshold", "any_orientation", "json", "output", "force", "explain", "no_window", "quiet"}
_READING = {"jobs", "max_megapixels"}
_WALK = {"dataset", "index", "exclude", "hidden", "no_recursive", "prune", "verbose"}

# As `duplicatefinder.RULES` has them, which takes a moment to load.
KEEP_RULES = ("best", "oldest", "newest", "largest", "smallest", "shortest-name")

# What each of these goes with. A run without one of them takes what is left.
_BESIDE = {
    "undo": {"quiet"},
    "compare": _SIGHT | _READING,
    "against": _SIGHT | _READING | _WALK | {"ignore", "fail_if_found"},
}
# What is of use beside one of others only.
_NEEDED = {
    "different": {"ignore"},
    "permanently": {"delete"},
    "yes": {"delete"},
    "log": _WAYS,
    "force": {"output"},
    "prune": {"index"},
}

# What names files and folders.
_PLACES = {"dataset", "index", "against", "ignore", "output", "protect", "move_to", "apply", "log", "undo"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    _add_what(parser.add_argument_group("where to look, and for what"))
    _add_how(parser.add_argument_group("what is printed and shown"))
    _add_removal(parser.add_argument_group("getting rid of spares"))
    _add_files(parser.add_argument_group("which files, and how they are read"))


def _add_what(group: argparse._ArgumentGroup) -> None:
    folders = "the folder of the pictures; several may be named, each with a --dataset of its own"
    group.add_argument("-d", "--dataset", action="append", metavar="FOLDER", default=[], help=folders)
    index = "an index of the folder: it is brought up to date, and fingerprints are kept beside it"
    group.add_argument("-i", "--index", metavar="FILE", help=index)
    kind = "find only the same file (identical bytes), also the same picture (identical pixels), or near ones too"
    group.add_argument("--kind", choices=KINDS, default=KINDS[-1], help=f"{kind} (default: {KINDS[-1]})")
    near = "how similar pictures of the kind near must be, up to 1"
    group.add_argument("--threshold", type=commandline.share, metavar="S", help=near)
    group.add_argument("--any-orientation", action="store_true", help="find turned and mirrored copies too")
    keep = "which picture of a group is worth keeping (default: best: most pixels, in colours, most bytes, oldest)"
    group.add_argument("--keep", choices=KEEP_RULES, default=KEEP_RULES[0], help=keep)
    group.add_argument(
        "--against", metavar="FOLDER", help="say which pictures of this folder are in the dataset already"
    )
    pair = "say whether two files are the same picture: exit code 0 for yes, 1 for no, 2 for trouble"
    group.add_argument("--compare", nargs=2, metavar="FILE", help=pair)
    ignore = "pairs in this file are no duplicates; --different and --apply add to it"
    group.add_argument("--ignore", metavar="FILE", help=ignore)
    different = "remember in the file of --ignore that these pictures are no duplicates of each other"
    group.add_argument("--different", nargs="+", metavar="FILE", help=different)


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--json", action="store_true", help="print JSON and open no window")
    sheet = "write a contact sheet of the groups to this file and open no window"
    group.add_argument("-o", "--output", metavar="FILE", help=sheet)
    group.add_argument(
        "--force", action="store_true", help="let --output replace a file that is no result picture of this program"
    )
    explain = "say and show of each pair what was compared, and by how much it differs"
    group.add_argument("--explain", action="store_true", help=explain)
    group.add_argument("--fail-if-found", action="store_true", help="exit with 1 if there are duplicates")
    group.add_argument(
        "--no-window", action="store_true", help="print only, as where the output does not go to a terminal"
    )
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-v", "--verbose", action="store_true", help="name all that is left out")
    loudness.add_argument("-q", "--quiet", action="store_true", help="print results and errors, and no remarks")


def _add_removal(group: argparse._ArgumentGroup) -> None:
    protect = "never lose a file of this folder; may be repeated"
    group.add_argument("--protect", action="append", metavar="FOLDER", default=[], help=protect)
    ways = group.add_mutually_exclusive_group()
    moved = "move spares into this folder, which keeps their subfolders; nothing is overwritten"
    ways.add_argument("--move-to", metavar="FOLDER", help=moved)
    ways.add_argument("--link", action="store_true", help="make spares that are the same file hard links to it")
    ways.add_argument("--delete", action="store_true", help="put spares into the trash, after a question")
    group.add_argument("--permanently", action="store_true", help="let --delete delete for good")
    group.add_argument("-y", "--yes", action="store_true", help="answer the question of --delete")
    decisions = "do what this file says, and nothing else: JSON as --json prints it, with what somebody has decided"
    group.add_argument("--apply", metavar="FILE", help=decisions)
    log = "write what is done to this file (default: duplicates-, date and time, .log)"
    group.add_argument("--log", metavar="FILE", help=log)
    group.add_argument("--undo", metavar="FILE", help="bring back what this log says was moved or linked")


def _add_files(group: argparse._ArgumentGroup) -> None:
    leave_out = "leave out what matches, by gitignore's rules; may be repeated"
    group.add_argument("--exclude", action="append", metavar="PATTERN", default=[], help=leave_out)
    group.add_argument("--hidden", action="store_true", help="take hidden files and folders of the system too")
    group.add_argument("--no-recursive", action="store_true", help="take only files of the folder itself")
    group.add_argument("--prune", action="store_true", help="remove images that are gone from the index, however many")
    group.add_argument("--jobs", type=commandline.positive, metavar="N", help="threads (default: one for each core)")
    commandline.add_pixel_limit(group)


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """End with a line about options that do not go together."""
    named = {name for name, value in vars(arguments).items() if value != parser.get_default(name)}
    for option, beside in _BESIDE.items():
        if option in named and (others := sorted(named - {option} - beside)):
            parser.error(f"{_spelt(option)} does not go with {_spelt(others[0])}")
    for option, needed in _NEEDED.items():
        if option in named and not named & needed:
            parser.error(f"{_spelt(option)} needs {' or '.join(map(_spelt, sorted(needed)))}")
    for option in sorted(named & _PLACES):
        # As of a script's variable that is not set. The current folder is meant by a dot.
        if "" in (value if isinstance(value := getattr(arguments, option), list) else [value]):
            parser.error(f"{_spelt(option)} names nothing")
    if "different" in named and len(arguments.different) < 2:
        parser.error("--different needs two pictures or more")
    remembers_only = "different" in named and named <= {"different", "ignore", "quiet"}
    # An index knows its folders.
    if not (remembers_only or named & {"dataset", "index", "undo", "compare"}):
        parser.error("the following arguments are required: -d/--dataset")


def _spelt(option: str) -> str:
    return f"--{option.replace('_', '-')}"
