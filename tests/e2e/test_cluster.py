"""The programs on a real scheduler and real workers; the truth is what one machine does alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import TestCluster
from tests.pictures import write_pictures
from tests.programs import run

NAMES = [f"{number // 30}/{number:03}.png" for number in range(120)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestCluster]:
    with TestCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures, and beside it the index file of one machine."""
    photos = tmp_path_factory.mktemp("photos") / "photos"
    write_pictures(photos, NAMES)
    (photos / "broken.png").write_bytes((photos / NAMES[0]).read_bytes()[:99])
    run("index.py", "-d", photos, "-i", photos.parent / "one.csv")
    return photos


def in_one(shards: Path) -> bytes:
    """Return the rows of all shards."""
    manifest = json.loads((shards / "manifest.json").read_bytes())
    return b"".join((shards / shard["name"]).read_bytes() for shard in manifest["shards"])


@pytest.mark.parametrize("where", ["workers", "local"])
def test_an_index_from_a_cluster_is_that_of_one_machine(
    cluster: TestCluster, photos: Path, tmp_path: Path, where: str
) -> None:
    address = cluster.address if where == "workers" else "local"
    one, shards = tmp_path / "one.csv", tmp_path / "shards"
    wanted = (photos.parent / "one.csv").read_bytes()
    done = run("index.py", "-d", photos, "-i", one, "--cluster", address)
    assert b"120 new" in done.stderr and b"broken.png" in done.stderr
    assert one.read_bytes() == wanted
    run("index.py", "-d", photos, "-i", shards, "--shard-size", "50", "--cluster", address)
    assert in_one(shards) == wanted
    assert not (shards / "described").exists()
