import os
from pathlib import Path

import pytest

from src.atomicfile import permissions, replacing

needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_bytes(b"old")
    return tmp_path / "a.csv"


def names(path: Path) -> list[str]:
    return sorted(os.listdir(path.parent))


def test_the_old_file_is_there_until_the_new_one_is_whole(path: Path) -> None:
    with replacing(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old" and names(path) == ["a.csv", "a.csv.new"]
    assert path.read_bytes() == b"new" and names(path) == ["a.csv"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_after_a_failure_the_old_file_is_as_it_was_and_no_litter(path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), replacing(str(path)) as file:
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old" and names(path) == ["a.csv"]


def test_what_a_dead_writer_left_is_removed(path: Path) -> None:
    Path(f"{path}.mine").write_bytes(b"left by a dead writer, and longer")
    with replacing(str(path), ".mine") as file:
        file.write(b"new")
    assert path.read_bytes() == b"new" and names(path) == ["a.csv"]


def test_a_file_that_was_not_there_is_created_in_the_current_folder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with replacing("b.csv") as file:
        file.write(b"new")
    assert (tmp_path / "b.csv").read_bytes() == b"new"


@needs_posix
def test_a_link_is_replaced_and_not_what_it_leads_to(path: Path) -> None:
    link = path.with_name("link.csv")
    link.symlink_to(path)
    Path(f"{link}.new").symlink_to(path)
    with replacing(str(link)) as file:
        file.write(b"new")
    assert path.read_bytes() == b"old" and link.read_bytes() == b"new" and not link.is_symlink()


@needs_posix
def test_permissions_are_those_of_the_old_file_or_of_another_one(path: Path) -> None:
    path.chmod(0o640)
    for name in ("a.csv", "a.csv.cache"):
        with replacing(str(path.with_name(name)), like=str(path)) as file:
            file.write(b"new")
        assert permissions(str(path.with_name(name))) == 0o640
    assert permissions(str(path.with_name("missing"))) == 0o666


def test_where_only_a_new_file_may_come_what_has_the_name_by_then_stays(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with replacing(str(path), only_new=True) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
    (tmp_path / "nowhere").symlink_to("none")
    for taken in (path, tmp_path / "nowhere"):
        with pytest.raises(FileExistsError), replacing(str(taken), only_new=True) as file:
            file.write(b"newer")
    assert path.read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["a", "nowhere"]
