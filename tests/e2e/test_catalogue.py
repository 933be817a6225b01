"""The sample catalogue is what the project's own script draws, and finds what a user would expect."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from docs.drawing.catalogue import draw_catalogue
from src.colordescriptor import ColorDescriptor
from src.imagereader import read_image
from src.searcher import Searcher
from tests.programs import ROOT, succeed

DATA, QUERIES = ROOT / "data", ROOT / "queries"
# Between the OpenCV versions that are supported, single pixels of a drawing differ; the drawing does not.
LARGEST_MEAN_DIFFERENCE = 2.0


def product(path: Path) -> str:
    return path.name.split("img_")[0]


def test_the_script_draws_the_pictures_that_are_shipped(tmp_path: Path) -> None:
    name = "Cropped_Trench_Coat"
    draw_catalogue(tmp_path / "data", tmp_path / "queries", only=[name])
    drawn = sorted(tmp_path.rglob("*.jpg"))
    assert len(drawn) >= 7
    assert {path.relative_to(tmp_path) for path in drawn} == {
        path.relative_to(ROOT) for folder in (DATA, QUERIES) for path in folder.glob(f"{name}img_*.jpg")
    }
    for path in drawn:
        shipped = read_image(str(ROOT / path.relative_to(tmp_path)))
        assert cv2.absdiff(read_image(str(path)), shipped).mean() < LARGEST_MEAN_DIFFERENCE


def test_it_has_enough_garments_in_enough_photos_and_is_small() -> None:
    photos = Counter(product(path) for path in DATA.iterdir())
    assert len(photos) >= 24
    assert min(photos.values()) >= 6
    assert sum(path.stat().st_size for folder in (DATA, QUERIES) for path in folder.iterdir()) <= 4_000_000


def test_it_holds_copies_of_both_kinds() -> None:
    contents = Counter(path.read_bytes() for path in DATA.iterdir())
    assert sum(count > 1 for count in contents.values()) >= 3
    sizes = Counter(read_image(str(path)).shape for path in DATA.iterdir())
    assert sizes[300, 300, 3] > 200
    assert len(sizes) > 1


def test_most_queries_find_their_own_product(tmp_path: Path) -> None:
    succeed("index.py", "--dataset", DATA, "--index", tmp_path / "index.csv")
    searcher = Searcher(str(tmp_path / "index.csv"))
    own = []
    for query in sorted(QUERIES.iterdir()):
        results = searcher.search(ColorDescriptor().describe(read_image(str(query))))
        own.append(sum(product(Path(result.image_id)) == product(query) for result in results))
    assert np.mean(np.array(own) == 3) >= 0.75
