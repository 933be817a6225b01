import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from src.storing.info import FileState
from src.storing.journal import Journal
from src.storing.lock import IndexBusy
from tests.programs import ROOT

STATES = [FileState(10 + number, 10**18 + number, 5 * number, bytes([number]) * 16) for number in range(5)]
FEATURES = np.arange(30, dtype=np.float32).reshape(5, 6)


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "index.csv.partial")
    journal = Journal(path, "key", 6)
    for number, state in enumerate(STATES):
        journal.append(f"{number}\udcff.jpg", state, FEATURES[number], b"text %d" % number)
    journal.close(finished=False)
    return path


def held(path: str, key: str = "key") -> int:
    """Count the records of a journal, after checking each."""
    journal = Journal(path, key, 6)
    for number, image_id in enumerate(journal.recorded.states):
        assert image_id == f"{number}\udcff.jpg"
        state = journal.recorded.states[image_id]
        assert state == STATES[number]
        record = journal.load(journal.recorded.places[state.digest])
        np.testing.assert_array_equal(record.features, FEATURES[number])
        assert record.text == b"text %d" % number
    journal.close(finished=False)
    return len(journal.recorded.states)


def test_records_come_back(path: str) -> None:
    assert held(path) == 5


def test_a_journal_cut_anywhere_keeps_its_whole_records_and_takes_more(path: str) -> None:
    data = Path(path).read_bytes()
    counts = []
    for length in range(len(data), -1, -7):
        Path(path).write_bytes(data[:length])
        if (count := held(path)) == 0:
            break
        counts.append(count)
        journal = Journal(path, "key", 6)
        journal.append(f"{count}\udcff.jpg", STATES[count % 5], FEATURES[count % 5], b"text %d" % (count % 5))
        journal.close(finished=False)
        if count < 5:
            assert held(path) == count + 1
    assert counts == sorted(counts, reverse=True)
    assert set(counts) == {1, 2, 3, 4, 5}


def test_a_changed_byte_ends_the_journal_before_it(path: str) -> None:
    data = bytearray(Path(path).read_bytes())
    data[len(data) * 3 // 5] ^= 1
    Path(path).write_bytes(data)
    assert held(path) in (2, 3)


def test_records_of_another_descriptor_are_dropped(path: str) -> None:
    assert held(path, "another key") == 0


def test_records_of_another_length_are_dropped(path: str) -> None:
    journal = Journal(path, "key", 7)
    assert not journal.recorded.places and not journal.recorded.states
    journal.close(finished=False)


def test_a_file_of_another_program_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.csv.partial").write_text("my notes\n")
    with pytest.raises(FileExistsError):
        Journal(str(tmp_path / "index.csv.partial"), "key", 6)
    assert (tmp_path / "index.csv.partial").read_text() == "my notes\n"


def test_zeros_that_a_power_cut_left_are_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "some.partial"
    for zeros in (1, 50, 100_000):
        path.write_bytes(bytes(zeros))
        Journal(str(path), "key", 6).close(finished=True)
        assert not path.exists()
        path.write_bytes(bytes(zeros) + b"a diary")
        with pytest.raises(OSError, match="another program"):
            Journal(str(path), "key", 6)
        assert path.read_bytes() == bytes(zeros) + b"a diary"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("")
    (tmp_path / "index.csv.partial").symlink_to("precious")
    with pytest.raises(OSError, match="symbolic links"):
        Journal(str(tmp_path / "index.csv.partial"), "key", 6)


def test_only_one_can_hold_it(path: str) -> None:
    journal = Journal(path, "key", 6)
    with pytest.raises(IndexBusy):
        Journal(path, "key", 6)
    journal.close(finished=False)
    Journal(path, "key", 6).close(finished=True)
    assert not os.path.exists(path)


def test_the_lock_ends_with_its_process(path: str) -> None:
    hold = (
        f"from src.storing.journal import Journal; j = Journal({path!r}, 'key', 6); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy):
            Journal(path, "key", 6)
        holder.kill()
    assert held(path) == 5


def test_a_journal_without_records_leaves_no_file(tmp_path: Path) -> None:
    Journal(str(tmp_path / "index.csv.partial"), "key", 6).close(finished=False)
    assert list(tmp_path.iterdir()) == []
