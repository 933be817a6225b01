"""Runs over the index of a folder, called as the doors call them."""

from pathlib import Path

from src.colordescriptor import ColorDescriptor
from src.indexer import Report, change_index, index_folder
from tests.pictures import write_picture


def index(photos: Path, name: str = "index.csv") -> Report:
    return index_folder(str(photos), str(photos.parent / name), ColorDescriptor())


def add(photos: Path, *names: str) -> Report:
    for name in names:
        write_picture(photos / name, 100 + sum(name.encode()))
    paths = [str(photos / name) for name in names]
    return change_index(None, str(photos.parent / "index.csv"), ColorDescriptor(), add=paths)


def assert_same_as_clean(photos: Path) -> None:
    index(photos, "clean.csv")
    assert (photos.parent / "index.csv").read_bytes() == (photos.parent / "clean.csv").read_bytes()
    assert sorted(path.name for path in photos.parent.glob("index.csv*")) == ["index.csv", "index.csv.cache"]
