"""Folders of shards, wherever they lie: all behave alike."""

import errno
import os
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from src.storing import shardfolder
from src.storing.addresses import folder_of
from src.storing.shardfolder import ShardFolder

ODD = "a, b%20[x]*é+&?#.csv"


class Shelf(LocalFileSystem):  # type: ignore[misc]
    """A file system that renames files, as those behind FTP, SFTP and HDFS do."""

    protocol = ("shelf",)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(LocalFileSystem._strip_protocol(path.removeprefix("shelf://")))


fsspec.register_implementation("shelf", Shelf, clobber=True)


@pytest.fixture(params=["local", "memory", "shelf", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShardFolder]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    where = f"{tmp_path}/index [1] %41"
    if request.param == "s3":
        for name, value in request.getfixturevalue("object_store").environ().items():
            monkeypatch.setenv(name, value)
        where = f"bucket{where}"
    made = folder_of(f"{where}/" if request.param == "local" else f"{request.param}://{where}")
    yield made
    made.remove(made.names())


def write_shard(folder: ShardFolder, name: str, text: str) -> None:
    with folder.new_shard(name) as path:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).write_text(text)
        Path(path + ".cache").write_text(f"cache of {text}")


def test_a_file_is_read_as_it_was_written_last(folder: ShardFolder) -> None:
    for content in (b"", b"first", b"the second, which is longer", b"third"):
        folder.replace("manifest.json", content)
        assert folder.read("manifest.json") == content


def test_what_is_not_there_is_not_found(folder: ShardFolder) -> None:
    assert folder.names() == folder.names("described") == []
    folder.replace("described/one", b"1")
    for ask in (folder.read, folder.fetch):
        for name in ("manifest.json", "described/two"):
            with pytest.raises(FileNotFoundError) as caught:
                Path(ask(name)).read_bytes()  # type: ignore[arg-type]
            assert caught.value.strerror == "No such file or directory"


def test_names_are_those_of_now_and_relative(folder: ShardFolder) -> None:
    for name in ("part-00001.csv", "described/b", "described/a", ODD, "described-too/c"):
        folder.replace(name, name.encode())
    assert folder.names() == sorted(["part-00001.csv", "described/b", "described/a", ODD, "described-too/c"])
    assert folder.names("described") == ["described/a", "described/b"]
    assert folder.read(ODD) == Path(folder.fetch(ODD)).read_bytes() == ODD.encode()
    folder.remove([ODD, "not there", "described/a"])
    folder.replace("described/z", b"")
    assert folder.names() == ["described-too/c", "described/b", "described/z", "part-00001.csv"]


def test_a_shard_stands_there_with_its_cache(folder: ShardFolder) -> None:
    for text in ("1,2", "3,4,5"):
        write_shard(folder, "part-00000.csv", text)
        assert folder.names() == ["part-00000.csv", "part-00000.csv.cache"]
        assert folder.read("part-00000.csv") == text.encode()
        copy = folder.fetch("part-00000.csv.cache")
        assert copy.endswith("part-00000.csv.cache")
        assert Path(copy).read_text() == f"cache of {text}"


def test_a_disk_that_is_full_is_told_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def full(*_: object, **__: object) -> Iterator[None]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(shardfolder, "replacing", full)
    with pytest.raises(OSError, match="No space left") as caught:
        folder_of(f"{tmp_path}/").replace("described/one", b"1")
    assert caught.value.filename == f"{tmp_path}/described/one"


def test_a_folder_can_be_pickled(folder: ShardFolder) -> None:
    folder.replace("a", b"1")
    other = pickle.loads(pickle.dumps(folder))
    assert other.read("a") == b"1"
    assert (other.address, other.is_local) == (folder.address, folder.is_local)
    assert other.fetch("a") == folder.fetch("a")


def test_readers_see_one_whole_file_while_it_is_replaced(folder: ShardFolder) -> None:
    contents = [bytes([number]) * (1 << 16) for number in range(1, 4)]
    folder.replace("manifest.json", contents[0])
    seen, is_over = [], threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.append(folder.read("manifest.json"))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        folder.replace("manifest.json", contents[number % 3])
    is_over.set()
    for reader in readers:
        reader.join()
    assert set(seen) <= set(contents)
    assert folder.names() == ["manifest.json"]


def test_several_threads_write_and_remove_at_once(folder: ShardFolder) -> None:
    def write(number: int) -> None:
        for each in range(5):
            folder.replace(f"described/{number}-{each}", b"x")
            write_shard(folder, f"part-{number:05}.csv", f"{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(folder.names("described")) == 20
    assert len(folder.names()) == 28
    folder.remove(folder.names("described"))
    assert len(folder.names()) == 8


def test_a_working_file_is_of_this_machine_alone(folder: ShardFolder) -> None:
    path = folder.working_file("shards.partial")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("mine")
    assert folder_of(folder.address).working_file("shards.partial") == path
    assert folder.is_local or folder.names() == []
    Path(path).unlink()
