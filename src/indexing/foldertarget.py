"""Step 2, index: an index of shards, as what a run writes.

A shard that is touched is written anew, under another name. The manifest is replaced when all of them are there, and
that one step changes the index.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain, count
from typing import BinaryIO

from .. import indexfile
from ..description import Recorder
from ..errors import IndexFileError
from ..indexfile import Cache, FileState, IndexInfo, Journal, Manifest, Piece, Place, Shard, ShardPlan
from .filetarget import check_descriptor
from .layout import shard_ranges
from .recorder import FolderRecorder, name_of_records
from .target import Each, IsVector, KnownContents, Opened, Target

SHARD_SIZE = 100_000
"""Images in a shard, unless somebody says otherwise: some 100 MB of CSV by colours, which are rewritten in a second."""

SHARED_BYTES = 16_000_000  # in one object


class FolderTarget(Target):
    """A folder of shards and their manifest, on a file system or where a URL leads to.

    Parameters
    ----------
    path : str
        As `indexfile.csv_path` gives it.
    shard_size : int, optional
        Images in a new shard; by default, as before, or `SHARD_SIZE`.
    each : callable, optional
        Who writes shards; by default, this process, one after the other.
    """

    def __init__(self, path: str, shard_size: int | None = None, each: Each = map) -> None:
        self.path = path
        self.folder = indexfile.folder_of(path)
        self.own_files = [path] if self.folder.is_local else []
        self.journal_path = self.folder.working_file(indexfile.FOLDER_JOURNAL)
        self.like = self.folder.like
        self._shard_size = shard_size
        self._each = each
        self._manifest: Manifest | None = None
        self._is_made = False
        self._told = b""
        self._shards: dict[str, tuple[Shard, Cache]] = {}

    def check(self, info: IndexInfo, is_vector: IsVector, *, rebuild: bool) -> None:
        if self.folder.is_local:
            above = os.path.dirname(self.path.rstrip(os.sep))
            if not os.path.isdir(above):
                raise IndexFileError(f"{self.path} cannot be written: there is no folder {above}")
            if os.path.lexists(self.path.rstrip(os.sep)) and not os.path.isdir(self.path):
                raise IndexFileError(f"{self.path} names a folder, and there is a file: choose another name")
        manifest = indexfile.read_manifest(self.folder)
        if manifest is not None:
            check_descriptor(self.path, manifest.info, info, rebuild=rebuild)
        elif foreign := [name for name in self._names() if not indexfile.is_own(name)]:
            raise IndexFileError(
                f"{self.path} is a folder with other files ({foreign[0]}) and is not an index: choose another name for "
                "the index"
            )
        if self.folder.is_local and not os.path.isdir(self.path):
            os.mkdir(self.path)
            self._is_made = True

    def _names(self) -> list[str]:
        try:
            return self.folder.names()
        except FileNotFoundError:
            return []

    def exists(self) -> bool:
        return self._manifest is not None

    def clear_up(self) -> None:
        left = [name for name in self._names() if indexfile.is_unfinished(name)]
        manifest = indexfile.read_manifest(self.folder)
        # The lock of a URL is one of this machine alone: another one may be about to name what it has written.
        if manifest is not None and self.folder.is_local:
            left += self._unnamed(manifest)
        self.folder.remove(left)

    def open(self, warn: Callable[[str], object]) -> Opened | None:
        self._manifest = indexfile.read_manifest(self.folder)
        cache = indexfile.open_shards(
            self.path, on_broken=lambda shard: warn(f"{shard.what}: its pictures are described again")
        )
        if cache is None or not cache.is_whole(with_features=False):
            return None
        self._told = cache.told_skips
        self._shards = {shard.name: (shard, one) for shard, one in cache.named_shards()}
        return Opened(cache, [(name, one) for name, (_, one) in self._shards.items()], has_text=True)

    def recorder(self, key: str, walk_ns: int) -> Recorder:
        return FolderRecorder(self.folder, key, walk_ns)

    def recorded(self, key: str, dimension: int) -> Iterable[tuple[Place, FileState]]:
        read = partial(indexfile.recorded_in, self.folder, key, dimension)
        return chain.from_iterable(self._each(read, self._described()))

    def share(self, journal: Journal) -> None:
        if self.folder.is_local:
            return
        for data in journal.pieces(SHARED_BYTES):
            self.folder.replace(name_of_records(data), data)
        if journal.recorded.places:
            journal.clear()

    def _described(self) -> list[str]:
        return [name for name in self._names() if indexfile.is_described(name)]

    def is_damaged(self) -> bool:
        return False

    def open_source(self, name: str, stack: ExitStack) -> tuple[Cache, BinaryIO | None]:
        return self._shards[name][1], stack.enter_context(open(self.folder.fetch(name), "rb"))

    def write(self, known: KnownContents, states: Mapping[str, FileState], info: IndexInfo, told: bytes) -> None:
        before = self._manifest
        shard_size = self._shard_size or (before.shard_size if before else SHARD_SIZE)
        numbers = count(before.next_number if before else 0)
        ids = list(states)
        firsts = [] if not known.indexed else [cache.ids[0] for _, cache in self._shards.values()]
        shards: list[Shard | ShardPlan] = []
        for rows in shard_ranges(ids, firsts, shard_size):
            some = {one: states[one] for one in ids[rows.start : rows.stop]}
            pieces = known.pieces(some)
            shard = self._same(pieces, some, info)
            shards.append(shard or self._plan(indexfile.part_name(next(numbers)), info, pieces))
        known.flush()
        plans = [one for one in shards if isinstance(one, ShardPlan)]
        if plans:
            # Another machine, which does not see the lock of a URL, may have taken the same numbers.
            self._check_is_as_opened()
        try:
            # To its end: a cluster lets go of its work then, and not when it is gone.
            written = iter(list(self._each(indexfile.write_shard, plans)))
            whole = tuple(one if isinstance(one, Shard) else next(written) for one in shards)
            self._check_written(plans)
        except BaseException:
            # Some may be written, and a disk that is full would stay full.
            if self.folder.is_local:
                with suppress(OSError):
                    self.folder.remove(plan.name + end for plan in plans for end in ("", ".cache", ".lists"))
            raise
        self._commit(Manifest(info, shard_size, next(numbers), whole))
        # To rebuild is to know nothing of them, which is to be kept, too.
        if told != self._told:
            indexfile.write_told_skips(self.folder, told)
        if self.folder.is_local:
            for shard in whole:
                indexfile.keep_lists(self.folder.fetch(shard.name), info.distance)

    def _check_written(self, plans: Sequence[ShardPlan]) -> None:
        """Raise IndexFileError unless the shards are here that others were to write."""
        there = set(self._names()) if plans else set()
        for plan in plans:
            if plan.name not in there:
                raise IndexFileError(
                    f"{self.path}{plan.name} was written elsewhere: all workers need the folder of the index at the "
                    "same place; the index is as it was"
                )

    def _same(self, pieces: Sequence[Piece], states: Mapping[str, FileState], info: IndexInfo) -> Shard | None:
        """Return the shard that is made of these pieces already; its cache gets to know the states of the files."""
        if len(pieces) != 1 or not isinstance(piece := pieces[0], indexfile.KeptRows):
            return None
        shard, cache = self._shards[piece.source]
        if (piece.start, piece.stop) != (0, shard.images):
            return None
        if piece.states is None:
            return shard
        with self.folder.new_shard(shard.name) as path:
            indexfile.write_states(path, cache, list(states.values()), info)
        return shard

    def _plan(self, name: str, info: IndexInfo, pieces: Sequence[Piece]) -> ShardPlan:
        sources = [self._shards[one][0] for one in sorted(indexfile.sources_of(pieces))]
        return ShardPlan(self.folder, name, info, sources, pieces)

    def _commit(self, manifest: Manifest) -> None:
        if manifest == self._manifest:
            return
        self._check_is_as_opened()
        self.folder.replace(indexfile.MANIFEST, manifest.to_bytes())
        self.folder.remove(self._unnamed(manifest))

    def _check_is_as_opened(self) -> None:
        if indexfile.read_manifest(self.folder) != self._manifest:
            raise IndexFileError(f"{self.path} was written by another run meanwhile: run again")

    def _unnamed(self, manifest: Manifest) -> list[str]:
        """Return the shards, and caches of shards, that are there and not in a manifest."""
        named = {shard.name for shard in manifest.shards}
        return [one for one in self._names() if indexfile.is_part(one) and indexfile.part_of(one) not in named]

    def close(self, *, finished: bool) -> None:
        with suppress(OSError):
            if finished:
                # A worker that was killed has left what it was writing.
                began = filter(indexfile.is_unfinished, self.folder.names(indexfile.DESCRIBED))
                self.folder.remove([*self._described(), *began])
            if self.folder.is_local:
                os.rmdir(os.path.join(self.path, indexfile.DESCRIBED))

    def withdraw(self) -> None:
        if self._is_made:
            with suppress(OSError):
                os.rmdir(self.path)
