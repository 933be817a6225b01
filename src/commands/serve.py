"""Serve an index over HTTP: serve.py --index index1.csv"""

import argparse
import ipaddress
import os
import re
from urllib.parse import urlsplit

from ..errors import ExpectedError
from ..printable import printable
from . import clusters, commandline, console

DESCRIPTION = "Serve an index over HTTP: a REST API, and pages to search with and to review duplicates."
EXAMPLES = (
    "--index index1.csv --result-path data",
    "--index index1.csv --duplicates groups.json",
    "--index index1.csv --host 0.0.0.0 --allow-host photos.example.org",
)
TOKEN = "IMAGE_SIMILARITY_TOKEN"
# What the extra brings, as it is imported.
EXTRA = {"fastapi", "fastapi_offline", "granian", "prometheus_client", "pydantic", "python_multipart", "starlette"}
# So many of the largest uploads may be held in memory at the same time.
UPLOADS = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of this command."""
    parser.add_argument("-i", "--index", required=True, metavar="FILE", help="the index to serve")
    parser.add_argument(
        "-r", "--result-path", metavar="FOLDER", help="the folder of the images (default: where they were indexed)"
    )
    parser.add_argument(
        "--host",
        type=_address,
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen at; 0.0.0.0 is all of this machine (default: 127.0.0.1)",
    )
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="the port (default: 8000)")
    commandline.add_cluster(parser, "search on")
    parser.add_argument(
        "--duplicates", metavar="FILE", help="show these groups for review, which duplicates.py --json has printed"
    )
    parser.add_argument("--ignore", metavar="FILE", help="pairs in this file, as of duplicates.py, are no duplicates")
    parser.add_argument("--model", metavar="FILE", help="the network, as ONNX, that the index is of")
    parser.add_argument(
        "--allow-host",
        type=_host,
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="answer under these names too, beside localhost and the address; *.example.org is all below it",
    )
    parser.add_argument(
        "--allow-origin",
        type=_origin,
        nargs="+",
        action="extend",
        default=[],
        metavar="ORIGIN",
        help="let pages of these origins ask, such as https://shop.example.org",
    )
    parser.add_argument(
        "--max-upload-mb", type=_megabytes, default=20.0, metavar="N", help="refuse larger files (default: 20)"
    )
    parser.add_argument(
        "--max-megapixels",
        type=commandline.megapixels,
        default=50.0,
        metavar="N",
        help="refuse larger pictures that are sent, without decoding them (default: 50)",
    )
    parser.add_argument(
        "--searches",
        type=commandline.positive,
        default=32,
        metavar="N",
        help="do so many at once, and tell others to come again (default: 32)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    parser.epilog = f"{parser.epilog or ''}\n\nIf {TOKEN} is set, a request must bear it as its bearer token."


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = commandline.CommandLine(description=DESCRIPTION, examples=EXAMPLES)
    add_options(parser)
    arguments = parser.parse_args(argv)
    if arguments.duplicates is not None and arguments.ignore is not None:
        parser.error("--ignore does not go with --duplicates: it is for duplicates.py, which writes that file")
    return arguments


@console.door
def main(argv: list[str]) -> int:
    """Serve until interrupted; return the exit code."""
    arguments = parse(argv)
    try:
        from ..webservice import (
            MOST_BYTES_OF_UPLOADS,
            Settings,
            address_of,
            check_duplicates,
            count_images,
            run_server,
        )
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        how = "pip install -r requirements-web.txt, or the extra web of the package"
        raise ExpectedError(f"serving needs {error.name}: {how}") from None
    if arguments.cluster is not None:
        clusters.check_installed()
    settings = Settings(
        index=arguments.index,
        cluster=arguments.cluster,
        result_path=arguments.result_path,
        host=arguments.host,
        port=arguments.port,
        allowed_hosts=tuple(arguments.allow_host),
        allowed_origins=tuple(arguments.allow_origin),
        # Processes that are started from here, and decode the pictures of strangers, do not inherit it.
        token=os.environ.pop(TOKEN, None),
        duplicates=arguments.duplicates,
        ignore=arguments.ignore,
        model=arguments.model,
        most_searches=arguments.searches,
        most_upload_bytes=int(arguments.max_upload_mb * 1e6),
        most_bytes_of_uploads=max(MOST_BYTES_OF_UPLOADS, int(UPLOADS * arguments.max_upload_mb * 1e6)),
        max_megapixels=arguments.max_megapixels,
    )
    console.set_pixel_limit(settings.max_megapixels_of_index)
    images = count_images(settings)
    check_duplicates(settings)
    greeting = f"serving {arguments.index} ({images:,} images) at {address_of(settings)} (Ctrl-C stops)"
    run_server(settings, console.program_name(), "" if arguments.quiet else printable(greeting))
    return console.DONE


def _address(text: str) -> str:
    if text == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be an address such as 127.0.0.1 or ::1, not '{text}'") from None


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 65535, not '{text}'")
    return int(text)


def _host(text: str) -> str:
    if not re.fullmatch(r"\*|(\*\.)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", text):
        raise argparse.ArgumentTypeError(f"must be a name such as photos.example.org, without a port, not '{text}'")
    return text.lower()


def _origin(text: str) -> str:
    origin = text.lower()
    try:
        parts = urlsplit(origin)
        port = "" if parts.port is None else f":{parts.port}"
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    except ValueError:
        host = None
    if not host or origin not in (f"http://{host}{port}", f"https://{host}{port}"):
        raise argparse.ArgumentTypeError(f"must be an origin such as https://shop.example.org, not '{text}'")
    return origin


def _megabytes(text: str) -> float:
    number = commandline.not_negative(text)
    if not 0.001 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"must be a number of megabytes up to 1000, not '{text}'")
    return number
