"""A cache file of every version that was ever written stays readable, or is refused by its number."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.indexfile import Cache, IndexInfo, open_index
from src.storing.freshness import matching_cache
from tests.indexes import read_table
from tests.pictures import draw_picture

GOLDEN = Path(__file__).parent.parent / "data" / "cache-2"
# The last one was added to the index of the others.
NAMES = ["a.png", "b, c.png", "coat/d.jpg", "coat/é.png", "z.png"]


@pytest.fixture
def path(tmp_path: Path) -> str:
    shutil.copytree(GOLDEN, tmp_path / "golden")
    return str(tmp_path / "golden" / "index.csv")


def opened(path: str) -> Cache:
    color = ColorDescriptor()
    return open_index(path, lambda _: IndexInfo(color.name, color.dimension, color.distance))


def test_a_cache_of_version_2_is_taken_as_it_is(path: str) -> None:
    assert matching_cache(path) is not None
    before = Path(path + ".cache").read_bytes()
    index = opened(path)
    assert list(index.ids) == NAMES
    assert index.folder == "/photos"
    assert not index.info.full_resolution
    assert index.info.distance == "chi-squared"
    np.testing.assert_array_equal(index.rows(0, 5), read_table(path).features)
    np.testing.assert_array_equal(index.rows(0, 1)[0], ColorDescriptor().describe(draw_picture(0)))
    assert Path(path + ".cache").read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 3, 10])
def test_a_cache_of_another_version_is_refused_and_made_anew(path: str, version: int) -> None:
    cache = Path(path + ".cache")
    cache.write_bytes(cache.read_bytes().replace(b"cache 2\n", b"cache %d\n" % version, 1))
    assert matching_cache(path) is None
    assert list(opened(path).ids) == NAMES
    assert matching_cache(path) is not None
    assert cache.read_bytes().startswith(b"image similarity index cache 2\n")


def test_the_index_is_the_same_without_its_cache(path: str) -> None:
    with_cache = opened(path).rows(0, 5)
    os.remove(path + ".cache")
    os.remove(path + ".cache.added")
    index = opened(path)
    assert list(index.ids) == NAMES
    assert index.folder is None
    np.testing.assert_array_equal(index.rows(0, 5), with_cache)


@pytest.mark.parametrize(
    ("name", "count", "distance"), [("objects", 3, "same-object"), ("best", 1, "fused-with-objects")]
)
def test_a_cache_of_local_features_is_taken_as_it_is(name: str, count: int, distance: str, tmp_path: Path) -> None:
    shutil.copytree(GOLDEN.with_name(f"cache-2-{name}"), tmp_path / "golden")
    path = str(tmp_path / "golden" / "index.csv")
    cache = matching_cache(path)
    assert cache is not None
    assert cache.info.distance == distance
    table = read_table(path, cache.info.dimension, distance)
    assert list(cache.ids) == table.ids == ["a.png", "b.png", "c.png"][:count]
    np.testing.assert_array_equal(cache.rows(0, count), table.features)
