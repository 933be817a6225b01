"""Serve an index over HTTP: serve.py --index index1.csv"""

import argparse
import os

from . import commandline, console

DESCRIPTION = "Serve an index over HTTP: a REST API, and a page to search with."
EXAMPLES = (
    "--index index1.csv --result-path data",
    "--index index1.csv --host 0.0.0.0 --allow-host photos.example.org",
)
TOKEN = "IMAGE_SIMILARITY_TOKEN"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    parser.add_argument("-i", "--index", required=True, metavar="FILE", help="the index to serve")
    parser.add_argument(
        "-r", "--result-path", metavar="FOLDER", help="the folder of the images (default: where they were indexed)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=commandline.positive, default=8000, help="the port (default: 8000)")


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    return parser.parse_args(argv)


@console.door
def main(argv: list[str]) -> int:
    """Serve until interrupted; return the exit code."""
    arguments = parse(argv)
    from ..webservice import Settings, run_server

    settings = Settings(
        arguments.index, arguments.result_path, arguments.host, arguments.port, token=os.environ.get(TOKEN)
    )
    run_server(settings)
    return console.DONE
