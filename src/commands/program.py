"""image-similarity: all commands under one name, one verb each.

A new verb is a module beside this one, with `main` and `add_options`, and a line in `VERBS`.
"""

import importlib
from types import ModuleType
from typing import NoReturn

from . import console
from .commandline import CommandLine
from .completion import SHELLS, completion_script

NAME = "image-similarity"
VERBS = {
    "index": "describe every image of a folder into an index",
    "search": "find the images that are most similar to a picture",
    "duplicates": "find copies of pictures, and get rid of spares",
    "serve": "serve an index over HTTP: a REST API and a page",
    "evaluate": "measure how good the answers are, by classes",
    "networks": "set up what the descriptors deep and best need",
}


def parser(*, whole: bool = False) -> CommandLine:
    """Return what reads a command line that begins with no verb.

    Parameters
    ----------
    whole : bool
        Give it the verbs' options too, which loads all of them, under the name that is installed, which is what a
        shell completes. Otherwise it knows of the verbs only what they are for.
    """
    line = CommandLine(
        prog=NAME if whole else None,
        description="Find the images of a folder that look most like a given one.",
        examples=[
            "index --dataset data --index index1.csv",
            "search --index index1.csv --query photo.jpg",
            "search --help",
        ],
    )
    line.add_argument(
        "--print-completion",
        choices=SHELLS,
        help="print a script that makes a shell complete verbs, options and names of files",
    )
    verbs = line.add_subparsers(title="verbs", metavar="VERB")
    for verb, purpose in VERBS.items():
        verb_line = verbs.add_parser(verb, help=purpose)
        if whole:
            _command(verb).add_options(verb_line)
    return line


@console.door
def main(argv: list[str]) -> int:
    """Do what the verb says; return the exit code."""
    verb, *arguments = argv or ["--help"]
    if verb not in VERBS:
        line = parser()
        shell: str | None = line.parse_args([verb, *arguments]).print_completion
        if shell is None:
            line.error("the verb comes first")
        print(completion_script(parser(whole=True), shell))
        return console.DONE
    with console.named(f"{console.program_name()} {verb}"):
        code: int = _command(verb).main(arguments)
        return code


def run() -> NoReturn:
    """Run image-similarity as the program that was installed under this name."""
    console.run(main)


def _command(verb: str) -> ModuleType:
    # Only the verb that was asked for is loaded.
    return importlib.import_module(f".{verb}", __package__)
