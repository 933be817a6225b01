"""Step 3, compare: the distances, by name, and all that depends on which one it is.

A descriptor names the distance that suits its vectors. The distance says which numbers are legal in them and how far
two of them are apart. It tells how similar that is to people, and what each part carries of it. It also lays out the
rows of an index. Each kind of rows has lower bounds of its own, so the nearest are found exactly without comparing all.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .comparing import chunks
from .comparing.chisquared import chi_squared, chi_squared_parts, nothing_shared, parts_apart
from .comparing.chunks import ALIGNMENT, Comparison
from .comparing.legalnumbers import ANY, BYTES, FROM_0, Kind, Legal, alike, first_illegal, kind_at
from .comparing.sparserows import SparseRows

if TYPE_CHECKING:
    from .comparing.chunkwriter import RowWriter
    from .verification import Outline

__all__ = [
    "ALIGNMENT",
    "Comparison",
    "Component",
    "Distance",
    "Kind",
    "Rows",
    "by_name",
    "chi_squared",
    "similarity_text",
]

Vector = NDArray[np.floating[Any]]
Rows = chunks.Rows[Any]


MOST_BELOW_1 = math.nextafter(1, 0)


class Component(NamedTuple):
    """One of several vectors that a row has, one after the other, each with a distance of its own."""

    place: slice
    """Where it lies."""
    between: Callable[[Vector, Vector], NDArray[np.float64]]
    """The definition of its distance; see `Distance.between`."""
    block: int
    """How many of its numbers have a direction of their own; 0 if none have one."""
    nothing_from: float = math.inf
    """What is that far away by it, or further, has nothing in common by it."""


class Distance(NamedTuple):
    """One distance, and everything that depends on it."""

    name: str
    between: Callable[[Vector, Vector], NDArray[np.float64]]
    """The definition: the distance of vectors, over the last axis, in double precision."""
    furthest: Callable[[Vector], float]
    """From a query vector: the distance from which on nothing is similar to it."""
    parts: Callable[[Vector, Vector, int], NDArray[np.float64]]
    """What each of so many equal parts of two vectors carries of their distance; the sum of them is the distance."""
    parts_furthest: Callable[[Vector, Vector, int], NDArray[np.float64]]
    """What `parts` would be if nothing in any part of the two vectors were similar."""
    legal: Legal
    """Which numbers are legal in a vector; infinity and NaN never are."""
    open_rows: Callable[[Any, dict[str, Any]], Rows]
    """Opens rows that were written: from the memory of a file and the table of contents."""
    new_writer: Callable[[BinaryIO, int, str], "RowWriter[Any]"]
    """Makes a writer of rows: to a file, of so many numbers, of the descriptor of that name."""
    depends_on_others: bool = False
    """Whether how near a row is depends on the other rows, too: then `between` is only where a search begins."""
    nothing_from: float = math.inf
    """A picture that is that far away, or further, is no answer."""
    outline: "Callable[[Vector, Vector], Outline | None] | None" = None
    """Of a row and a query, if the distance proves itself so: how the one lies in the other."""
    is_blank: Callable[[Vector], bool] | None = None
    """Of a vector, if there are some that are never found, nor find anything: whether it is one of them."""
    query_dimension: int | None = None
    """Of a query vector, if it may be longer than a row; zeros fill up a shorter one."""
    keeps_lists: bool = False
    """Whether searching may be quicker by what `Rows.listed` returns, if there are many rows."""
    components: Sequence[Component] = ()
    """Of rows of several vectors, these; `Rows.components` has them in the same order."""

    @property
    def lowest(self) -> float:
        """No number in a vector is smaller."""
        return min(kind.lowest for _, kind in self.legal)

    def first_illegal(self, vector: NDArray[Any]) -> int | None:
        """Return the place of the first number of a vector, shape (dimension,), that is not legal; None if all are."""
        return first_illegal(vector, self.legal)

    def kind_at(self, place: int, dimension: int) -> Kind:
        """Return what the number at a place of a vector of that length must be."""
        return kind_at(place, dimension, self.legal)

    def similarity(self, distance: float, query: Vector) -> float:
        """Return how similar a picture at that distance of a query vector is: from 1.0, the same, to 0.0.

        Within an answer it falls as the distance grows: it depends on nothing else of the picture. 1.0 is for
        distance 0 alone, whatever the rounding; 0.0 is for `furthest` and beyond.
        """
        if distance <= 0:
            return 1.0
        furthest = self.furthest(query)
        return min(1 - distance / furthest, MOST_BELOW_1) if distance < furthest else 0.0

    def part_similarities(self, parts: NDArray[np.float64], query: Vector, features: Vector) -> NDArray[np.float64]:
        """Return how similar each part of two vectors is, given `parts` of their distance, from 1.0 to 0.0.

        A part is measured by what is in it, not by the whole: 1.0 is for the same numbers alone, 0.0 for nothing
        similar in it.
        """
        furthest = self.parts_furthest(query, features, len(parts))
        # Where there is nothing in either vector, the numbers are the same.
        share = np.divide(parts, furthest, out=np.zeros(len(parts)), where=furthest > 0)
        return np.where(parts <= 0, 1.0, np.clip(1 - share, 0.0, MOST_BELOW_1))

    def check(self, vector: NDArray[Any], dimension: int) -> None:
        """Raise ValueError unless this is a feature vector of so many legal numbers."""
        if vector.shape != (dimension,):
            raise ValueError(f"a feature vector of this index has shape ({dimension},), not {vector.shape}")
        place = self.first_illegal(vector)
        if place is not None:
            legal = self.kind_at(place, dimension).numbers
            raise ValueError(f"a feature vector has only {legal}; number {place + 1} is {vector[place]:g}")


def _chi_squared() -> Distance:
    def new_writer(file: BinaryIO, dimension: int, descriptor: str) -> "RowWriter[Any]":
        from .comparing.sparsewriter import SparseWriter  # a search writes none

        return SparseWriter(file, dimension, descriptor)

    return Distance(
        name="chi-squared", between=chi_squared, furthest=nothing_shared, parts=chi_squared_parts,
        parts_furthest=parts_apart, legal=alike(FROM_0), open_rows=SparseRows, new_writer=new_writer,
    )  # fmt: skip


def _cosine() -> Distance:
    from .comparing.cosine import cosine, cosine_parts, opposite, parts_opposite
    from .comparing.cosinerows import CosineRows, DenseWriter

    return Distance(
        name="cosine", between=cosine, furthest=opposite, parts=cosine_parts,
        parts_furthest=parts_opposite, legal=alike(ANY), open_rows=CosineRows, new_writer=DenseWriter,
    )  # fmt: skip


def _mean_cosine() -> Distance:
    from .comparing.byterows import ByteRows, ByteWriter
    from .comparing.meancosine import MEAN_COSINE, mean_cosine, mean_cosine_parts, nothing_in_common, parts_unlike

    return Distance(
        name="mean-cosine", between=mean_cosine, furthest=nothing_in_common, parts=mean_cosine_parts,
        parts_furthest=parts_unlike, legal=alike(BYTES), open_rows=partial(ByteRows, MEAN_COSINE),
        new_writer=partial(ByteWriter, MEAN_COSINE),
    )  # fmt: skip


def _fused() -> Distance:
    from .comparing.correlation import CORRELATION
    from .comparing.fusedrows import COLOUR, DEEP, LEGAL, THUMBNAIL, FusedRows, FusedWriter
    from .comparing.meancosine import MEAN_COSINE
    from .comparing.mergetables import HSV_BINS

    deep = _mean_cosine()
    return Distance(
        name="fused", between=lambda a, b: deep.between(a[..., DEEP], b[..., DEEP]), furthest=deep.furthest,
        parts=lambda a, b, count: deep.parts(a[DEEP], b[DEEP], count),
        parts_furthest=deep.parts_furthest, legal=LEGAL, open_rows=FusedRows, new_writer=FusedWriter,
        depends_on_others=True,
        components=(
            Component(DEEP, MEAN_COSINE.between, MEAN_COSINE.block), Component(COLOUR, chi_squared, HSV_BINS),
            Component(THUMBNAIL, CORRELATION.between, CORRELATION.block),
        ),
    )  # fmt: skip


def _fused_with_objects() -> Distance:
    from .comparing import fusedrows as rows

    fused, objects = _fused(), _same_object()
    outline_of, longest = objects.outline, rows.BEFORE_OBJECTS + (objects.query_dimension or 0)
    assert outline_of is not None
    networks, deep, things = fused.components[0], rows.WITH_OBJECTS[0], rows.WITH_OBJECTS[-1]
    components = [one._replace(place=place) for one, place in zip(fused.components, rows.WITH_OBJECTS, strict=False)]
    return fused._replace(
        name="fused-with-objects", between=lambda a, b: networks.between(a[..., deep], b[..., deep]),
        parts=lambda a, b, count: _mean_cosine().parts(a[deep], b[deep], count), legal=rows.LEGAL_WITH_OBJECTS,
        open_rows=partial(rows.FusedRows, parts=rows.LOOKS_AND_OBJECTS),
        new_writer=partial(rows.FusedWriter, parts=rows.LOOKS_AND_OBJECTS),
        outline=lambda row, query: outline_of(row[things], query[things]), query_dimension=longest,
        keeps_lists=objects.keeps_lists,
        components=(*components, Component(things, objects.between, 0, objects.nothing_from)),
    )  # fmt: skip


def _same_object() -> Distance:
    from .comparing.objectblock import WORDS_OF_24_BITS
    from .comparing.objectrows import ObjectRows, ObjectWriter
    from .comparing.sameobject import NOTHING_FOUND, is_blank, nothing_the_same, outline_of, same_object
    from .localfeatures import MOST_NUMBERS

    def no_parts(a: Vector, b: Vector, count: int) -> NDArray[np.float64]:
        return np.zeros(count)

    return Distance(
        name="same-object", between=same_object, furthest=nothing_the_same, parts=no_parts, parts_furthest=no_parts,
        legal=alike(WORDS_OF_24_BITS), open_rows=ObjectRows, new_writer=ObjectWriter, nothing_from=NOTHING_FOUND,
        outline=outline_of, is_blank=is_blank, query_dimension=MOST_NUMBERS, keeps_lists=True,
    )  # fmt: skip


def _relative_chi_squared() -> Distance:
    from .comparing.relativechisquared import (
        everything_apart,
        relative_chi_squared,
        relative_parts,
        relative_parts_apart,
    )
    from .comparing.relativerows import RelativeRows

    return _chi_squared()._replace(
        name="relative-chi-squared", between=relative_chi_squared, furthest=everything_apart, parts=relative_parts,
        parts_furthest=relative_parts_apart, open_rows=RelativeRows,
    )  # fmt: skip


# Made when it is asked for: most programs need but one.
_DISTANCES = {
    "chi-squared": _chi_squared, "relative-chi-squared": _relative_chi_squared, "cosine": _cosine,
    "mean-cosine": _mean_cosine, "fused": _fused,
    "fused-with-objects": _fused_with_objects, "same-object": _same_object,
}  # fmt: skip


@cache
def by_name(name: str) -> Distance:
    """Return the distance of that name; raise ValueError, naming those there are, if there is none."""
    if name not in _DISTANCES:
        raise ValueError(f"there is no distance '{name}', only " + ", ".join(f"'{known}'" for known in _DISTANCES))
    return _DISTANCES[name]()


def similarity_text(similarity: float) -> str:
    """Return a similarity as people read it, with three digits: 1.000 is said of distance 0 alone."""
    text = f"{similarity:.3f}"
    return "0.999" if text == "1.000" and similarity < 1 else text
