"""Step 2, index: what other machines have described is kept in the folder of an index of shards until that is written.

Each batch of files becomes a small journal. A run that was killed is taken up from these, whoever has written them.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from .. import indexfile
from ..description import Outcome
from ..imagefiles import FoundFile
from ..indexfile import FileState, Place, ShardFolder

# A file changed this shortly before it is read may be changed again without its time showing it: FAT counts time in
# steps of two seconds. Its time is then not recorded, and the next run looks at its content.
FILE_TIME_STEP_NS = 2_000_000_000


def state_of(file: FoundFile, digest: bytes, walk_ns: int) -> FileState:
    """Return by what a file is known again, whose content has that digest, and which a walk found at that time."""
    times = file.mtime_ns, file.ctime_ns
    if walk_ns - max(times) <= FILE_TIME_STEP_NS or min(times) <= indexfile.UNKNOWN_TIME:
        times = indexfile.UNKNOWN_TIME, indexfile.UNKNOWN_TIME
    return FileState(file.size, *times, digest)


def name_of_records(data: bytes) -> str:
    """Return the name of a journal in the folder: by what is in it, so no other one is ever written over."""
    return f"{indexfile.DESCRIBED}/{hashlib.blake2b(data, digest_size=16).hexdigest()}"


class FolderRecorder(NamedTuple):
    """Keeps vectors in the folder of an index of shards."""

    folder: ShardFolder
    key: str
    """Names what makes the vectors."""
    walk_ns: int
    """When the files were found."""

    def record(self, files: Sequence[FoundFile], outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Write a journal of some files; see `description.Recorder`."""
        data = indexfile.title_of(self.key)
        records = [self._record(*both) for both in zip(files, outcomes, strict=True)]
        data += b"".join(records)
        name = name_of_records(data)
        if any(records):
            self.folder.replace(name, data)
        recorded, start = [], len(data) - sum(map(len, records))
        for file, outcome, record in zip(files, outcomes, records, strict=True):
            if record:
                place = Place(name, file.path, start, start + len(record))
                outcome = outcome._replace(features=None, recorded=place)
                start = place.end
            recorded.append(outcome)
        return recorded

    def check(self, outcomes: Sequence[Outcome]) -> None:
        """Raise FileNotFoundError unless the first journal of these is here; see `description.Recorder`."""
        for outcome in outcomes:
            if outcome.recorded is not None:
                self.folder.read(Place(*outcome.recorded).journal)
                return

    def _record(self, file: FoundFile, outcome: Outcome) -> bytes:
        if outcome.features is None:
            return b""
        state = state_of(file, outcome.digest, self.walk_ns)
        return indexfile.record_bytes(file.path, state, outcome.features, indexfile.numbers_text(outcome.features))
