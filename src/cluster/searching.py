"""Beyond one machine: an index that workers hold open, each some of its shards, and search."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from ..errors import ExpectedError, IndexFileError
from ..indexfile import Manifest, Shard, csv_path, folder_of, is_folder, read_manifest, why_no_index
from ..searcher import Parts, joined_parts
from .failures import ClusterFailed, failures_told
from .openedgroup import Group, Said
from .remotegroup import RemoteGroup, WorkerLost
from .workers import Workers

Made = TypeVar("Made")

# So often is a group asked the same, as long as the workers die that hold it.
ATTEMPTS = 4
# So often is an index opened that is being written again and again.
TRIES = 3


def open_parts(workers: Workers, path: str) -> Parts:
    """Have an index opened by workers: an index file by one of them, the shards of another by all.

    Raises
    ------
    ExpectedError
        If there is no index at `path`, a worker cannot open what it should, or the cluster fails.
    """
    path = csv_path(path)
    with failures_told(workers.address):
        count = max(1, len(workers.there()))
    for left in reversed(range(TRIES)):
        manifest = _manifest_of(path) if is_folder(path) else None
        groups = [None] if manifest is None else list(grouped(manifest, count))
        opened = OpenedGroups(workers, path, groups)
        try:
            about = opened.about()
        except IndexFileError:
            # A run may have removed what the manifest named.
            if not left or manifest is None or read_manifest(folder_of(path)) == manifest:
                raise
        else:
            info = about[0][0] if manifest is None else manifest.info
            return joined_parts(path, info, [rows for _, rows in about], opened, opened.could_spread)
    raise AssertionError


def _manifest_of(path: str) -> Manifest:
    try:
        manifest = read_manifest(folder_of(path))
    except OSError as error:
        raise IndexFileError(f"{path} cannot be read: {error.strerror}") from None
    if manifest is None:
        raise IndexFileError(why_no_index(path))
    return manifest


def grouped(manifest: Manifest, count: int) -> Iterator[Manifest]:
    """Yield the shards in groups of neighbours, `count` if there are so many shards, of about as many images each."""
    count = min(count, len(manifest.shards))
    own: list[Shard] = []
    done = ended = 0
    for number, shard in enumerate(manifest.shards, 1):
        own.append(shard)
        done += shard.images
        left = len(manifest.shards) - number
        if left == 0 or left < count - ended or (done * count >= manifest.images * (ended + 1) and ended < count - 1):
            yield manifest._replace(shards=tuple(own))
            own, ended = [], ended + 1


class OpenedGroups:
    """Groups of shards that workers hold open; several threads may ask them at once.

    Parameters
    ----------
    workers : Workers
    path : str
        Of the index.
    groups : sequence of Manifest or None
        Of the shards of each group; None stands for an index file.
    """

    def __init__(self, workers: Workers, path: str, groups: list[Manifest] | list[None]) -> None:
        self._workers = workers
        self._groups = [RemoteGroup(workers, Group(path, one)) for one in groups]

    def __del__(self) -> None:
        """Have the workers close them at once: their files may be large, and removed already."""
        for group in self._groups:
            group.close()

    def about(self) -> list[Any]:
        """Return of each group what `OpenedGroup.about` does, once all are open."""
        numbers = range(len(self._groups))
        said = self._said(dict.fromkeys(numbers, ("about",)))
        return [said[number] for number in numbers]

    def could_spread(self) -> bool:
        """Tell whether there are workers that hold none of the shards, and others that could give them some."""
        with failures_told(self._workers.address):
            self._workers.check_connection()
            there = self._workers.there()
        shards = sum(one.group.shards for one in self._groups)
        return len({group.place for group in self._groups} & there) < min(shards, len(there))

    def __call__(self, work: Callable[..., Made], arguments: Mapping[int, tuple[Any, ...]], /) -> dict[int, Made]:
        """Do work with the parts of some groups; see `searching.joinedparts.Elsewhere`.

        Raises
        ------
        ExpectedError
            If any of it cannot be done.
        """
        said: dict[int, Said] = self._said({number: ("ask", work, *some) for number, some in arguments.items()})
        for one in said.values():
            if one.failed:
                raise IndexFileError(one.failed)
        return {number: one.made for number, one in said.items()}

    def _said(self, asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Call a method of each of some groups; return what they return, all of it, whoever dies meanwhile."""
        said: dict[int, Any] = {}
        asked_for: Counter[int] = Counter()
        with failures_told(self._workers.address):
            while left := asked.keys() - said.keys():
                asked_for.update(left)
                if max(asked_for.values()) > ATTEMPTS:
                    raise ClusterFailed(
                        f"workers of {self._workers.address} have died one after the other over the same search: see "
                        "what they have printed, then run again"
                    )
                try:
                    self._workers.check_connection()
                    self._open_closed()
                    said |= self._answers({number: asked[number] for number in left})
                except ExpectedError:
                    raise
                except Exception:
                    # Of what Dask raises while somebody closes the connection, some is of no kind that it tells of.
                    self._workers.check_connection()
                    raise
        return said

    def _answers(self, asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """Do as `_said` does, without those who die meanwhile."""
        said: dict[int, Any] = {}
        answers: dict[int, Callable[[], Any]] = {}
        for number, one in asked.items():
            with suppress(WorkerLost):
                answers[number] = self._groups[number].begin(*one)
        for number, answer in answers.items():
            with suppress(WorkerLost):
                said[number] = answer()
        return said

    def _open_closed(self) -> None:
        """Have groups opened that are not, each by the worker that had it before, or the one that has the fewest."""
        closed = [one for one in self._groups if one.place is None]
        if not closed:
            return
        self._workers.look()
        taken = Counter(dict.fromkeys(self._workers.there(), 0))
        for one in self._groups:
            if one.place is not None and one.place in taken:
                taken[one.place] += 1
        fair = -(-len(self._groups) // max(1, len(taken)))
        for one in closed:
            first = one.group.first
            place = self._workers.held.get(first)
            if place is None or not taken.get(place, fair) < fair:
                place = min(taken, key=lambda worker: taken[worker], default=None)
            one.open(place)
            if place is not None:
                self._workers.held[first] = place
                taken[place] += 1
