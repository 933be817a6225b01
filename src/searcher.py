"""Step 4, search: an index and a feature vector become the most similar images, nearest first."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .description import Recipe
from .descriptors import Descriptor
from .distance import by_name
from .imagereader import Reading
from .searching.localparts import LocalParts
from .searching.nearest import NearestImages
from .searching.opening import OpensParts, check_descriptor, descriptor_of, joined_parts, made_of, open_parts
from .searching.parts import Parts
from .searching.queryfile import read_query
from .searching.results import Explanation, Result

__all__ = ["Explanation", "LocalParts", "Parts", "Result", "Searcher", "joined_parts", "made_of", "read_query"]


class Searcher:
    """Searches one index: exactly as comparing with every image would, ties in the order of the index.

    Opening it takes a moment whatever its size. `describe` makes a query vector of a picture file, `search` finds the
    nearest images, `explain` says why they are near. `search_many` and `explain_many` take several vectors at once.

    Parameters
    ----------
    index_path : str
        The CSV that index.py wrote, or any other program in the same form.
    descriptor : Descriptor, optional
        What the images were described by. The index knows that, unless the descriptor is one of your own.
    progress : callable, optional
        Called while a CSV is parsed (which happens once), with the bytes read and the bytes there are.
    threads : int, optional
        How many a search may take; by default, all usable cores.
    cluster : OpensParts, optional
        A `daskcluster.Cluster`: its workers open the index, and search it on all their cores.

    Attributes
    ----------
    folder : str or None
        The dataset folder, if the index is of one and knows it.
    folders : dict of str to str
        The dataset folders of an index of several, by their names, with which the ids of their images begin.
    full_resolution : bool
        Whether the images were decoded in full, as queries then should be.

    Raises
    ------
    IndexFileError
        If there is no index, or it is damaged, or of another descriptor.

    Examples
    --------
    Here is a folder of three pictures, red ones with more and more blue from above, and its index:

    >>> import os, tempfile, cv2, numpy as np
    >>> from image_similarity import Searcher, index_folder
    >>> folder = tempfile.mkdtemp()
    >>> picture = np.full((60, 80, 3), (0, 0, 255), np.uint8)
    >>> for name, rows in [("red", 0), ("half", 30), ("blue", 60)]:
    ...     picture[:rows] = (255, 0, 0)
    ...     _ = cv2.imwrite(os.path.join(folder, f"{name}.png"), picture)
    >>> _ = index_folder(folder, f"{folder}.csv")

    The most similar images of a picture, nearest first; itself is at distance 0:

    >>> searcher = Searcher(f"{folder}.csv")
    >>> query = searcher.describe(os.path.join(folder, "red.png"))
    >>> for distance, image_id in searcher.search(query, limit=2):
    ...     print(f"{distance:.2f} {image_id}")
    0.00 red.png
    2.32 half.png

    Why, and only what is near enough: how much of the distance each part of the picture carries.

    >>> for found in searcher.explain(query, max_distance=3):
    ...     parts = zip(searcher.descriptor.parts, found.region_distances)
    ...     print(f"{found.similarity:.2f} {found.image_id}", {name: round(part, 1) for name, part in parts})
    1.00 red.png {'top-left': 0.0, 'top-right': 0.0, 'bottom-right': 0.0, 'bottom-left': 0.0, 'centre': 0.0}
    0.54 half.png {'top-left': 1.0, 'top-right': 1.0, 'bottom-right': 0.0, 'bottom-left': 0.0, 'centre': 0.4}
    """

    def __init__(
        self,
        index_path: str,
        descriptor: Descriptor | None = None,
        progress: Callable[[int, int], object] | None = None,
        threads: int | None = None,
        cluster: OpensParts | None = None,
    ) -> None:
        self._parts = open_parts(index_path, descriptor, progress, threads, cluster)
        self._info = self._parts.info
        self._images = NearestImages(index_path, self._parts)
        self._path = index_path
        folders = self._info.find_folders(self._parts.path)
        self.folder = folders.get("") if not self._info.folders else None
        self.folders = folders if self._info.folders else {}
        self.full_resolution = self._info.full_resolution
        if descriptor is not None:
            check_descriptor(index_path, self._info, descriptor)
            self.descriptor = descriptor

    @cached_property
    def descriptor(self) -> Descriptor:
        """What the images were described by, and queries must be; IndexFileError if this program does not know it."""
        return descriptor_of(self._path, self._info)

    @property
    def is_outdated(self) -> bool:
        """Whether another version described the images, which read some pictures otherwise than queries are read."""
        return self._info.key not in (None, self.recipe().key)

    def is_written_over(self) -> bool:
        """Tell whether somebody writes into the files that are open here: answers are of anything then.

        index.py writes others, and what is open stays as it is.
        """
        return self._parts.is_written_over()

    @property
    def how_to_search_quicker(self) -> str:
        """What people should do so that searching is much quicker; empty if it is as quick as can be."""
        return self._parts.how_to_search_quicker()

    def could_spread(self) -> bool:
        """Tell whether opening the index again would have more workers of a cluster share it than now.

        Raises
        ------
        ExpectedError
            If the cluster has gone away.
        """
        return self._parts.could_spread()

    def recipe(self, reading: Reading | None = None) -> Recipe:
        """Return how queries are described: as the images were, unless a reading says otherwise."""
        described = getattr(self.descriptor, "for_queries", self.descriptor)
        return Recipe(described, reading or Reading(full_resolution=self.full_resolution))

    def describe(self, path: str, part: tuple[float, float, float, float] | None = None) -> NDArray[np.float32]:
        """Describe a picture file as the images were: return a query vector for `search` and `explain`.

        Parameters
        ----------
        path : str
        part : tuple of four float, optional
            The part of the picture to search by: left, top, width and height, in pixels of the upright picture, or as
            shares of its width and height if none of them exceeds 1.

        Raises
        ------
        UnreadableImage
            If the file cannot be read or is not a picture, or the part lies outside of it.
        ValueError
            If the numbers give no part.
        """
        from .imagepart import Part  # most queries are whole

        wanted = None if part is None else Part.of(*part)
        return self.recipe().describe(read_query(path), part=wanted).features

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, image_id: object) -> bool:
        return isinstance(image_id, str) and self._parts.find(image_id) is not None

    def known(self, image_ids: Sequence[str]) -> set[str]:
        """Return those of some image ids that the index has: on a cluster, quicker than one after the other."""
        with self._parts.reading():
            return self._parts.known(image_ids)

    def features_of(self, image_id: str) -> NDArray[np.float32]:
        """Return the feature vector of an image of the index, shape (dimension,); ValueError if it is not there."""
        with self._parts.reading():
            row = self._parts.find(image_id)
            if row is not None:
                return np.asarray(self._parts.take([row])[0])
        raise ValueError(f"{image_id!r} is not in the index")

    @property
    def ids(self) -> Sequence[str]:
        """The image ids of the index, by row."""
        return self._parts.ids

    def vectors(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the feature vectors of the rows start..stop, shape (stop - start, dimension)."""
        with self._parts.reading():
            return self._parts.take(range(len(self))[start:stop])

    @property
    def gives_reasons(self) -> bool:
        """Whether explanations say in words what decided."""
        return self._images.gives_reasons

    @property
    def finds_the_same(self) -> bool:
        """Whether pictures of the very same thing are found, or nothing; and not what is most similar."""
        return by_name(self._info.distance).nothing_from < np.inf

    def search(self, features: NDArray[np.float32], limit: int = 3, max_distance: float = np.inf) -> list[Result]:
        """Find the images most similar to a query.

        Parameters
        ----------
        features : ndarray of float32, shape (dimension,)
            The query vector.
        limit : int, optional
            How many images to return at most.
        max_distance : float, optional
            Images further away are not returned.

        Returns
        -------
        list of Result
            Nearest first, ties in index order.

        Raises
        ------
        ValueError
            If `features` is no feature vector of this index, or `limit` is below 1.
        """
        return self.search_many([features], limit, max_distance)[0]

    def search_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int = 3, max_distance: float = np.inf
    ) -> list[list[Result]]:
        """Return one list for each query vector, as `search` does, but faster than one after the other."""
        found, pictures = self._images.find(queries, limit, max_distance, vectors=False)
        with self._parts.reading():
            return [[*map(Result, one.distances, pictures.names(one.rows))] for one in found]

    def rank_many(self, queries: Sequence[NDArray[np.float32]], limit: int) -> list[NDArray[np.intp]]:
        """Return the rows of the images that `search_many` returns, for each query: quicker where they are many."""
        return self._images.rank(queries, limit)

    def explain(self, features: NDArray[np.float32], limit: int = 3, max_distance: float = np.inf) -> list[Explanation]:
        """Do as `search` does, and say of each image how similar it is and what each region carries of the distance."""
        return self.explain_many([features], limit, max_distance)[0]

    def explain_many(
        self, queries: Sequence[NDArray[np.float32]], limit: int = 3, max_distance: float = np.inf
    ) -> list[list[Explanation]]:
        """Return one list for each query vector, as `explain` does."""
        found, pictures = self._images.find(queries, limit, max_distance, vectors=True)
        with self._parts.reading():
            return [self._images.explain(one, pictures, self.descriptor.parts) for one in found]
