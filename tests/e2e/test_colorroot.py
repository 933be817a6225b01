"""index.py --descriptor color-root, and search.py with what it wrote."""

import json
from pathlib import Path

import numpy as np
import pytest

from src.comparing.relativechisquared import relative_chi_squared
from src.imagereader import read_image
from src.rootdescriptor import ColorRootDescriptor
from tests.pictures import write_picture, write_pictures
from tests.programs import fail, succeed

NAMES = [f"{number}.png" for number in range(9)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roots")
    write_pictures(folder / "photos", NAMES)
    write_picture(folder / "photos" / "twin of 4.png", 4)
    index = folder / "index.csv"
    succeed("index.py", "--dataset", folder / "photos", "--index", index, "--descriptor", "color-root")
    return index


def by_comparing_with_all(photos: Path, query: str) -> list[tuple[float, str]]:
    asked = ColorRootDescriptor().describe(read_image(str(photos / query)))
    features = {path.name: ColorRootDescriptor().describe(read_image(str(path))) for path in sorted(photos.iterdir())}
    found = [(float(relative_chi_squared(vector, asked)), name) for name, vector in features.items()]
    return sorted(found, key=lambda one: one[0])


@pytest.mark.parametrize("has_cache", [True, False])
def test_the_nearest_and_why_are_told_with_and_without_the_cache(index: Path, has_cache: bool) -> None:
    photos = index.parent / "photos"
    if not has_cache:
        Path(f"{index}.cache").unlink()
    lines = succeed(
        "search.py", "-i", index, "-q", photos / "4.png", "--result-path", photos, "--json", "--explain", "--limit", "5"
    )
    results = json.loads("\n".join(lines))["answers"][0]["results"]
    wanted = by_comparing_with_all(photos, "4.png")[:5]
    assert [one["id"] for one in results] == [name for _, name in wanted]
    assert [one["distance"] for one in results] == pytest.approx([distance for distance, _ in wanted])
    assert [name for _, name in wanted[:2]] == ["4.png", "twin of 4.png"]
    for one in results:
        assert one["similarity"] == pytest.approx(1 - one["distance"])
        assert sum(one["regions"].values()) == pytest.approx(one["distance"])
    assert results[2]["similarity"] < results[1]["similarity"] == 1


def test_the_picture_shows_the_regions_as_for_color(index: Path) -> None:
    photos, output, plain = index.parent / "photos", index.parent / "explained.png", index.parent / "plain.png"
    for file, *options in ((output, "--explain"), (plain,)):
        succeed("search.py", "-i", index, "-q", photos / "4.png", "--output", file, "--result-path", photos, *options)
    explained, unexplained = read_image(str(output)), read_image(str(plain))
    assert explained.shape[0] > unexplained.shape[0], "a line says what the frames mean"
    assert explained.shape[1] == unexplained.shape[1]
    changed = (explained[: len(unexplained)] != unexplained).any(axis=2)
    assert np.count_nonzero(changed) > 2000


def test_an_index_of_color_is_not_taken_over(index: Path) -> None:
    photos, other = index.parent / "photos", index.parent / "color.csv"
    succeed("index.py", "--dataset", photos, "--index", other)
    said = fail("index.py", "--dataset", photos, "--index", other, "--descriptor", "color-root")
    assert "is of the descriptor hsv-8x12x3-5-regions, not of root-hsv-8x12x3-5-regions" in said
