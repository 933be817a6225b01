"""Step 2, index: how a run of the indexer shall work, and what it did."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..imagefiles import Skip
from ..imagereader import Reading
from ..indexfile import FileState
from ..threads import usable_cores
from .skips import count_others, is_picture


@dataclass
class Options:
    """How to index."""

    jobs: int = field(default_factory=usable_cores)
    reading: Reading = field(default_factory=Reading)
    """The largest pictures, and whether large ones are decoded in full."""
    hidden: bool = False
    exclude: Sequence[str] = ()
    """Patterns of what is left out, as gitignore has them."""
    recursive: bool = True
    """Whether subfolders belong to a dataset folder."""
    shard_size: int | None = None
    """Images in a new shard of an index of shards; None for as many as before."""
    rebuild: bool = False
    prune: bool = False
    """Whether images that are gone leave the index even if they are many."""
    on_skip: Callable[[Skip], object] = lambda skip: None
    """Called once for every file that is left out, as soon as that is known."""
    on_left_out: Callable[[str], object] = lambda id_: None
    """Called with the id of every file and folder that is left out by choice, as hidden ones are."""
    tells_skips: bool = True
    """Whether somebody is told of them; what was told once is marked as `told_before` in the next run."""
    progress: Callable[[int, int], object] = lambda done, total: None
    """Called after every file that was looked at with how many are done and how many there are."""


@dataclass
class Report:
    """What a run did."""

    indexed: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0
    kept: int = 0
    """Images that stay in the index though they were not found: not looked at, or gone with too many others."""
    hidden: int = 0
    excluded: int = 0
    idle: list[str] = field(default_factory=list)
    """Patterns in `Options.exclude` that have left out nothing."""
    blank: list[str] = field(default_factory=list)
    """Ids of images of which, newly described, too little is known: they are in the index, and are never found."""
    skips: list[Skip] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """Lines about the whole index that people should read."""
    seconds: float = 0.0

    @property
    def skipped(self) -> int:
        """How many pictures, or what may be some, are left out; other files in `skips` are not counted."""
        return sum(map(is_picture, self.skips))

    def count(self, before: Mapping[str, FileState], now: Mapping[str, FileState], kept: Collection[str]) -> None:
        """Count what became of the images of an index, of which some were `kept` though they were not found."""
        gone = Counter(state.digest for image_id, state in before.items() if image_id not in now)
        new = Counter(state.digest for one, state in now.items() if one not in before and one not in kept)
        self.indexed, self.kept = len(now), len(kept)
        self.moved = (gone & new).total()
        self.new = new.total() - self.moved
        self.removed = gone.total() - self.moved
        self.changed = sum(before[one].digest != state.digest for one, state in now.items() if one in before)

    def as_values(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return asdict(self) | {
            "skips": [{"id": skip.id, "kind": skip.kind, "reason": skip.reason} for skip in self.skips],
            "not_pictures": count_others(self.skips),
            "as_before": sum(skip.told_before for skip in self.skips),
        }
