"""Step 2, index: what a run leaves out, and which rows stay in the index all the same."""

import os
from collections.abc import Container, Iterable, Mapping

from ..errors import COULD_NOT_LOOK, IndexFileError
from ..imagefiles import FoundFile, Skip
from ..indexfile import FileState
from .datasets import Dataset
from .knownfiles import KnownFiles
from .missing import staying_rows
from .options import Options, Report
from .skips import ToldSkips


class Unseen:
    """What a run could not look at, and what it did not find.

    Attributes
    ----------
    told : ToldSkips
    """

    def __init__(self, known: KnownFiles, index_path: str, options: Options, report: Report) -> None:
        self._known = known
        self._index_path = index_path
        self._options = options
        self._report = report
        self._unlooked: set[str] = set()
        self._left_out: list[str] = []
        self.told = ToldSkips(known.told_skips)

    def skip(self, skip: Skip, found: Container[str] = frozenset(), file: FoundFile | None = None) -> None:
        """Report a file or folder that is left out; of what is below, `found` are the ids of files that are not."""
        skip = self.told.marked(skip, file)
        if skip.kind in COULD_NOT_LOOK:
            rows = [one for one in self._known.ids_at(skip.id) if one not in found]
            self._unlooked.update(rows)
            # If their vectors are of no use any more, the run will not go on without --prune.
            if rows and self._known.cache is not None:
                stay = "it stays in the index" if rows == [skip.id] else _images_stay(len(rows))
                # Whatever was told before: the index may be behind by now.
                skip = skip._replace(reason=f"{skip.reason}; {stay}", told_before=False)
        self._report.skips.append(skip)
        self._options.on_skip(skip)

    def leave_out(self, ids: Iterable[str]) -> None:
        """Let images leave the index, by their ids or that of a folder above, whether or not they can be looked at."""
        for id_ in ids:
            self._left_out.append(id_)
            self._options.on_left_out(id_)

    def keep(self, folder: Dataset, why: str, *, is_gone: bool) -> None:
        """Keep the rows of a dataset folder that cannot be looked at."""
        rows = self._known.ids_at(folder.image_id(os.curdir))
        self._unlooked.update(rows)
        hint = ": --prune removes them" if is_gone else ""
        self._report.warnings.append(f"{folder.path or folder.name}: {why}; {_images_stay(len(rows))}{hint}")

    def staying_rows(self, found: Mapping[str, FileState], *, was_walked: bool) -> dict[str, FileState]:
        """Return the rows that stay though their pictures are not among those `found`.

        Unless a folder `was_walked`, what was not found was not looked for.

        Raises
        ------
        IndexFileError
            If rows should stay and cannot be taken over.
        """
        # A folder without any picture is an error, not one whose pictures were deleted.
        if not found and not self._unlooked:
            return {}
        listed, prune = self._known.listed, self._options.prune
        states, warning = {one: listed[one] for one in self._unlooked if one not in found}, None
        if was_walked:
            path_of = self._known.datasets.path_of
            chosen = {one for place in self._left_out for one in self._known.ids_at(place)}
            states, warning = staying_rows(listed, found, self._unlooked, path_of, left_out=chosen, prune=prune)
        if states and self._known.cache is None:
            if prune:
                return {}
            raise IndexFileError(
                f"{self._known.datasets.path_of(min(states))} is not there or cannot be looked at, and its row cannot "
                f"be taken over, as it is damaged, of another version or of other options ({len(states):,} such "
                "images): bring it back, or let --prune remove them"
            )
        if warning:
            self._report.warnings.append(warning)
        return states


def _images_stay(count: int) -> str:
    return f"its {count:,} images stay in the index" if count != 1 else "its image stays in the index"
