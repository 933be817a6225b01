"""Measures --descriptor objects: photos of things against pictures of them, among others, and what is not there.

    python benchmarks/objects.py
    python benchmarks/objects.py --things covers/reference --photos covers/photo --others corel1k clothing \
        --absent grocery --views near-duplicates --json objects.json

A photo shows the thing whose picture has the same name. It is asked as it is and also blurred, small, shaken, dark and
seen at a steeper angle. Pictures of absent folders show nothing of the index: each answer to one of them is false.
Sub-folders of --views hold several views of one thing; how many of the others are among the nearest three is reported.
Without options, the folders are those of ../shared/images; where these are missing, nothing is measured.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.truth import SUFFIXES  # noqa: E402
from src.descriptors import by_name  # noqa: E402
from src.imagefiles import find_files  # noqa: E402
from src.imagereader import read_image  # noqa: E402
from src.indexer import index_folder  # noqa: E402
from src.searcher import Searcher  # noqa: E402

IMAGES = PROJECT.parent / "shared" / "images"
LONGEST_SIDE, SMALL_SIDE = 640, 300
TIMED_PICTURES = 200  # whose describing is measured alone

Image = NDArray[np.uint8]


def as_image(picture: Any) -> Image:
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def fitted(picture: Image, longest: int) -> Image:
    """Return a picture no larger than that."""
    scale = longest / max(picture.shape[:2])
    return (
        picture if scale >= 1 else as_image(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    )


def dark(picture: Image) -> Image:
    """Return a picture as a bad camera takes it in the evening: dark, noisy, strongly compressed."""
    noise = np.random.default_rng(picture.shape[1]).normal(0, 6, picture.shape)
    _, data = cv2.imencode(".jpg", as_image((picture / 255.0) ** 1.5 * 110 + noise), [cv2.IMWRITE_JPEG_QUALITY, 40])
    return as_image(cv2.imdecode(data, cv2.IMREAD_COLOR))


def steeper(picture: Image) -> Image:
    """Return a picture as it is seen from aside, and turned a little."""
    height, width = picture.shape[:2]
    ends = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * (width, height)
    places = np.array([[0.15, 0.1], [0.95, 0.25], [0.8, 0.95], [0.05, 0.75]], np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(ends.astype(np.float32), places.astype(np.float32))
    return as_image(cv2.warpPerspective(picture, matrix, (width, height)))


CHANGES: dict[str, Callable[[Image], Image]] = {
    "as it is": lambda photo: photo,
    "blurred": lambda photo: as_image(cv2.GaussianBlur(photo, (0, 0), 2.0)),
    "small": lambda photo: fitted(photo, SMALL_SIDE),
    "shaken": lambda photo: as_image(cv2.blur(photo, (9, 1))),
    "dark": dark,
    "steeper": steeper,
}


def files_of(folders: Iterable[Path]) -> list[Path]:
    """Return the pictures of folders, whatever else lies there."""
    paths = [Path(file.path) for folder in folders for file in find_files(str(folder)).files]
    return [path for path in paths if path.suffix.lower() in SUFFIXES]


def ask(searcher: Searcher, picture: Image, times: list[float], limit: int = 3) -> list[str]:
    """Return what is found, nearest first; what it took is added to the times, in milliseconds."""
    start = time.perf_counter()
    found = searcher.search(searcher.recipe().descriptor.describe(picture), limit)
    times.append(1000 * (time.perf_counter() - start))
    return [one.image_id for one in found]


def measure_photos(searcher: Searcher, things: Path, photos: Path, times: list[float]) -> dict[str, Any]:
    """Return for each change in how many photos the thing is found first, of how many."""
    right: dict[str, int] = dict.fromkeys(CHANGES, 0)
    files = files_of([photos])
    own = f"{things.name}//" if searcher.folders else ""
    names = {Path(image_id).stem: image_id for image_id in searcher.ids if image_id.startswith(own)}
    for file in files:
        photo = fitted(read_image(str(file)), LONGEST_SIDE)
        for name, change in CHANGES.items():
            right[name] += ask(searcher, change(photo), times)[:1] == [names[file.stem]]
    return {"photos": len(files), "right": right}


def measure_views(searcher: Searcher, views: Path) -> dict[str, Any]:
    """Return which share of the other views of a thing is among the three that are nearest, itself left out."""
    found = wanted = 0
    for folder in sorted(path for path in views.iterdir() if path.is_dir()):
        names = [path.name for path in files_of([folder])]
        for name in names:
            near = ask(searcher, read_image(str(folder / name)), [], 4)
            others = [one for one in near if one.split("/")[-2:] != [folder.name, name]][:3]
            found += sum(one.split("/")[-2] == folder.name for one in others)
            wanted += min(len(names) - 1, 3)
    return {"found": found, "of": wanted}


def describing_ms(files: list[Path]) -> float:
    """Return how long one thread describes a picture that is decoded, in milliseconds of CPU time."""
    descriptor, spent = by_name("objects"), 0.0
    step = max(len(files) // TIMED_PICTURES, 1)
    for file in files[::step]:
        picture = read_image(str(file))
        start = time.process_time()
        descriptor.describe(picture)
        spent += time.process_time() - start
    return 1000 * spent / len(files[::step])


def measure(options: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    """Index the folders, and ask everything."""
    folders = [options.things, *options.others]
    index = scratch / "objects.csv"
    report = index_folder([str(folder) for folder in folders], str(index), by_name("objects"))
    searcher = Searcher(str(index))
    times: list[float] = []
    result: dict[str, Any] = {"pictures": report.indexed}
    result |= measure_photos(searcher, options.things, options.photos, times)
    absent = files_of(options.absent)
    result["false"] = {str(file): found for file in absent if (found := ask(searcher, read_image(str(file)), times))}
    result["absent"] = len(absent)
    result["query_ms"] = float(np.median(times))
    result["bytes"] = sum(path.stat().st_size for path in scratch.glob("objects.csv*")) / report.indexed
    result["describing_ms"] = describing_ms(files_of(folders))
    if options.views:
        index_folder(str(options.views), str(scratch / "views.csv"), by_name("objects"))
        result["views"] = measure_views(Searcher(str(scratch / "views.csv")), options.views)
    return result


def tell(result: dict[str, Any]) -> None:
    """Print the table."""
    count = result["photos"]
    print(f"{count} photos of things among {result['pictures']:,} pictures\n\n| | |\n|---|---|")
    for name, right in result["right"].items():
        print(f"| hit@1, {name} | {right / max(count, 1):.2f} |")
    print(f"| false answers | {len(result['false'])} of {result['absent']} |")
    if "views" in result:
        found, of = result["views"]["found"], result["views"]["of"]
        print(f"| other views among the nearest 3 | {found / max(of, 1):.2f} of {of} |")
    print(f"| bytes a picture on disk | {result['bytes']:,.0f} |")
    print(f"| describing a decoded picture, CPU | {result['describing_ms']:.1f} ms |")
    print(f"| describing and searching a query, median | {result['query_ms']:.0f} ms |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--things", type=Path, default=IMAGES / "covers" / "reference", help="a picture of each thing")
    parser.add_argument("--photos", type=Path, default=IMAGES / "covers" / "photo", help="photos, named as the things")
    others = [IMAGES / "corel1k", IMAGES / "clothing"]
    parser.add_argument("--others", type=Path, nargs="*", default=others, help="folders that are indexed too")
    absent = [IMAGES / "grocery"]
    parser.add_argument("--absent", type=Path, nargs="*", default=absent, help="folders that show nothing of the index")
    parser.add_argument("--views", type=Path, help="a folder with a sub-folder of views for each thing")
    parser.add_argument("--json", type=Path, help="write results to this file")
    options = parser.parse_args()
    for folder in (options.things, options.photos, *options.others, *options.absent):
        if not folder.is_dir():
            print(f"{folder}: there is no such folder; nothing is measured")
            return
    with tempfile.TemporaryDirectory() as scratch:
        result = measure(options, Path(scratch))
    tell(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
