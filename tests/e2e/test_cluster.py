"""Indexing on a real scheduler and real workers; the truth is what one machine does alone."""

import json
from pathlib import Path

import pytest

from src.commands import index as index_command
from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.programs import run, succeed_here
from tests.servers import index_here

NAMES = [f"{number // 30}/{number:03}.png" for number in range(60)]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures, and beside it the index file of one machine."""
    photos = tmp_path_factory.mktemp("photos") / "photos"
    write_pictures(photos, NAMES)
    (photos / "broken.png").write_bytes((photos / NAMES[0]).read_bytes()[:99])
    index_here(photos, photos.parent / "one.csv")
    return photos


def rows_of(index: Path) -> bytes:
    """Return the rows of an index file, or of all shards."""
    if index.suffix == ".csv":
        return index.read_bytes()
    manifest = json.loads((index / "manifest.json").read_bytes())
    return b"".join((index / shard["name"]).read_bytes() for shard in manifest["shards"])


def options_of(photos: Path, index: Path, address: str) -> list[str]:
    size = [] if index.suffix == ".csv" else ["--shard-size", "25"]
    return ["--dataset", str(photos), "--index", str(index), *size, "--cluster", address]


def test_shards_that_workers_write_are_the_index_of_one_machine(
    cluster: TestCluster, photos: Path, tmp_path: Path
) -> None:
    shards = tmp_path / "shards"
    done = run("index.py", *options_of(photos, shards, cluster.address))
    assert b"60 new" in done.stderr and b"broken.png" in done.stderr
    assert rows_of(shards) == rows_of(photos.parent / "one.csv")
    assert not (shards / "described").exists()


def test_an_index_file_that_workers_describe_is_that_of_one_machine(
    cluster: TestCluster, photos: Path, tmp_path: Path
) -> None:
    succeed_here(index_command.main, *options_of(photos, tmp_path / "one.csv", cluster.address))
    assert rows_of(tmp_path / "one.csv") == rows_of(photos.parent / "one.csv")


@pytest.mark.parametrize("name", ["one.csv", "shards"])
def test_a_cluster_in_this_process_does_the_same(photos: Path, tmp_path: Path, name: str) -> None:
    succeed_here(index_command.main, *options_of(photos, tmp_path / name, "local"))
    assert rows_of(tmp_path / name) == rows_of(photos.parent / "one.csv")
