"""Folders that a URL leads to: copies on this machine, and what is told when something goes wrong."""

import errno
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from src.errors import IndexFileError
from src.storing import copies, urlfolder
from src.storing.addresses import folder_of
from src.storing.shardfolder import LocalFolder
from src.storing.shards import BrokenShard
from src.storing.urlfolder import UrlFolder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "image-similarity" / "folders"


@pytest.fixture
def folder(cache: Path, tmp_path: Path) -> UrlFolder:
    return UrlFolder(f"memory://{tmp_path.name}/shards")


@pytest.fixture
def calls(folder: UrlFolder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is copied from the storage."""
    made: list[str] = []
    files = folder._storage.files
    get = files.get_file

    def get_file(path: str, *others: Any, **options: Any) -> None:
        made.append(path)
        get(path, *others, **options)

    monkeypatch.setattr(files, "get_file", get_file)
    return made


def copied(cache: Path) -> list[str]:
    return sorted(path.name.partition("-")[2] for path in cache.glob("*/*"))


def test_a_file_is_copied_once_for_each_version(folder: UrlFolder, calls: list[str], cache: Path) -> None:
    for count, content in enumerate((b"one", b"two", b"three")):
        folder.replace("part-00000.csv", content)
        for one in (folder, pickle.loads(pickle.dumps(folder))):
            assert Path(one.fetch("part-00000.csv")).read_bytes() == content
            assert len(calls) == count + 1
    assert set(copied(cache)) == {"part-00000.csv"}


def test_threads_share_one_copy(folder: UrlFolder, calls: list[str]) -> None:
    folder.replace("part-00000.csv", b"x" * 100_000)
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: folder.fetch("part-00000.csv"), range(16)))
    assert len(paths) == len(calls) == 1


def test_processes_share_one_copy(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "part-00000.csv").write_bytes(b"x" * 100_000)
    program = (
        "import sys; from src.storing.urlfolder import UrlFolder; print(UrlFolder(sys.argv[1]).fetch('part-00000.csv'))"
    )
    command = [sys.executable, "-c", program, f"local://{tmp_path}/shards"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    paths = {process.communicate()[0].strip() for process in running}
    assert len(paths) == 1
    assert Path(paths.pop()).read_bytes() == b"x" * 100_000
    assert copied(cache) == ["part-00000.csv"]


def test_copies_of_what_is_no_longer_in_the_folder_are_removed(
    folder: UrlFolder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(folder.working_file("run.partial")).write_text("a journal")
    folder.replace("part-00000.csv", b"one")
    with open(folder.fetch("part-00000.csv"), "rb") as file:
        folder.replace("part-00001.csv", b"two")
        folder.remove(["part-00000.csv"])
        monkeypatch.setattr(urlfolder, "LOOK_SECONDS", 0)
        folder.fetch("part-00001.csv")
        # Who has it open goes on.
        assert file.read() == b"one"
    assert copied(cache) == ["", "part-00001.csv"]
    assert Path(folder.working_file("run.partial")).read_text() == "a journal"


def test_copies_that_nobody_has_asked_for_are_removed_after_a_month(
    folder: UrlFolder, cache: Path, tmp_path: Path
) -> None:
    other = UrlFolder(f"memory://{tmp_path.name}/others")
    other.replace("part-00000.csv", b"one")
    other.replace("part-00001.csv", b"two")
    ago = time.time() - copies.UNUSED_SECONDS - 60
    for name in ("part-00000.csv", "part-00001.csv"):
        os.utime(other.fetch(name), (ago, ago))
    other.fetch("part-00001.csv")
    folder.replace("part-00002.csv", b"three")
    folder.fetch("part-00002.csv")
    assert copied(cache) == ["part-00001.csv", "part-00002.csv"]


def test_what_a_killed_process_has_left_is_removed_after_a_day(folder: UrlFolder, cache: Path) -> None:
    with copies.Copies(folder.address).scratch_file() as path:
        Path(path).write_text("unfinished")
        left = Path(path).parent
        folder.replace("a", b"1")
        folder.fetch("a")
        assert left.exists()
        ago = time.time() - copies.UNFINISHED_SECONDS - 60
        os.utime(left, (ago, ago))
        folder.replace("a", b"2")
        pickle.loads(pickle.dumps(folder)).fetch("a")
        assert not left.exists()


def test_a_copy_is_whole_or_not_there(folder: UrlFolder, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.replace("part-00000.csv", b"whole")
    files = folder._storage.files
    with monkeypatch.context() as patch:
        patch.setattr(files, "get_file", lambda path, here, **_: Path(here).write_bytes(b"wh"))
        with pytest.raises(OSError, match="again and again"):
            folder.fetch("part-00000.csv")
    assert not [path for path in cache.glob("*/*") if not path.name.endswith(".lock")]
    assert Path(folder.fetch("part-00000.csv")).read_bytes() == b"whole"


def test_a_file_that_is_replaced_while_it_is_copied_is_copied_anew(
    folder: UrlFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.replace("part-00000.csv", b"old")
    files = folder._storage.files
    get, replaced = files.get_file, [b"new"]

    def get_file(path: str, here: str, **options: Any) -> None:
        get(path, here, **options)
        if replaced:
            folder.replace("part-00000.csv", replaced.pop())

    monkeypatch.setattr(files, "get_file", get_file)
    assert Path(folder.fetch("part-00000.csv")).read_bytes() == b"new"


def test_a_shard_that_was_not_finished_is_not_there(folder: UrlFolder, cache: Path) -> None:
    with pytest.raises(ZeroDivisionError), folder.new_shard("part-00000.csv") as path:
        Path(path).write_text("half")
        raise ZeroDivisionError
    assert folder.names() == []
    assert not list(cache.glob("*/*"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda folder: folder.read("a"),
        lambda folder: folder.replace("a", b""),
        lambda folder: folder.names(),
        lambda folder: folder.fetch("a"),
        lambda folder: folder.remove(["a"]),
    ],
)
@pytest.mark.parametrize(
    ("raised", "number", "text"),
    [
        (PermissionError("Access\nDenied."), errno.EACCES, "no permission (Access Denied.)"),
        (TimeoutError(), errno.ETIMEDOUT, "no answer (TimeoutError)"),
        (OSError(errno.EBUSY, "slow down"), errno.EBUSY, "slow down"),
        (ValueError("http://me:word@host/ is no\nplace"), errno.EIO, "http://me:...@host/ is no place"),
        (RuntimeError(), errno.EIO, "RuntimeError"),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    folder: UrlFolder,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[UrlFolder], object],
    raised: Exception,
    number: int,
    text: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    for name in ("cat_file", "pipe_file", "find", "info", "rm_file"):
        monkeypatch.setattr(folder._storage.files, name, fail)
    with pytest.raises(OSError) as caught:
        ask(folder)
    assert (caught.value.errno, caught.value.strerror) == (number, text)
    assert str(caught.value.filename).startswith(folder.address)


def test_a_full_disk_of_this_machine_is_named(folder: UrlFolder, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder.replace("a", b"1")
    monkeypatch.setattr(folder._storage.files, "get_file", fail)
    with pytest.raises(OSError, match=f"no copy can be kept in {cache}.*No space left on device"):
        folder.fetch("a")
    # Whatever is wrong with it, the file itself is not taken for gone.
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    with pytest.raises(NotADirectoryError, match="no copy can be kept in /proc/none"):
        folder.fetch("a")


def test_file_urls_are_folders_of_this_machine() -> None:
    odd = {"file:///a%FF": "/a\udcff/", "file:///a\udcff?#%2541": "/a\udcff?#%41/"}
    for url, path in ({"file:///a/b%20c": "/a/b c/", "FILE://localhost/a/": "/a/"} | odd).items():
        found = folder_of(url)
        assert isinstance(found, LocalFolder)
        assert found.address == path
    with pytest.raises(IndexFileError, match="names another machine, server"):
        folder_of("file://server/a")
    with pytest.raises(IndexFileError, match="names no path"):
        folder_of("file:///a%00/")


def test_passwords_are_not_taken_in_urls() -> None:
    with pytest.raises(IndexFileError, match="ftp://me:...@host/a has a password in it") as caught:
        UrlFolder("ftp://me:word@host/a")
    assert "word@" not in str(caught.value)


def test_what_nothing_speaks_with_is_one_line() -> None:
    with pytest.raises(IndexFileError, match="^nobody://x/ cannot be opened: Protocol not known: nobody$"):
        UrlFolder("nobody://x")


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(IndexFileError, match="^s3://a/b/ needs a library that is not installed: pip install s3fs$"):
        UrlFolder("s3://a/b")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(IndexFileError, match="pip install -r requirements-cluster.txt$"):
        UrlFolder("memory://none")


def test_what_is_wrong_with_a_shard_is_said_once_wherever_it_was_found() -> None:
    error = BrokenShard("part-00000.csv is not there")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
