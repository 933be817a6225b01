"""The very same thing comes first in an answer by all that there is, and is proven by its outline."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.distance import by_name
from src.indexfile import Cache, IndexInfo
from src.localfeatures import ASKED, INDEXED, NUMBERS
from src.searcher import Searcher
from src.searching.fusedneighbours import FusedNeighbours
from src.searching.joinedparts import JoinedParts
from src.searching.localparts import LocalParts
from src.storing.rowtext import numbers_text
from src.storing.writer import NewRows, write_index
from tests.descriptors import FusedObjectsGrid
from tests.scenes import draw_scene
from tests.smallindex import STATES
from tests.unit.searching.test_fusedneighbours import make_rows
from tests.unit.searching.test_joinedparts import Elsewhere, Names, open_local

CORNERS = np.array([[100, 30], [260, 60], [240, 210], [70, 190]], np.float32)
COUNT = 6
Image = NDArray[np.uint8]


def photo_of(scene: Image) -> Image:
    """Return a photo of a scene that hangs on a plain wall, at an angle."""
    height, width = scene.shape[:2]
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    wall = np.full((240, 320, 3), (90, 120, 60), np.uint8)
    cv2.warpPerspective(
        scene, cv2.getPerspectiveTransform(own, CORNERS), (320, 240), wall, borderMode=cv2.BORDER_TRANSPARENT
    )
    return wall


@pytest.fixture(scope="module")
def scenes() -> list[Image]:
    return [draw_scene(seed, 480, 640) for seed in range(COUNT)]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, scenes: list[Image]) -> Searcher:
    return searcher_over(tmp_path_factory.mktemp("things") / "index.csv", scenes)


def searcher_over(path: Path, pictures: list[Image]) -> Searcher:
    grid = FusedObjectsGrid()
    vectors = grid.describe_many(pictures)
    names = [f"{number:02}.png" for number in range(len(pictures))]
    rows = NewRows(names, [STATES[0]] * len(names), vectors, [numbers_text(one) for one in vectors])
    write_index(str(path), [rows], IndexInfo(grid.name, grid.dimension, grid.distance, key="test"))
    return Searcher(str(path), grid)


def query_of(picture: Image) -> NDArray[np.float32]:
    return FusedObjectsGrid().for_queries.describe(picture)


def test_a_thing_in_another_photo_comes_first_and_its_outline_proves_it(
    searcher: Searcher, scenes: list[Image]
) -> None:
    first, *others = searcher.explain(query_of(photo_of(scenes[4])), limit=COUNT)
    assert (first.image_id, list(first.because)) == ("04.png", ["the same thing"])
    assert first.outline is not None
    assert np.abs(first.outline.corners * (320, 240) - CORNERS).max() < 4
    assert 0.95 < first.similarity < 1
    assert max(one.similarity for one in others) < 0.9
    assert all(one.outline is None and "the same thing" not in one.because for one in others)


def test_what_shows_nothing_of_the_index_is_answered_by_what_is_alike(searcher: Searcher) -> None:
    found = searcher.explain(query_of(draw_scene(77, 480, 640)), limit=COUNT)
    assert len(found) == COUNT
    assert all(one.outline is None for one in found)


def test_a_picture_of_the_index_is_at_distance_0_however_it_is_asked(searcher: Searcher, scenes: list[Image]) -> None:
    for query in (query_of(scenes[2]), searcher.features_of("02.png")):
        first, second = searcher.explain(query, limit=2)
        assert (first.distance, first.similarity, list(first.because)) == (0, 1, ["same picture"])
        assert first.outline is not None
        assert second.distance > 0


def test_the_same_picture_is_nearest_then_the_same_photo_then_another_photo_of_the_thing(
    tmp_path: Path, scenes: list[Image]
) -> None:
    smaller = np.asarray(cv2.resize(scenes[0], (480, 360), interpolation=cv2.INTER_AREA), np.uint8)
    pictures = [scenes[3], photo_of(scenes[0]), scenes[1], smaller, scenes[0], scenes[0]]
    found = searcher_over(tmp_path / "index.csv", pictures).explain(query_of(scenes[0]), limit=COUNT)
    assert [one.image_id for one in found][:4] == ["04.png", "05.png", "03.png", "01.png"]
    assert [list(one.because)[0] for one in found][:4] == ["same picture"] * 2 + ["same photo", "the same thing"]
    distances = [one.distance for one in found]
    assert distances[0] == distances[1] == 0 < distances[2] < distances[3] < 0.05 < distances[4]


def test_the_same_thing_is_found_however_few_are_asked_for(searcher: Searcher, scenes: list[Image]) -> None:
    query = query_of(photo_of(scenes[5]))
    everything = searcher.search(query, limit=COUNT)
    assert everything[0].image_id == "05.png"
    assert searcher.search(query, limit=1) == everything[:1]
    assert searcher.search(query, limit=COUNT, max_distance=0.05) == everything[:1]
    assert searcher.search_many([query, query_of(scenes[0])], limit=COUNT)[0] == everything


def test_an_index_of_several_files_answers_as_one_wherever_they_are_open(scenes: list[Image]) -> None:
    vectors = FusedObjectsGrid().describe_many(scenes)
    queries = [np.pad(vectors[1], (0, (ASKED - INDEXED) * NUMBERS)), query_of(photo_of(scenes[5]))]
    names = [f"{number:02}.png" for number in range(COUNT)]
    distance = "fused-with-objects"
    info = IndexInfo(distance, vectors.shape[1], distance)
    files = [make_rows(vectors[:2], distance), make_rows(vectors[2:], distance)]
    some = LocalParts(cast("Cache", SimpleNamespace(path="", info=info, ids=Names(names), parts=files)))
    apart = Elsewhere([open_local(distance, vectors[:5], names[:5]), open_local(distance, vectors[5:], names[5:])])
    found = [
        FusedNeighbours(parts, by_name(distance).components).nearest_of_many(queries, COUNT)
        for parts in (open_local(distance, vectors, names), some, JoinedParts("", info, [5, 1], apart))
    ]
    for whole, *others in zip(*found, strict=True):
        for other in others:
            assert other.found[0].tolist() == whole.found[0].tolist()
            assert other.found[1].tolist() == whole.found[1].tolist()
            assert other.same_things == whole.same_things
    assert [sorted(one.same_things) for one in found[0]] == [[1], [5]]
