import os
from pathlib import Path

import pytest

from src.storing.append import appending, can_append, is_half_appended, undo_half_append
from src.storing.paths import IndexPaths, remove_if_there

OLD, NEW = b"a.jpg,1,0\nb.jpg,0,1\n", b"c.jpg,1,1\nd.jpg,0,0\n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "index.csv").write_bytes(OLD)
    return str(tmp_path / "index.csv")


def half_append(path: str, count: int) -> None:
    """Leave what a run leaves that is killed when it has appended so many bytes."""
    with pytest.raises(ZeroDivisionError), appending(path, len(OLD), NEW):
        raise ZeroDivisionError
    Path(path).write_bytes(OLD + NEW[:count])


def test_rows_are_appended_where_the_file_lies(path: str) -> None:
    before = os.stat(path).st_ino
    with appending(path, len(OLD), NEW):
        assert Path(path).read_bytes() == OLD + NEW
        assert is_half_appended(path, len(OLD))
    assert Path(path).read_bytes() == OLD + NEW
    assert os.stat(path).st_ino == before
    assert os.listdir(os.path.dirname(path)) == ["index.csv"]


def test_a_kill_after_any_byte_is_seen_and_undone(path: str) -> None:
    for count in range(1, len(NEW) + 1):
        half_append(path, count)
        assert is_half_appended(path, len(OLD))
        assert not is_half_appended(path, len(OLD) - 1)
        undo_half_append(path, len(OLD))
        assert Path(path).read_bytes() == OLD
    remove_if_there(IndexPaths(path).adding)
    assert os.listdir(os.path.dirname(path)) == ["index.csv"]


@pytest.mark.parametrize("more", [b"", b"x", NEW + b"x", NEW[:5] + b"x"])
def test_what_somebody_else_appended_is_not_taken_for_it(path: str, more: bytes) -> None:
    half_append(path, 3)
    Path(path).write_bytes(OLD + more)
    assert not is_half_appended(path, len(OLD))


@pytest.mark.parametrize("note", [b"", b"something else\n", b"image similarity rows to append 1\n\0"])
def test_a_note_that_is_none_is_not_believed(path: str, note: bytes) -> None:
    Path(path).write_bytes(OLD + NEW)
    Path(path + ".adding").write_bytes(note)
    assert not is_half_appended(path, len(OLD))


def test_a_file_that_has_another_name_is_not_changed_under_it(path: str) -> None:
    assert can_append(path)
    os.link(path, path + ".snapshot")
    assert not can_append(path)
    assert not can_append(path + " of nobody")
