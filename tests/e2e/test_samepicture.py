"""One picture in many forms, as desks, cameras and accidents leave it: the programs see one picture."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.encodedpictures import by_opencv, by_pillow, scene
from tests.iccprofiles import ADOBE_RGB, DISPLAY_P3, converted
from tests.programs import succeed

SCENE = scene(120, 160)


def white(*shape: slice) -> np.ndarray:
    picture = np.zeros((60, 60, 4), np.uint8)
    picture[shape] = 255
    return picture


def nearest(folder: Path, query: Path) -> list[tuple[str, float]]:
    """Index a folder and search with a file; return names and distances."""
    index = folder.parent / "index.csv"
    succeed("index.py", "--dataset", folder, "--index", index)
    lines = succeed("search.py", "--index", index, "--query", query, "--result-path", folder, "--json")
    results = json.loads("\n".join(lines))["answers"][0]["results"]
    return [(Path(each["path"]).name, each["distance"]) for each in results]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, other in enumerate((255 - SCENE, SCENE[::-1], SCENE[..., ::-1])):
        (folder / f"other{number}.png").write_bytes(by_pillow(other, "PNG"))
    return folder


def test_copies_in_other_colours_are_found_as_the_picture(folder: Path, tmp_path: Path) -> None:
    (folder / "p3.jpg").write_bytes(
        by_pillow(converted(SCENE, DISPLAY_P3), "JPEG", quality=100, subsampling=0, icc_profile=DISPLAY_P3)
    )
    (folder / "adobe.png").write_bytes(by_pillow(converted(SCENE, ADOBE_RGB), "PNG", icc_profile=ADOBE_RGB))
    (tmp_path / "query.png").write_bytes(by_pillow(SCENE, "PNG"))
    found = nearest(folder, tmp_path / "query.png")
    assert {name for name, _ in found[:2]} == {"p3.jpg", "adobe.png"}
    assert found[1][1] < 0.5 < 2 < found[2][1]


def test_files_that_lack_only_their_end_are_the_picture(folder: Path, tmp_path: Path) -> None:
    jpeg, png = by_pillow(SCENE, "JPEG", quality=100, subsampling=0), by_pillow(SCENE, "PNG")
    (folder / "cut.jpg").write_bytes(jpeg[:-2])
    (folder / "cut.png").write_bytes(png[:-12])
    for name, data in (("cut.jpg", jpeg), ("cut.png", png)):
        query = tmp_path / f"query{name}"
        query.write_bytes(data)
        assert nearest(folder, query)[0] == (name, 0)


def test_deep_samples_are_one_picture_in_all_formats(folder: Path, tmp_path: Path) -> None:
    deep = SCENE.astype(np.uint16) * 16 + 15
    (folder / "deep.tif").write_bytes(by_opencv(deep, ".tif"))
    (tmp_path / "query.png").write_bytes(by_opencv(deep, ".png"))
    assert nearest(folder, tmp_path / "query.png")[0] == ("deep.tif", 0)


def test_white_pictures_on_nothing_are_told_apart(folder: Path, tmp_path: Path) -> None:
    (folder / "bar.png").write_bytes(by_pillow(white(slice(25, 35), slice(5, 55)), "PNG"))
    (folder / "square.png").write_bytes(by_pillow(white(slice(10, 50), slice(10, 50)), "PNG"))
    (tmp_path / "query.webp").write_bytes(by_pillow(white(slice(25, 35), slice(5, 55)), "WEBP", lossless=True))
    (first, distance), (second, other) = nearest(folder, tmp_path / "query.webp")[:2]
    assert (first, second, distance) == ("bar.png", "square.png", 0)
    assert other > 0.3


def test_a_film_that_fades_in_is_found_by_what_it_shows(folder: Path, tmp_path: Path) -> None:
    frames = [np.rint(SCENE * (step / 10)).astype(np.uint8) for step in range(11)]
    file = folder / "film.webp"
    film(frames, file)
    (tmp_path / "query.png").write_bytes(by_pillow(SCENE, "PNG"))
    name, distance = nearest(folder, tmp_path / "query.png")[0]
    assert name == "film.webp" and distance < 0.1


def film(frames: list[np.ndarray], file: Path) -> None:
    first, *rest = [Image.fromarray(np.ascontiguousarray(frame[..., ::-1])) for frame in frames]
    first.save(file, save_all=True, append_images=rest, duration=60, lossless=True)
