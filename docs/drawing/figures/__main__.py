"""Draw the README's figures into images/ of the project; the networks must be set up."""

from __future__ import annotations

import os
import sys
import tempfile

from docs.drawing.figures.describing import draw_describing
from docs.drawing.figures.material import PROJECT, index_catalogue, run_search
from docs.drawing.figures.page import save_figure
from docs.drawing.figures.searching import draw_searching
from docs.drawing.figures.timing import draw_timing

JEANS = "queries/Classic_Mid-Rise_Skinny_Jeansimg_00000050.jpg"
COAT = "queries/Cropped_Trench_Coatimg_00000004.jpg"

# The picture that is described: its collar gives the upper regions a colour that the lower ones lack.
DESCRIBED = "Quilted_Puffer_Vestimg_00000036.jpg"


def main() -> int:
    """Draw everything and say what was written."""
    folder = PROJECT / "images"
    folder.mkdir(exist_ok=True)
    names = ("preprocessing_and_indexing.jpg", "searching.jpg", "search_time.png")
    paths = [str(folder / name) for name in names]
    results = [str(folder / name) for name in ("Similar_images1.jpg", "Similar_images2.jpg", "Similar_images3.jpg")]
    with tempfile.TemporaryDirectory() as temporary:
        catalogue = index_catalogue(os.path.join(temporary, "index1.csv"))
        save_figure(paths[0], draw_describing(catalogue, DESCRIBED))
        save_figure(paths[1], draw_searching(catalogue, JEANS))
        save_figure(paths[2], draw_timing())
        run_search(catalogue, JEANS, results[0])
        run_search(catalogue, COAT, results[1], "--explain")
        catalogue = index_catalogue(os.path.join(temporary, "best.csv"), "best")
        run_search(catalogue, COAT, results[2], "--explain")
    for path in paths + results:
        print(f"{os.path.relpath(path, PROJECT)}: {os.path.getsize(path):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
