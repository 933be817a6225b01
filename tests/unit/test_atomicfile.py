import os
import stat
from pathlib import Path

import pytest

from src.atomicfile import replacing, unfinished_name

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
        assert path.read_bytes() == b"old"
        assert names(path) == sorted(["a.csv", os.path.basename(unfinished_name(str(path)))])
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
    Path(unfinished_name(str(link))).symlink_to(path)
    with replacing(str(link)) as file:
        file.write(b"new")
    assert path.read_bytes() == b"old" and link.read_bytes() == b"new" and not link.is_symlink()


@needs_posix
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_permissions_are_those_of_the_old_file_or_of_another_one_whatever_the_umask(path: Path, umask: int) -> None:
    path.chmod(0o664)
    before = os.umask(umask)
    try:
        for name in ("a.csv", "a.csv.cache"):
            with replacing(str(path.with_name(name)), like=str(path)) as file:
                file.write(b"new")
            assert stat.S_IMODE(path.with_name(name).stat().st_mode) == 0o664
        with replacing(str(path.with_name("first"))) as file:
            file.write(b"new")
        assert stat.S_IMODE(path.with_name("first").stat().st_mode) == 0o666 & ~umask
    finally:
        os.umask(before)


@needs_posix
def test_at_no_moment_may_others_open_what_takes_the_place_of_a_private_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0o600)
    modes = []
    real = os.fchown

    def look(descriptor: int, owner: int, group: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor, owner, group)

    monkeypatch.setattr(os, "fchown", look)
    with replacing(str(path)) as file:
        file.write(b"new")
    assert modes == [0o600] and stat.S_IMODE(path.stat().st_mode) == 0o600


@needs_posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_owner_and_group_are_kept_where_that_is_allowed(path: Path) -> None:
    os.chown(path, 12345, 23456)
    with replacing(str(path)) as file:
        file.write(b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@needs_posix
@pytest.mark.parametrize(("mode", "wanted"), [(0o664, 0o644), (0o640, 0o600), (0o604, 0o600), (0o646, 0o644)])
def test_what_was_for_one_group_is_not_opened_to_another(
    path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, wanted: int
) -> None:
    """A user who is not in the group of an index may write it anew, but not give it to that group."""

    def refuse(*_: object) -> None:
        raise PermissionError

    path.chmod(mode)
    monkeypatch.setattr(os, "fchown", refuse)
    real = os.fstat

    def of_another_group(descriptor: int) -> os.stat_result:
        values = list(real(descriptor))
        values[stat.ST_GID] += 1
        return os.stat_result(values)

    monkeypatch.setattr(os, "fstat", of_another_group)
    with replacing(str(path)) as file:
        file.write(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == wanted


def test_the_name_of_an_unfinished_file_fits_where_the_file_itself_does_and_is_its_own(tmp_path: Path) -> None:
    long = [tmp_path / (letter * 84 + "x" * count) for letter in "\N{GREEK SMALL LETTER BETA}b" for count in (0, 87)]
    found = {unfinished_name(str(path)) for path in [*long, tmp_path / "a.csv", tmp_path / "b.csv"]}
    assert len(found) == 6
    assert all(len(os.fsencode(os.path.basename(name))) <= 120 for name in found)
    for path in long:
        with replacing(str(path)) as file:
            file.write(b"new")
        assert path.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["a.csv.new", "a.csv.partial", "a.csv.cache.new", ".a.csv.new"])
def test_a_neighbour_of_any_likely_name_stays(path: Path, name: str) -> None:
    path.with_name(name).write_bytes(b"a picture, say")
    with replacing(str(path)) as file:
        file.write(b"new")
    assert path.with_name(name).read_bytes() == b"a picture, say"


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
