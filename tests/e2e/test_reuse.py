"""An index by networks alone spares a fused one the networks."""

import json
import os
import shutil
from pathlib import Path

import pytest

from src.describer import describe_files
from src.fuseddescriptor import FusedDescriptor
from src.imagereader import Reading
from src.indexer import index_folder, reusing
from tests.networks import needs_networks
from tests.programs import ROOT, fail, succeed

pytestmark = needs_networks
COUNT = 8


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with its indexes by networks, by colours, and by both, described anew."""
    place = tmp_path_factory.mktemp("reuse")
    (place / "photos").mkdir()
    for name in sorted(os.listdir(ROOT / "data"))[:: 225 // COUNT][:COUNT]:
        shutil.copy(ROOT / "data" / name, place / "photos" / name)
    for name in ("deep", "color", "best-without-objects", "best"):
        index(place, f"{name}.csv", name)
    return place


def index(place: Path, name: str, descriptor: str, *options: str | Path) -> None:
    words = list(
        map(str, ["--dataset", place / "photos", "--index", place / name, "--descriptor", descriptor, "--quiet"])
    )
    succeed("index.py", *words, *options)


def test_what_is_known_is_used_again_and_gives_the_same_index(place: Path) -> None:
    index(place, "reused.csv", "best", "--reuse", place / "deep.csv")
    assert (place / "reused.csv").read_bytes() == (place / "best.csv").read_bytes()
    asked = []

    def describe(files: object, setup: object) -> object:
        asked.append(setup.recipe.descriptor.name)  # type: ignore[attr-defined]
        return describe_files(files, setup)  # type: ignore[arg-type]

    descriptor = FusedDescriptor()
    describe_rest = reusing(str(place / "deep.csv"), descriptor, Reading(), describe)  # type: ignore[arg-type]
    report = index_folder(str(place / "photos"), str(place / "spied.csv"), descriptor, describe=describe_rest)
    assert (report.indexed, asked) == (COUNT, ["hsv-8x12x3-5-regions+thumbnail-12x16+orb-120-bits"])


def test_an_older_index_by_best_is_searched_and_only_what_it_lacks_is_described(place: Path) -> None:
    query = sorted((place / "photos").iterdir())[0]
    older, bare = place / "best-without-objects.csv", place / "older.csv"
    shutil.copy(older, bare)
    said = json.loads("\n".join(succeed("search.py", "--index", bare, "--query", query, "--json")))
    assert said["answers"][0]["results"][0]["distance"] == 0
    index(place, older.name, "best", "--rebuild", "--reuse", older)
    assert older.read_bytes() == (place / "best.csv").read_bytes()


def test_pictures_that_are_new_or_have_changed_are_described_whole(place: Path) -> None:
    photos = sorted((place / "photos").iterdir())
    one, other = photos[1].read_bytes(), photos[2].read_bytes()
    longer = max(len(one), len(other))
    # What stands behind the end of a JPEG does not count; both have one size now, and the index knows the first.
    photos[1].write_bytes(one.ljust(longer, b"\0"))
    photos[2].write_bytes(other.ljust(longer, b"\0"))
    index(place, "deep.csv", "deep")
    photos[1].write_bytes(other.ljust(longer, b"\0"))
    photos[2].write_bytes(one.ljust(longer, b"\0"))
    shutil.copy(photos[0], place / "photos" / "new.jpg")
    index(place, "reused.csv", "best", "--rebuild", "--reuse", place / "deep.csv")
    index(place, "anew.csv", "best")
    assert (place / "reused.csv").read_bytes() == (place / "anew.csv").read_bytes()


def test_an_index_can_be_made_more_of_in_its_own_place(place: Path) -> None:
    for name in ("deep.csv", "deep.csv.cache"):
        shutil.copy(place / name, place / f"own{name.removeprefix('deep')}")
    index(place, "own.csv", "best", "--rebuild", "--reuse", place / "own.csv")
    query = sorted((place / "photos").iterdir())[0]
    said = json.loads("\n".join(succeed("search.py", "--index", place / "own.csv", "--query", query, "--json")))
    assert said["answers"][0]["results"][0]["distance"] == 0


def test_an_index_that_is_of_no_use_is_told_in_a_line(place: Path) -> None:
    words = list(map(str, ["index.py", "--dataset", place / "photos", "--index", place / "x.csv", "--descriptor"]))
    said = fail(*words, "best", "--reuse", place / "color.csv")
    assert "color.csv is by color, of which best takes nothing over" in said
    said = fail(*words, "best", "--reuse", place / "best.csv")
    assert "best.csv is by best already" in said
    assert "by deep, of which color takes nothing over: --reuse is for the descriptor best" in fail(
        *words, "color", "--reuse", place / "deep.csv"
    )
    assert "other options (--full-resolution)" in fail(
        *words, "best", "--full-resolution", "--reuse", place / "deep.csv"
    )
    assert "none.csv cannot be read: No such file or directory" in fail(*words, "best", "--reuse", place / "none.csv")
    shutil.copy(place / "deep.csv", place / "bare.csv")
    assert "bare.csv is no index that can be used again" in fail(*words, "best", "--reuse", place / "bare.csv")
    assert not (place / "x.csv").exists()
