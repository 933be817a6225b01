"""What is asked, and what should be found: by the classes of a dataset, or by a file that says it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import ExpectedError
from ..indexfile import split_id
from .truthfile import Truth

NO_ONE = -1


class Query(NamedTuple):
    """One query."""

    name: str
    """Its image id, or its path in the folder of the queries."""
    own: int
    """The number of the image that it is itself, which is left out of what is found; `NO_ONE` if it is none."""
    label: int
    """The number of its class; `NO_ONE` if there are none."""
    relevant: int
    """How many images should be found."""


class Questions:
    """All queries, and which images should be found for each. Images are known by their numbers in `images`.

    Attributes
    ----------
    images : list of str
        The ids that count.
    classes : list of str
        Names of the classes, sorted; empty if there are none.
    labels : ndarray of int, shape (images,)
        The class of each image.
    queries : list of Query
    lone : list of str
        Classes of one picture, for which nothing can be found.
    left_out : int
        By classes, pictures without a class, which are not found either; by a file, queries that it does not name.
    """

    def __init__(
        self,
        images: list[str],
        classes: list[str],
        labels: NDArray[np.intp],
        queries: list[Query],
        wanted: list[NDArray[np.intp]] | None = None,
        lone: Sequence[str] = (),
        left_out: int = 0,
    ) -> None:
        self.images, self.classes, self.labels, self.queries = images, classes, labels, queries
        self.lone, self.left_out = list(lone), left_out
        self._wanted = wanted

    def hits(self, number: int, ranked: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which of some images are relevant to a query, by its number."""
        if self._wanted is not None:
            return np.isin(ranked, self._wanted[number])
        return np.asarray(self.labels[ranked] == self.queries[number].label)


def class_of(image_id: str, folders: Collection[str]) -> str | None:
    """Return the class of an image: the path of its folder in the dataset; None for one at the top."""
    relative = split_id(image_id, folders)[1]
    return relative.rpartition("/")[0] or None


def ask_by_class(ids: Sequence[str], folders: Collection[str], where: str) -> Questions:
    """Make every image a query, for which the others of its class should be found.

    Parameters
    ----------
    ids : sequence of str
    folders : collection of str
        Names of the dataset folders, where there are several.
    where : str
        The dataset, for errors.

    Raises
    ------
    ExpectedError
        If there are not two classes, one of them with two pictures.
    """
    named = {id_: name for id_ in ids if (name := class_of(id_, folders)) is not None}
    classes, sizes = sorted(set(named.values())), Counter(named.values())
    if len(classes) < 2:
        found = f"one class only, '{classes[0]}'" if classes else "no class folders"
        raise ExpectedError(f"{where} has {found}: name a folder that holds a folder of pictures for each class")
    if max(sizes.values()) < 2:
        raise ExpectedError(f"{where} has no class of two pictures, of which one could be found for the other")
    numbers = {name: number for number, name in enumerate(classes)}
    images = list(named)
    labels = np.array([numbers[named[id_]] for id_ in images], np.intp)
    queries = [
        Query(id_, number, int(label), sizes[named[id_]] - 1)
        for number, (id_, label) in enumerate(zip(images, labels, strict=True))
        if sizes[named[id_]] > 1
    ]
    lone = [name for name in classes if sizes[name] == 1]
    return Questions(images, classes, labels, queries, None, lone, len(ids) - len(named))


def ask_by_truth(
    truth: Truth, ids: Sequence[str], asked: Mapping[str, str | None], skipped: Collection[str]
) -> Questions:
    """Ask what a file says.

    Parameters
    ----------
    truth : Truth
    ids : sequence of str
        Of the images that can be found.
    asked : mapping
        Of each query that can be asked, the image id that it has itself, if any.
    skipped : collection of str
        Images and queries that cannot be read: what the file says of them does not count.

    Raises
    ------
    ExpectedError
        If the file names what is not there, or nothing is left to ask.
    """
    numbers = {id_: number for number, id_ in enumerate(ids)}
    wanted: dict[str, set[int]] = {}
    for line in truth.lines:
        if line.query not in asked:
            if line.query not in skipped:
                raise truth.error(line, f"there is no picture '{line.query}' among the queries")
            continue
        for one in line.relevant:
            if one not in numbers and one not in skipped:
                raise truth.error(line, f"there is no picture '{one}' in the dataset")
        found = {numbers[one] for one in line.relevant if one in numbers and one != asked[line.query]}
        wanted.setdefault(line.query, set()).update(found)
    queries = [
        Query(name, numbers.get(asked[name] or "", NO_ONE), NO_ONE, len(images))
        for name, images in wanted.items()
        if images
    ]
    if not queries:
        raise ExpectedError(f"{truth.path} leaves nothing to ask: of no query that it names can anything be found")
    sets = [np.array(sorted(wanted[query.name]), np.intp) for query in queries]
    return Questions(list(ids), [], np.empty(0, np.intp), queries, sets, left_out=len(asked) - len(queries))
