import os
import stat
from pathlib import Path

import pytest

from src.storing.lock import IndexBusy, open_locked, remove_locked

NOTHING = "no such file"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "lock")


def test_one_at_a_time_may_have_it_open(path: str) -> None:
    with open_locked(path, NOTHING), pytest.raises(IndexBusy):
        open_locked(path, NOTHING)
    open_locked(path, NOTHING).close()


def test_it_is_created_as_private_as_its_index_and_what_is_there_stays(path: str, tmp_path: Path) -> None:
    (tmp_path / "index.csv").touch()
    (tmp_path / "index.csv").chmod(0o600)
    with open_locked(path, str(tmp_path / "index.csv")) as file:
        file.write(b"what was done")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with open_locked(path, NOTHING) as file:
        assert file.read() == b"what was done"


def test_a_file_that_lost_its_name_is_no_lock(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our opening and our locking it, the run before us removes it."""
    lock = open_locked.__globals__["_lock"]

    def lock_what_was_removed(file: object) -> None:
        monkeypatch.undo()
        os.remove(path)
        lock(file)

    monkeypatch.setattr("src.storing.lock._lock", lock_what_was_removed)
    with open_locked(path, NOTHING) as file:
        assert os.path.samestat(os.stat(path), os.fstat(file.fileno()))


def test_what_is_no_file_is_refused(path: str, tmp_path: Path) -> None:
    os.mkfifo(path)
    (tmp_path / "link").symlink_to("none")
    for name in (path, str(tmp_path / "link"), str(tmp_path)):
        with pytest.raises(OSError):
            open_locked(name, NOTHING)
    assert not os.path.exists(tmp_path / "none")


def test_it_is_removed_while_it_is_locked(path: str) -> None:
    with open_locked(path, NOTHING) as file:
        remove_locked(path, file)
        assert not os.path.exists(path)
