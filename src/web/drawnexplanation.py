"""The service: why a result was found, drawn as search.py draws it, by the process that may die. It imports no web."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..answer import Answer
from ..description import Description, Recipe, Work
from ..filebytes import content_digest
from ..imagepart import Part
from ..imagereader import MemoryBudget, Reading, decode_image
from ..resultplaces import NotExplained, QueryPlaces, has_places
from ..searcher import Explanation
from .describedquery import encoded_query, read_picture, recipe_of, within
from .thumbnails import check_jpeg, encoded
from .visitorwords import words_for_unexplained

# Letters and thin frames are drawn in it.
QUALITY = 92


@dataclass(frozen=True)
class DrawExplanation(Work):
    """Draw a query and one of its results."""

    query: bytes | str
    """The encoded picture, or where its file is."""
    name: str
    part: Part | None
    result: Explanation
    features: NDArray[np.float32]
    """Of the result, shape (dimension,)."""
    path: str
    """Where the result is."""
    folder: str
    """What its id is relative to."""
    parts: Sequence[str] | None
    """As `Answer.parts`."""
    finds_the_same: bool
    """As `Answer.finds_the_same`."""
    max_megapixels: float
    """Of pictures of the index."""

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Return the JPEG."""
        from ..answerpicture import draw_answer  # of windows, which thumbnails do not need

        def read(_: str, reading: Reading) -> NDArray[np.uint8]:
            # What is reduced fills the page as well.
            return decode_image(read_picture(self.path), reading._replace(full_resolution=False), budget)

        of_index = within(recipe, self.max_megapixels)
        data = encoded_query(self.query)
        query = recipe_of(self.query, recipe, self.max_megapixels).describe(data, budget, self.part)
        answer = Answer(
            self.name, [self._with_places(of_index, query)], self.folder, parts=self.parts, cut=query.cut,
            picture=query.picture if query.whole is None else query.whole,
            content=content_digest(data) if query.cut is None else None, finds_the_same=self.finds_the_same,
        )  # fmt: skip
        return encoded(draw_answer(answer, self.max_megapixels, read), QUALITY)

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what is no JPEG."""
        check_jpeg(made)

    def _with_places(self, recipe: Recipe, query: Description) -> Explanation:
        # The outline is the better proof, and it alone is drawn then.
        if self.result.outline is not None or not has_places(recipe):
            return self.result
        if not (places := QueryPlaces(recipe, query.picture, query.features)):
            return self.result
        try:
            return self.result._replace(places=places.explain(self.path, self.features))
        except NotExplained as error:
            return self.result._replace(unexplained=words_for_unexplained(error))
