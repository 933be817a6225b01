"""Run as a program, it gets rid of the spares of groups, in a process with rights and a home of its own."""

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence

from src.duplicategroup import Group
from src.spares import Removed, Way, remove
from tests.programs import PYTHON, ROOT
from tests.sparegroups import Lines


def remove_elsewhere(
    groups: Sequence[Group],
    way: Way,
    log: str,
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[Removed, list[str]]:
    """Get rid of spares in another process; return what it did and what it told."""
    ended = subprocess.run(
        [*prefix, *PYTHON, "-m", "tests.spareruns"],
        input=pickle.dumps((groups, way, log)),
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    removed, told = pickle.loads(ended.stdout)
    return removed, told


if __name__ == "__main__":
    lines = Lines()
    given = pickle.load(sys.stdin.buffer)
    what = remove(given[0], given[1], given[2], lines)
    sys.stdout.buffer.write(pickle.dumps((what, [*lines])))
