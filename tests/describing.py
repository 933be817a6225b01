"""Who describes in the tests that need no process: this one, one file after the other."""

from collections.abc import Generator, Sequence

from src.description import Outcome, Setup
from src.errors import UnreadableImage
from src.filebytes import content_digest, read_bytes
from src.imagefiles import FoundFile


def describe_here(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Describe files, as `description.Describe` says."""
    for number, file in enumerate(files):
        data = read_bytes(file.path)
        try:
            yield Outcome(number, content_digest(data), setup.recipe.describe(data).features)
        except UnreadableImage as error:
            yield Outcome(number, kind=error.kind, reason=error.reason)
