"""Draw the README's figures into images/ of the project; the networks must be set up."""

from __future__ import annotations

import os
import sys
import tempfile

import cv2

from docs.drawing.figures.describing import draw_describing
from docs.drawing.figures.material import PROJECT, index_catalogue, run_search
from docs.drawing.figures.page import save_figure
from docs.drawing.figures.searching import draw_searching
from docs.drawing.figures.tabletop import draw_tabletop
from docs.drawing.figures.timing import draw_timing

JEANS = "queries/Classic_Mid-Rise_Skinny_Jeansimg_00000050.jpg"
COAT = "queries/Cropped_Trench_Coatimg_00000004.jpg"

# What lies on the table that is searched for things.
PRINTS = (
    "Polka_Dot_Skater_Dressimg_00000010.jpg", "Fair_Isle_Knit_Sweaterimg_00000026.jpg",
    "Faux_Leather_Moto_Jacketimg_00000037.jpg",
)  # fmt: skip

# The picture that is described: its collar gives the upper regions a colour that the lower ones lack.
DESCRIBED = "Quilted_Puffer_Vestimg_00000036.jpg"


def main() -> int:
    """Draw everything and say what was written."""
    folder = PROJECT / "images"
    folder.mkdir(exist_ok=True)
    names = ("preprocessing_and_indexing.jpg", "searching.jpg", "search_time.png")
    paths = [str(folder / name) for name in names]
    results = [str(folder / f"Similar_images{number}.jpg") for number in range(1, 5)]
    with tempfile.TemporaryDirectory() as temporary:
        catalogue = index_catalogue(os.path.join(temporary, "index1.csv"))
        save_figure(paths[0], draw_describing(catalogue, DESCRIBED))
        save_figure(paths[1], draw_searching(catalogue, JEANS))
        save_figure(paths[2], draw_timing())
        run_search(catalogue, JEANS, results[0])
        run_search(catalogue, COAT, results[1], "--explain")
        catalogue = index_catalogue(os.path.join(temporary, "best.csv"), "best-without-objects")
        run_search(catalogue, COAT, results[2], "--explain")
        draw_things(temporary, results[3])
    for path in paths + results:
        print(f"{os.path.relpath(path, PROJECT)}: {os.path.getsize(path):,} bytes")
    return 0


def draw_things(temporary: str, path: str) -> None:
    """Draw how three things that lie on a table are found."""
    catalogue = index_catalogue(os.path.join(temporary, "objects.csv"), "objects")
    table = os.path.join(temporary, "table.png")
    cv2.imwrite(table, draw_tabletop(PRINTS))
    run_search(catalogue, table, path, "--explain")


if __name__ == "__main__":
    sys.exit(main())
