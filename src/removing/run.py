"""Removing: a run over the spares of groups, which looks at each and at the one to keep before it is touched."""

import os
import secrets
import stat
import time
from collections.abc import Callable, Sequence
from typing import Any

from ..duplicategroup import Copy, Group, Picture
from .actionlog import ActionLog
from .heldfile import HeldFile, locked
from .outcome import Count, Removed
from .placeoffile import check_apart
from .reasons import Stays, Stops, left_line, reason_of
from .targetfolder import dataset_folder
from .untouchable import Untouchable
from .ways import Link, MoveTo, Way, is_for, name_of
from .workers import worker_of


class Run:
    """One run: the parameters are those of `spares.remove`."""

    def __init__(
        self,
        groups: Sequence[Group],
        way: Way,
        log_path: str,
        told: Callable[[str], object],
        progress: Callable[[int, int], object],
        protect: Sequence[str],
        datasets: Sequence[str],
    ) -> None:
        self._way, self._log_path, self._told, self._progress = way, log_path, told, progress
        self._plan = [(group, [copy for copy in group.spares if is_for(way, copy)]) for group in groups]
        self._total = sum(len(spares) for _, spares in self._plan)
        self._count = Count(sum(len(group.spares) for group in groups) - self._total)
        self._passed_before = self._count.passed
        self._untouchable = Untouchable(groups, protect)
        self._groups, self._datasets = groups, datasets

    def go(self) -> Removed:
        """Let the spares go, one after the other."""
        if not self._total:
            return self._count.removed(None)
        run = secrets.token_hex(4)
        self._worker = worker_of(self._way, self._groups, run, self._datasets)
        head = {"way": name_of(self._way), "run": run, "begun": _now()}
        if isinstance(self._way, MoveTo):
            head["folder"] = os.path.abspath(self._way.folder)
        with ActionLog(self._log_path, head) as self._log:
            try:
                for group, spares in self._plan:
                    self._go_through(group, spares)
                self._log.tell_end(at=_now(), done=self._count.done, left=self._count.left)
            except Stops as reason:
                rest = self._total - self._seen
                self._count.left += rest
                self._told(f"{reason}; {rest:,} spares are left as they are")
            except KeyboardInterrupt:
                far = f"{self._count.done:,} of {self._total:,} spares are done"
                raise KeyboardInterrupt(f"interrupted; {far}, and {self._log_path} tells which") from None
        return self._count.removed(self._log_path if self._log.tells_any else None)

    @property
    def _seen(self) -> int:
        return self._count.all - self._passed_before

    def _go_through(self, group: Group, spares: Sequence[Copy]) -> None:
        try:
            keep = _held(group.keep)
        except (Stays, OSError) as error:
            reason = f"the one to keep, {group.keep.path}: {_words(error)}"
            for copy in spares:
                self._leave(copy.picture, reason)
            return
        with keep:
            for copy in spares:
                try:
                    self._let_go(keep, copy.picture)
                except (Stays, OSError) as error:
                    self._leave(copy.picture, _words(error))
                self._progress(self._seen, self._total)

    def _leave(self, picture: Picture, reason: str) -> None:
        self._count.left += 1
        self._told(left_line(picture.path, reason))
        self._progress(self._seen, self._total)

    def _let_go(self, keep: HeldFile, picture: Picture) -> None:
        self._untouchable.check(picture.path)
        with _held(picture) as spare, locked(keep, spare):
            if isinstance(self._way, Link) and os.path.samestat(keep.status, spare.status):
                self._count.passed += 1
                return
            spare.look()
            try:
                keep.look()
            except Stays as reason:
                raise Stays(f"the one to keep, {keep.path}: {reason}") from None
            check_apart(keep, spare)
            if not os.access(os.path.dirname(picture.path) or os.curdir, os.W_OK | os.X_OK):
                raise Stays("no permission to take it out of its folder")
            self._act(keep, spare, picture)

    def _act(self, keep: HeldFile, spare: HeldFile, picture: Picture) -> None:
        values: dict[str, Any] = {
            "way": name_of(self._way),
            "file": os.path.abspath(spare.path),
            "keep": os.path.abspath(keep.path),
            "bytes": spare.size,
            "digest": spare.digest.hex(),
            "mtime_ns": spare.status.st_mtime_ns,
            "mode": stat.S_IMODE(spare.status.st_mode),
        }
        if (dataset := dataset_folder(picture)) is not None:
            # By which an undoing sees that a disk is away.
            values |= {"dataset": os.path.abspath(dataset), "dataset_inode": os.stat(dataset).st_ino}
        freed = picture.size if spare.status.st_nlink == 1 else 0
        for target in self._worker.targets(picture):
            number = self._log.intend(**values, **({} if target is None else {"to": target}))
            try:
                self._worker.act(keep, spare, target)
            except FileExistsError:
                self._log.tell_left(number, "the name was taken meanwhile")
            except (Stays, Stops, OSError) as error:
                self._log.tell_left(number, _words(error))
                raise
            else:
                self._count.done += 1
                self._count.bytes += freed
                self._log.tell_done(number)
                return


def _held(picture: Picture) -> HeldFile:
    return HeldFile(picture.path, picture.size, picture.digest)


def _words(error: Exception) -> str:
    return reason_of(error) if isinstance(error, OSError) else str(error)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
