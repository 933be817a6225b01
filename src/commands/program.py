"""image-similarity: all commands under one name, one verb each.

A new verb is a module beside this one, with `main` and `add_options`, and a line in `VERBS`.
"""

import importlib
from types import ModuleType
from typing import NoReturn

from .. import console
from .commandline import CommandLine

NAME = "image-similarity"
VERBS = {
    "index": "describe every image of a folder into an index",
    "search": "find the images that are most similar to a picture",
}


def parser() -> CommandLine:
    """Return what reads a command line that begins with no verb; it knows of the verbs only what they are for."""
    line = CommandLine(
        description="Find the images of a folder that look most like a given one.",
        examples=[
            "index --dataset data --index index1.csv",
            "search --index index1.csv --query photo.jpg",
            "search --help",
        ],
    )
    verbs = line.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb, purpose in VERBS.items():
        verbs.add_parser(verb, help=purpose)
    return line


@console.door
def main(argv: list[str]) -> int:
    """Do what the verb says; return the exit code."""
    verb, *arguments = argv or ["--help"]
    if verb not in VERBS:
        line = parser()
        line.parse_args([verb, *arguments])
        line.error("the verb comes first")
    with console.named(f"{console.program_name()} {verb}"):
        code: int = _command(verb).main(arguments)
        return code


def run() -> NoReturn:
    """Run image-similarity as the program that was installed under this name."""
    console.run(main)


def _command(verb: str) -> ModuleType:
    # Only the verb that was asked for is loaded.
    return importlib.import_module(f".{verb}", __package__)
