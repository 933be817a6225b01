"""Who describes in the tests that need no process: this one, one file after the other."""

from collections.abc import Generator, Sequence

from src.description import Outcome, Recipe, Setup, Work
from src.errors import UnreadableImage
from src.filebytes import content_digest, read_bytes
from src.imagefiles import FoundFile
from src.imagereader import MemoryBudget


def describe_here(files: Sequence[FoundFile], setup: Setup) -> Generator[Outcome, None, None]:
    """Describe files, as `description.Describe` says."""
    for number, file in enumerate(files):
        data = read_bytes(file.path)
        try:
            yield Outcome(number, content_digest(data), setup.recipe.describe(data).features)
        except UnreadableImage as error:
            yield Outcome(number, kind=error.kind, reason=error.reason)


class OwnWorker:
    """Does what the worker of a service does, in this process."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    async def do(self, work: Work) -> bytes:
        """Return what a work makes."""
        made = work.run(self.recipe, MemoryBudget(1 << 30))
        work.check(made, self.recipe)
        return made
