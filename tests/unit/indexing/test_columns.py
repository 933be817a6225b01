"""What is known of pictures beside their vectors stays with them from one run to the next."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.imagereader import Reading
from src.indexer import Options, index_folder
from src.indexfile import Cache, matching_cache, write_states
from tests.indexruns import add, index
from tests.pictures import write_picture


def cache_of(photos: Path) -> Cache:
    cache = matching_cache(str(photos.parent / "index.csv"))
    assert cache is not None
    return cache


def column_of(photos: Path) -> dict[str, list[int]]:
    cache = cache_of(photos)
    return dict(zip(cache.ids[:], cache.columns["test"].tolist(), strict=True))


@pytest.fixture
def column(photos: Path) -> NDArray[np.uint8]:
    index(photos)
    column = np.arange(1, 25, dtype=np.uint8).reshape(8, 3)
    cache = cache_of(photos)
    write_states(cache.path, cache, cache.states(), cache.info, {"test": column})
    return column


def test_pictures_that_stay_move_or_are_copied_keep_their_columns(photos: Path, column: NDArray[np.uint8]) -> None:
    os.rename(photos / "3.png", photos / "8.png")
    (photos / "copy.png").write_bytes((photos / "5.png").read_bytes())
    os.remove(photos / "0.png")
    write_picture(photos / "6.png", 99)
    write_picture(photos / "new.png", 98)
    assert index(photos).indexed == 9
    wanted = {f"{number}.png": column[number].tolist() for number in (1, 2, 4, 5, 7)}
    wanted |= {"6.png": [0, 0, 0], "8.png": column[3].tolist(), "copy.png": column[5].tolist(), "new.png": [0, 0, 0]}
    assert column_of(photos) == wanted


def test_an_added_picture_has_zeros_and_the_others_what_they_had(photos: Path, column: NDArray[np.uint8]) -> None:
    add(photos, "new.png")
    assert column_of(photos)["new.png"] == [0, 0, 0]
    assert column_of(photos)["7.png"] == column[7].tolist()


@pytest.mark.parametrize("rebuild", [False, True])
def test_columns_survive_that_vectors_are_made_in_another_way_but_not_a_rebuild(
    photos: Path, column: NDArray[np.uint8], *, rebuild: bool
) -> None:
    options = Options(reading=Reading(full_resolution=True), rebuild=rebuild)
    index_folder(str(photos), str(photos.parent / "index.csv"), ColorDescriptor(), options)
    assert rebuild or column_of(photos)["7.png"] == column[7].tolist()
    assert ("test" in cache_of(photos).columns) is not rebuild
