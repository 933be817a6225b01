"""Step 2, index: of what an index file is to be made: rows of others, and records of described pictures.

Pieces name what they are made of and hold none of it. So they can be pickled, and whoever can open the files can write
the index.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .cache import Cache
from .cachefile import Columns
from .datasetfolder import DatasetFolder, joined_id
from .info import FileState
from .records import Place, Record
from .rowtext import BLOCK_ROWS, numbers_text, split_line
from .writer import CopiedRows, NewRows


class Row(NamedTuple):
    """A row of an index file."""

    source: str
    number: int


class KeptRows(NamedTuple):
    """Consecutive rows of an index file, as they are."""

    source: str
    start: int
    stop: int
    states: Sequence[FileState] | None = None
    """What is known of their files now, where that is not the same as before."""


class RecordedRows(NamedTuple):
    """Consecutive records of a journal, with the states in it."""

    journal: str
    start: int
    """In bytes."""
    images: int


class GatheredRows(NamedTuple):
    """Images, each with a content that is known from anywhere."""

    ids: Sequence[str]
    states: Sequence[FileState]
    contents: Sequence[Place | Row]
    columns: Sequence[Row | None]
    """From which row columns are taken, if there is one of the same content."""


Piece = KeptRows | RecordedRows | GatheredRows


def sources_of(pieces: Sequence[Piece]) -> set[str]:
    """Return the names of the index files that pieces take anything from."""
    names: set[str] = set()
    for piece in pieces:
        if isinstance(piece, KeptRows):
            names.add(piece.source)
        elif isinstance(piece, GatheredRows):
            names.update(one.source for one in (*piece.contents, *piece.columns) if isinstance(one, Row))
    return names


class Records(Protocol):
    """A journal that is open."""

    def load(self, place: Place) -> Record:
        """Return the record at a place."""


class Sources:
    """The files that pieces are made of, open; a context manager.

    Parameters
    ----------
    datasets : sequence of DatasetFolder
        By which the ids of recorded pictures are known.
    open_index : callable
        Opens an index file by its name: its cache and, if it belongs to that, the CSV.
    open_records : callable
        Opens a journal by its name.
    """

    def __init__(
        self,
        datasets: Sequence[DatasetFolder],
        open_index: Callable[[str, ExitStack], tuple[Cache, BinaryIO | None]],
        open_records: Callable[[str, ExitStack], Records],
    ) -> None:
        self._datasets = sorted(datasets, key=lambda folder: len(folder.path), reverse=True)
        self._open_index, self._open_records = open_index, open_records
        self._stack = ExitStack()
        self._indexes: dict[str, tuple[Cache, BinaryIO | None]] = {}
        self._journals: dict[str, Records] = {}

    def __enter__(self) -> "Sources":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def rows(self, pieces: Sequence[Piece]) -> Iterator[NewRows | CopiedRows]:
        """Yield what pieces stand for, some hundred rows at a time."""
        for piece in pieces:
            if isinstance(piece, KeptRows):
                yield self._kept(piece)
            elif isinstance(piece, RecordedRows):
                yield from self._recorded(piece)
            else:
                for start in range(0, len(piece.ids), BLOCK_ROWS):
                    yield self.gathered(piece, slice(start, start + BLOCK_ROWS))

    def _kept(self, piece: KeptRows) -> CopiedRows:
        cache, csv = self._index(piece.source)
        assert csv is not None
        states = cache.states(piece.start, piece.stop) if piece.states is None else piece.states
        return CopiedRows(cache, csv, piece.start, piece.stop, states)

    def _recorded(self, piece: RecordedRows) -> Iterator[NewRows]:
        journal, start = self._journal(piece.journal), piece.start
        for first in range(0, piece.images, BLOCK_ROWS):
            some = []
            for _ in range(min(piece.images - first, BLOCK_ROWS)):
                some.append(journal.load(Place(piece.journal, "", start, start)))
                start = some[-1].end
            ids = [self._id_of(record.path) for record in some]
            features = np.stack([record.features for record in some])
            yield NewRows(ids, [record.state for record in some], features, [record.text for record in some])

    def gathered(self, piece: GatheredRows, some: slice = slice(None)) -> NewRows:
        """Return the rows of some images of a piece."""
        features, texts = zip(*map(self._content, piece.contents[some]), strict=True)
        return NewRows(
            piece.ids[some], piece.states[some], np.stack(features), texts, self._columns(piece.columns[some])
        )

    def _content(self, content: Place | Row) -> tuple[NDArray[np.float32], bytes]:
        if isinstance(content, Place):
            record = self._journal(content.journal).load(content)
            return record.features, record.text
        cache, csv = self._index(content.source)
        features = cache.rows(content.number, content.number + 1)[0]
        if csv is None:
            return features, numbers_text(features)
        # Writing numbers as text takes longer than all else here, so text that is there is copied.
        start, end = cache.lines[content.number : content.number + 2].tolist()
        csv.seek(start)
        return features, split_line(csv.read(end - start)) or numbers_text(features)

    def _columns(self, rows: Sequence[Row | None]) -> Columns:
        """Return what else is known of contents, whatever made their features: also of files that only moved."""
        columns: dict[str, NDArray[np.uint8]] = {}
        for place, row in enumerate(rows):
            for name, column in (self._index(row.source)[0].columns if row is not None else {}).items():
                if name not in columns:
                    columns[name] = np.zeros((len(rows), column.shape[1]), np.uint8)
                if row is not None and columns[name].shape[1] == column.shape[1]:
                    columns[name][place] = column[row.number]
        return columns

    def _id_of(self, path: str) -> str:
        for folder in self._datasets:
            top = folder.path.rstrip("/") + "/"
            if path.startswith(top):
                return joined_id(folder.name, path[len(top) :])
        raise ValueError(f"{path} is in no dataset folder")

    def _index(self, source: str) -> tuple[Cache, BinaryIO | None]:
        if source not in self._indexes:
            self._indexes[source] = self._open_index(source, self._stack)
        return self._indexes[source]

    def _journal(self, name: str) -> Records:
        if name not in self._journals:
            self._journals[name] = self._open_records(name, self._stack)
        return self._journals[name]
