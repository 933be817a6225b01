"""Runs over an index of local features, of which few count as many: lists beside it make searching quicker."""

import os
import sys
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.comparing import listedcodes
from src.indexer import Options, index_folder
from src.objectdescriptor import ObjectDescriptor
from src.searcher import Searcher
from tests.describing import describe_here
from tests.descriptors import FusedObjectsGrid

pytest.importorskip("faiss")
COUNT = 6


def draw(path: Path, seed: int) -> None:
    """Draw some dozen rectangles, whose corners are features."""
    rng = np.random.default_rng(seed)
    picture = np.full((200, 260, 3), 200, np.uint8)
    for x, y, width, height, *colour in rng.integers(0, (240, 180, 80, 80, 256, 256, 256), (60, 7)).tolist():
        cv2.rectangle(picture, (x, y), (x + width, y + height), colour, -1)
    cv2.imwrite(str(path), picture)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(listedcodes, "FEWEST_FEATURES", 100)
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(COUNT):
        draw(folder / f"{number}.png", number)
    return folder


def index(photos: Path, name: str = "index.csv", **options: object) -> str:
    path = f"{photos.parent}/{name}"
    index_folder(str(photos), path, ObjectDescriptor(), Options(**options), describe_here)  # type: ignore[arg-type]
    return path


def assert_finds_all(path: str, photos: Path) -> None:
    searcher = Searcher(path)
    for number in range(COUNT):
        found = searcher.search(searcher.describe(str(photos / f"{number}.png")))
        assert [(one.distance, one.image_id) for one in found] == [(0, f"{number}.png")]


def advice(path: str) -> str:
    return Searcher(path).how_to_search_quicker


def test_a_run_keeps_lists_by_which_the_same_is_found(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = index(photos)
    # Comparing with all would fail.
    monkeypatch.delattr("src.comparing.voting.nearest_codes")
    assert_finds_all(path, photos)
    assert advice(path) == ""


def test_lists_that_are_damaged_missing_or_of_other_rows_are_not_used_and_the_next_run_makes_them_anew(
    photos: Path,
) -> None:
    path = index(photos)
    lists = Path(path + ".lists")
    whole = lists.read_bytes()
    draw(photos / "more.png", 99)
    index(photos, "other.csv")
    (photos / "more.png").unlink()
    others = Path(photos.parent / "other.csv.lists").read_bytes()
    damaged = whole[:-1] + bytes([whole[-1] ^ 1])
    for content in (b"", whole[:20], whole[:-1], damaged, whole.replace(b"lists 1", b"lists 9"), others, None):
        lists.unlink()
        if content is not None:
            lists.write_bytes(content)
        assert advice(path) == "run index.py again"
        assert_finds_all(path, photos)
        index(photos)
        assert lists.read_bytes() == whole


INSTALL = "pip install -r requirements-objects.txt, then run index.py again"
MEND = 'mend faiss, which python -c "import faiss" cannot load, then run index.py again'


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (None, INSTALL),
        ("raise ImportError('libgomp.so.1: cannot open shared object file')", MEND),
        ("raise OSError('invalid ELF header')", MEND),
        ("raise AttributeError('numpy')", MEND),
        ("", MEND),
    ],
)
def test_where_faiss_is_not_there_or_broken_the_same_is_found_and_people_are_told(
    photos: Path, monkeypatch: pytest.MonkeyPatch, code: str | None, told: str
) -> None:
    path = index(photos)
    if code is None:
        monkeypatch.setitem(sys.modules, "faiss", None)
    else:
        (photos.parent / "faiss.py").write_text(code)
        monkeypatch.delitem(sys.modules, "faiss")
        monkeypatch.syspath_prepend(photos.parent)
    monkeypatch.setattr(listedcodes, "load_faiss", cache(listedcodes.load_faiss.__wrapped__))
    assert_finds_all(path, photos)
    assert advice(path) == told
    os.remove(path + ".lists")
    draw(photos / "more.png", 99)
    index(photos)
    index(photos, "shards/", shard_size=3)
    assert not os.path.exists(path + ".lists")
    assert_finds_all(path, photos)


def test_few_pictures_have_no_lists_and_nobody_is_told(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = index(photos)
    monkeypatch.setattr(listedcodes, "FEWEST_FEATURES", 100_000)
    index(photos)
    assert not os.path.exists(path + ".lists")
    assert advice(path) == ""


def test_local_features_beside_other_vectors_are_kept_in_lists_too(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, grid = f"{photos.parent}/index.csv", FusedObjectsGrid()
    index_folder(str(photos), path, grid, Options(), describe_here)
    searcher = Searcher(path, grid)
    assert searcher.how_to_search_quicker == ""
    query = searcher.describe(str(photos / "2.png"))
    wanted = Searcher(path, grid).explain(query, COUNT)
    # Comparing with all would fail.
    monkeypatch.delattr("src.comparing.voting.nearest_codes")
    found = searcher.explain(query, COUNT)
    assert (found[0].image_id, found[0].distance) == ("2.png", 0)
    assert found[0].outline is not None
    assert [one[:4] for one in found] == [one[:4] for one in wanted]
    os.remove(path + ".lists")
    assert Searcher(path, grid).how_to_search_quicker == "run index.py again"


def test_an_index_of_another_kind_has_no_lists_left(photos: Path) -> None:
    path = index(photos)
    index_folder(str(photos), path, ColorDescriptor(), Options(rebuild=True), describe_here)
    assert sorted(os.listdir(photos.parent)) == ["index.csv", "index.csv.cache", "photos"]


def test_shards_have_lists_of_their_own_which_go_with_them(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = index(photos, "shards/", shard_size=3)
    os.remove(path + "part-00000.csv.lists")
    draw(photos / "5.png", 5)
    draw(photos / "6.png", 99)
    index(photos, "shards/")
    names = set(os.listdir(path))
    assert {name.removesuffix(".lists") for name in names if name.endswith(".lists")} == {
        name for name in names if name.endswith(".csv")
    }
    monkeypatch.delattr("src.comparing.voting.nearest_codes")
    assert_finds_all(path, photos)
