"""Folders in an object store that speaks S3: a server that refuses, goes away and comes back."""

import errno
import pickle
from pathlib import Path

import pytest
from s3fs import S3FileSystem

from src.storing.urlfolder import UrlFolder
from tests.objectstores import SECRET, ObjectStore, rclone


@pytest.fixture(autouse=True)
def is_asked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server that does not answer is asked again for ten seconds, which tests need not wait for."""
    monkeypatch.setattr(S3FileSystem, "retries", 1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def connect(store: ObjectStore, monkeypatch: pytest.MonkeyPatch, name: str, **keys: str) -> UrlFolder:
    for variable, value in store.environ(**keys).items():
        monkeypatch.setenv(variable, value)
    return UrlFolder(f"s3://{name}")


@pytest.mark.parametrize("keys", [{"secret": "another"}, {"key": "nobody"}])
def test_wrong_keys_are_no_permission_and_are_not_told(
    object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: dict[str, str]
) -> None:
    folder = connect(object_store, monkeypatch, f"bucket/{tmp_path.name}", **keys)
    for ask in (folder.names, lambda: folder.read("a"), lambda: folder.replace("a", b""), lambda: folder.fetch("a")):
        with pytest.raises(PermissionError) as caught:
            ask()
        assert str(caught.value.strerror).startswith("no permission (")
        assert not any(word in str(caught.value) for word in (SECRET, "another", "nobody", "\n"))


def test_a_bucket_that_is_not_there_is_not_an_empty_folder(
    object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = connect(object_store, monkeypatch, "another-bucket/shards")
    for ask in (folder.names, lambda: folder.read("a"), lambda: folder.replace("a", b""), lambda: folder.fetch("a")):
        with pytest.raises(OSError, match="there is no such bucket") as caught:
            ask()
        assert caught.value.errno == errno.ENXIO


def test_a_server_that_goes_away_is_an_error_and_one_that_comes_back_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if rclone() is None:
        pytest.skip("rclone is not installed")
    with ObjectStore(tmp_path / "objects") as store:
        folder = connect(store, monkeypatch, "bucket/shards")
        folder.replace("part-00000.csv", b"x" * 1000)
        copy = folder.fetch("part-00000.csv")
    with pytest.raises(OSError, match="Could not connect to the endpoint URL") as caught:
        folder.fetch("part-00000.csv")
    assert caught.value.errno == errno.EIO
    assert caught.value.filename == "s3://bucket/shards/part-00000.csv"
    with pytest.raises(OSError, match="Could not connect"):
        folder.names()
    with ObjectStore(tmp_path / "objects", store.port):
        assert folder.fetch("part-00000.csv") == copy
        assert pickle.loads(pickle.dumps(folder)).names() == ["part-00000.csv"]
