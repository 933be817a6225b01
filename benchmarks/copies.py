"""Makes copies of photos, each with one change, as a folder of groups for benchmarks/duplicates.py.

    python benchmarks/copies.py --dataset photos --output copies --photos 100 --alone 1000
    python benchmarks/copies.py --dataset photos --output turned --changes 'turn-*' 'crop-*'

Every photo gets a sub-folder: the photo as `original`, and a file named by each change (benchmarks/changes.py lists
them). Further photos go into the sub-folder `alone`. Which photos these are, and all that is by chance, depends on the
seed only. Nothing that is there is written over.
"""

import argparse
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.changes import CHANGES, Change  # noqa: E402
from benchmarks.rows import default_folder  # noqa: E402
from src.errors import UnreadableImage  # noqa: E402
from src.imagereader import read_image  # noqa: E402

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
ORIGINAL, ALONE = "original", "alone"


def copy_photo(photo: Path, folder: Path, changes: list[Change], seed: int) -> bool:
    """Write a photo and its changed copies into a new folder; False if it cannot be read."""
    try:
        pixels = read_image(str(photo))
    except UnreadableImage as error:
        print(f"{photo}: left out: {error}", file=sys.stderr)
        return False
    folder.mkdir()
    shutil.copyfile(photo, folder / f"{ORIGINAL}{photo.suffix.lower()}")
    content = photo.read_bytes()
    for number, change in enumerate(changes):
        copy = folder / f"{change.name}{change.suffix or photo.suffix.lower()}"
        copy.write_bytes(change.make(content, pixels, np.random.default_rng((seed, number))))
    return True


def chosen_changes(patterns: list[str]) -> list[Change]:
    """Return the changes whose names one of the patterns matches."""
    changes = [change for change in CHANGES if any(fnmatch(change.name, pattern) for pattern in patterns)]
    if not changes:
        raise SystemExit(f"no change has such a name: {' '.join(patterns)}; --list names them")
    return changes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, default=default_folder(PROJECT), help="folder of photos")
    parser.add_argument("--output", type=Path, help="folder to make; it must not be there")
    parser.add_argument("--photos", type=int, default=100, help="how many photos get copies")
    parser.add_argument("--alone", type=int, default=0, help="how many further photos get none")
    parser.add_argument("--changes", nargs="+", default=["*"], metavar="PATTERN", help="which changes; all by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="print the names of the changes and end")
    options = parser.parse_args()
    changes = chosen_changes(options.changes)
    if options.list:
        print("\n".join(change.name for change in changes))
        return
    if options.output is None:
        raise SystemExit("where should the copies go? name a folder with --output")
    paths = sorted(path for path in options.dataset.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise SystemExit(f"{options.dataset}: no photos to copy; name a folder of photos with --dataset")
    try:
        options.output.mkdir(parents=True)
    except FileExistsError:
        raise SystemExit(f"{options.output}: is there already; name a new folder") from None

    order = np.random.default_rng(options.seed).permutation(len(paths))
    copied = [paths[place] for place in order[: options.photos]]
    folders = [options.output / f"{number:04}-{_plain(photo.stem)}" for number, photo in enumerate(copied)]
    with ThreadPoolExecutor() as threads:
        seeds = range(options.seed * len(paths), options.seed * len(paths) + len(copied))
        done = list(threads.map(copy_photo, copied, folders, [changes] * len(copied), seeds))
    alone = [paths[place] for place in order[options.photos : options.photos + options.alone]]
    if alone:
        (options.output / ALONE).mkdir()
    for number, photo in enumerate(alone):
        shutil.copyfile(photo, options.output / ALONE / f"{number:05}-{_plain(photo.stem)}{photo.suffix.lower()}")
    print(f"{sum(done)} photos with {len(changes)} copies each, and {len(alone)} alone, in {options.output}")


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name)[:40]


if __name__ == "__main__":
    main()
