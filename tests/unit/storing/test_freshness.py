import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from src.storing.append import appending
from src.storing.freshness import matching_cache, settle_append
from src.storing.writer import write_index
from tests.smallindex import INFO, append, assert_holds, features, opened, rows


def test_an_edited_csv_counts_and_not_its_old_cache(path: str) -> None:
    before = os.stat(path)
    text = Path(path).read_bytes()
    changed = text.replace(b"a.jpg,0.", b"a.jpg,1.", 1)
    assert len(changed) == len(text)
    Path(path).write_bytes(changed)
    # Even with size and time as they were.
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert matching_cache(path) is None
    assert opened(path).rows(0, 1)[0][0] == features()[0, 0] + np.float32(1)


def test_edits_right_after_each_other_are_seen(path: str) -> None:
    text = Path(path).read_bytes()
    for digit in b"23456789":
        edited = text.replace(b"a.jpg,0.", b"a.jpg,%c." % digit, 1)
        with open(path, "r+b") as file:
            file.write(edited)
        assert int(opened(path).rows(0, 1)[0][0]) == int(chr(digit))


def test_a_csv_moved_with_its_cache_is_not_parsed_again(path: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("index.csv", "index.csv.cache"):
        shutil.copy(tmp_path / name, tmp_path / "new" / name)
    assert matching_cache(str(tmp_path / "new" / "index.csv")) is not None


def test_while_rows_are_appended_an_index_is_what_it_was(path: str) -> None:
    before = Path(path).read_bytes()
    append(path, 7, "new, 1.jpg")
    added = Path(path).read_bytes()[len(before) :]
    write_index(path, [rows()], INFO)
    for count in range(1, len(added)):
        with pytest.raises(ZeroDivisionError), appending(path, len(before), added):
            raise ZeroDivisionError
        Path(path).write_bytes(before + added[:count])
        assert_holds(opened(path))
        Path(path).write_bytes(before)


def test_what_an_interrupt_leaves_half_undone_the_next_run_undoes(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("src.storing.info.Stamp.settled", interrupt)
    monkeypatch.setattr("src.storing.writer.settle_append", interrupt)
    with pytest.raises(KeyboardInterrupt):
        append(path, 7, "new, 1.jpg")
    monkeypatch.undo()
    assert matching_cache(path) is None
    assert_holds(opened(path))
    settle_append(path)
    assert matching_cache(path) is not None
    assert_holds(opened(path))
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]
