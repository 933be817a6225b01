"""index.py over a folder of 1,286 files that break image programs, where that folder lies beside the project."""

import csv
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.indexes import read_table
from tests.programs import PYTHON, ROOT

NASTY = ROOT.parent / "shared" / "nasty"
PEAK_BYTES = 1_000_000_000
# What the processes may map; numpy and OpenCV reserve much more than they use.
ADDRESS_SPACE = 4_000_000_000
LONGEST_RUN = 120
# A process of its own counts the memory of index.py and of nothing else: to pytest, it would be the largest of all
# programs that any test has run so far, and of pytest itself, whose copy every child is at first.
MEASURED = f"""
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESS_SPACE}, {ADDRESS_SPACE}))
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(code)
"""


@pytest.mark.skipif(not NASTY.is_dir(), reason="the folder of nasty files is not here")
def test_every_nasty_file_is_indexed_or_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = tmp_path / "index.csv"
    begin = time.monotonic()
    ended = subprocess.run(
        [*PYTHON, "-c", MEASURED, *PYTHON, "index.py", "-d", NASTY, "-i", index, "-v"],
        cwd=ROOT,
        capture_output=True,
        timeout=LONGEST_RUN,
        check=False,
    )
    seconds = time.monotonic() - begin
    assert ended.returncode == 0, ended.stderr
    peak = int(ended.stdout)
    said = ended.stderr.decode()
    skipped = Counter(line.split(": ")[0].removeprefix("skipping ") for line in said.splitlines() if "skipping" in line)
    indexed = set(read_table(str(index), 1440).ids)
    files = {path.relative_to(NASTY).as_posix() for path in NASTY.rglob("*") if path.is_file()}
    assert indexed | skipped.keys() == files
    assert not indexed & skipped.keys()
    assert set(skipped.values()) == {1}
    assert peak < PEAK_BYTES
    with capsys.disabled():
        print(f"\nnasty: {len(indexed)} indexed, {len(skipped)} skipped, {seconds:.1f} s, peak {peak / 1e6:.0f} MB")
        print(by_class(indexed))


def by_class(indexed: set[str]) -> str:
    """Count, for each class of the manifest, what was expected and what was indexed."""
    with open(NASTY / "MANIFEST.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    counts = Counter((row["class"], row["expected"], row["path"] in indexed) for row in rows)
    lines = ["class            expected  indexed  skipped"]
    for kind, expected in sorted({key[:2] for key in counts}):
        lines.append(f"{kind:16} {expected:8} {counts[kind, expected, True]:8} {counts[kind, expected, False]:8}")
    return "\n".join(lines)
