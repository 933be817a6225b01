"""Every descriptor from a folder of pictures to an answer: indexes know theirs, and none is taken for another."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from src.answer import Wanted, answer_all
from src.answerpicture import Outputs
from src.answertext import as_json, as_lines
from src.colordescriptor import ColorDescriptor
from src.descriptors import DEFAULT, TABLE, Descriptor, by_name, of_index, of_numbers
from src.distance import by_name as distance_by_name
from src.errors import IndexFileError
from src.imagereader import read_image
from src.indexer import index_folder
from src.searcher import Result, Searcher
from tests.describing import describe_here
from tests.descriptors import ALL, SignedGrid, in_table
from tests.indexes import read_table
from tests.pictures import write_picture, write_pictures
from tests.programs import ROOT, fail, run, succeed

NAMES = [f"{number}.png" for number in range(12)]
SEARCH = """
import json, sys
from src.searcher import Searcher
from tests.descriptors import in_table
with in_table():
    searcher = Searcher(sys.argv[1])
    print(json.dumps([searcher.descriptor.name, searcher.search(searcher.describe(sys.argv[2]), 5)]))
"""


@pytest.fixture(autouse=True)
def _in_table() -> Iterator[None]:
    with in_table():
        yield


@pytest.fixture(params=ALL, ids=lambda descriptor: descriptor.name)
def descriptor(request: pytest.FixtureRequest) -> Descriptor:
    made: Descriptor = request.param
    return made


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    write_picture(tmp_path / "photos" / "twin of 3.png", 3)
    return tmp_path / "photos"


def brute_force(photos: Path, descriptor: Descriptor, query: str, limit: int) -> list[Result]:
    distance, ids = distance_by_name(descriptor.distance), sorted(os.listdir(photos))
    described = descriptor.describe(read_image(query))
    found = [
        Result(float(distance.between(descriptor.describe(read_image(str(photos / one))), described)), one)
        for one in ids
    ]
    return sorted(found, key=lambda result: result.distance)[:limit]


def test_an_index_finds_with_every_descriptor_what_comparing_with_all_finds(
    photos: Path, descriptor: Descriptor
) -> None:
    path, query = str(photos.parent / "index.csv"), str(photos / "3.png")
    assert index_folder(str(photos), path, descriptor).indexed == 13
    searcher = Searcher(path)
    assert searcher.descriptor.name == descriptor.name
    wanted = brute_force(photos, descriptor, query, 5)
    assert [result.image_id for result in wanted[:2]] == ["3.png", "twin of 3.png"]
    assert searcher.search(searcher.describe(query), 5) == wanted
    explained = searcher.explain(searcher.describe(query), 5)
    assert [(one.distance, one.image_id) for one in explained] == wanted
    for one in explained:
        assert len(one.region_distances) == len(descriptor.parts)
        assert sum(one.region_distances) == pytest.approx(one.distance)
        parts = list(zip(one.region_distances, one.region_similarities, strict=True))
        assert all((distance == 0) == (similarity == 1) for distance, similarity in parts)
        assert all(0 <= similarity <= 1 for _, similarity in parts)


def test_an_index_survives_being_opened_in_another_process_with_and_without_its_cache(
    photos: Path, descriptor: Descriptor
) -> None:
    path, query = str(photos.parent / "index.csv"), str(photos / "5.png")
    index_folder(str(photos), path, descriptor)
    wanted = [descriptor.name, [list(result) for result in brute_force(photos, descriptor, query, 5)]]
    for caches in (True, False):
        if not caches:
            os.remove(path + ".cache")
        ended = subprocess.run([sys.executable, "-c", SEARCH, path, query], cwd=ROOT, capture_output=True, check=True)
        assert json.loads(ended.stdout) == wanted


def test_an_index_is_brought_up_to_date_by_the_descriptor_it_is_of(photos: Path, descriptor: Descriptor) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, descriptor)
    before = Path(path).read_bytes()
    write_picture(photos / "new.png", 99)
    report = index_folder(str(photos), path, descriptor)
    assert (report.indexed, report.new) == (14, 1)
    os.remove(photos / "new.png")
    assert index_folder(str(photos), path, descriptor).removed == 1
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize(("made", "wanted"), list(permutations(ALL, 2)), ids=lambda one: one.name)
@pytest.mark.parametrize("has_cache", [True, False])
def test_an_index_of_another_descriptor_is_refused_by_both_names(
    photos: Path, made: Descriptor, wanted: Descriptor, has_cache: bool
) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, made, describe=describe_here)
    if not has_cache:
        os.remove(path + ".cache")
    with pytest.raises(IndexFileError) as refused:
        Searcher(path, wanted)
    if has_cache or made.dimension == wanted.dimension:
        assert made.name in str(refused.value)
        assert wanted.name in str(refused.value)
    else:
        assert f"{made.dimension} numbers, {wanted.dimension} are needed" in str(refused.value)


def test_the_vector_of_another_descriptor_is_refused_as_a_query(photos: Path) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, ColorDescriptor())
    searcher, picture = Searcher(path), read_image(str(photos / "0.png"))
    with pytest.raises(ValueError, match=r"shape \(1440,\), not \(12,\).*hsv-8x12x3-5-regions"):
        searcher.search(SignedGrid().describe(picture))
    with pytest.raises(ValueError, match=r"only finite numbers from 0 up.*hsv-8x12x3-5-regions"):
        searcher.search(by_name("twin").describe(picture))


@pytest.mark.parametrize("name", [*TABLE, "grid", "twin"])
def test_the_numbers_of_an_index_tell_which_descriptor_of_the_table_they_are_of(photos: Path, name: str) -> None:
    """So an index that has lost its cache is not searched as one of another descriptor."""
    maker = by_name(name)
    index_folder(str(photos), str(photos.parent / "index.csv"), maker)
    for vector in read_table(str(photos.parent / "index.csv"), maker.dimension, maker.distance).features:
        assert of_numbers(vector).name == maker.name


def test_the_table_says_the_truth_and_loads_nothing_until_it_is_asked() -> None:
    for name, entry in TABLE.items():
        maker = by_name(name)
        assert (maker.name, maker.dimension) == (entry.name, entry.dimension)
        assert distance_by_name(maker.distance).name == maker.distance
        found = of_index(maker.name)
        assert found is not None
        assert type(found) is type(maker)
        again = type(maker)(**maker.options)
        assert again.name == maker.name
    code = "import sys, src.descriptors; sys.exit(bool({'cv2', 'src.colordescriptor'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_names_that_are_not_in_the_table_are_refused() -> None:
    assert DEFAULT in TABLE
    with pytest.raises(ValueError, match="no descriptor 'sift', only 'color', 'color-root'"):
        by_name("sift")
    assert of_index("os:system") is None
    assert of_numbers(np.empty(0, np.float32)).name == by_name(DEFAULT).name


def test_an_index_of_a_descriptor_that_is_not_known_here_can_be_searched_by_vectors(photos: Path) -> None:
    class Own(SignedGrid):
        def __init__(self, side: int = 3) -> None:
            super().__init__(side)
            self.name = "own"

    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, Own(), describe=describe_here)
    vector = Own().describe(read_image(str(photos / "4.png")))
    assert Searcher(path).search(vector, 1) == [Result(0.0, "4.png")]
    with pytest.raises(IndexFileError, match="is of the descriptor own, which is not known here"):
        _ = Searcher(path).descriptor
    assert Searcher(path, Own()).explain(vector, 1)[0].image_id == "4.png"
    said = fail("search.py", "--index", path, "--query", photos / "4.png")
    assert re.search("index.csv is of the descriptor own, which is not known here", said)


def test_vectors_that_their_distance_cannot_compare_are_skips_and_no_rows(photos: Path) -> None:
    class Lying(SignedGrid):
        distance = "chi-squared"

    with pytest.raises(IndexFileError, match="no image to index"):
        index_folder(str(photos), str(photos.parent / "index.csv"), Lying(), describe=describe_here)


def test_the_programs_index_and_search_by_the_default(photos: Path) -> None:
    index = photos.parent / "index.csv"
    succeed("index.py", "--dataset", photos, "--index", index)
    assert Searcher(str(index)).descriptor.name == by_name(DEFAULT).name


def test_the_descriptor_is_chosen_by_name(photos: Path) -> None:
    index = photos.parent / "index.csv"
    succeed("index.py", "--dataset", photos, "--index", index, "--descriptor", DEFAULT)
    assert Searcher(str(index)).descriptor.name == by_name(DEFAULT).name
    ended = run("index.py", "--dataset", photos, "--index", index, "--descriptor", "sift")
    assert ended.returncode == 2
    assert b"invalid choice: 'sift'" in ended.stderr


def test_an_index_of_another_descriptor_is_not_replaced_unless_that_is_asked_for(photos: Path) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, SignedGrid())
    before = Path(path).read_bytes()
    with pytest.raises(IndexFileError, match=r"descriptor signed-grid-2x2, not of hsv-8x12x3-5-regions: .*--rebuild"):
        index_folder(str(photos), path, ColorDescriptor())
    said = fail("index.py", "--dataset", photos, "--index", path)
    assert "is of the descriptor signed-grid-2x2, not of hsv-8x12x3-5-regions" in said
    said = fail("index.py", "--index", path, "--add", photos / "0.png")
    assert "is of the descriptor signed-grid-2x2, not of hsv-8x12x3-5-regions" in said
    assert Path(path).read_bytes() == before
    succeed("index.py", "--dataset", photos, "--index", path, "--rebuild")
    assert Searcher(path).descriptor.name == by_name(DEFAULT).name


@pytest.mark.parametrize("has_cache", [True, False])
def test_a_run_that_names_no_descriptor_goes_on_with_that_of_the_index(photos: Path, has_cache: bool) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, SignedGrid())
    write_picture(photos / "new.png", 99)
    if not has_cache:
        os.remove(path + ".cache")
    assert index_folder(str(photos), path).indexed == 14
    assert Searcher(path).descriptor.name == SignedGrid().name


@pytest.mark.parametrize("has_cache", [True, False])
def test_an_index_without_its_cache_is_not_replaced_by_one_of_another_descriptor_either(
    photos: Path, has_cache: bool
) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, ColorDescriptor())
    before = Path(path).read_bytes()
    if not has_cache:
        os.remove(path + ".cache")
    with pytest.raises(IndexFileError, match="hsv-8x12x3-5-regions, not of signed-twin: .*--rebuild"):
        index_folder(str(photos), path, by_name("twin"))
    assert Path(path).read_bytes() == before


def test_an_index_of_signed_numbers_that_lost_its_cache_is_brought_up_to_date_too(photos: Path) -> None:
    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, by_name("twin"))
    os.remove(path + ".cache")
    assert index_folder(str(photos), path, by_name("twin")).indexed == 13


SCRIPT = """
import sys
from src.indexer import index_folder
{how}
try:
    print(index_folder(sys.argv[1], sys.argv[2], Own()).indexed)
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""
OWN = "from tests.descriptors import SignedGrid\nclass Own(SignedGrid):\n    pass\n"


def test_a_descriptor_in_a_module_beside_a_script_is_made_by_the_other_process_too(photos: Path) -> None:
    (photos.parent / "own.py").write_text(OWN)
    (photos.parent / "script.py").write_text(SCRIPT.format(how="from own import Own"))
    assert run_script(photos) == "13\n"


def test_a_descriptor_that_the_other_process_cannot_make_is_said_to_be_the_trouble(photos: Path) -> None:
    (photos.parent / "script.py").write_text(SCRIPT.format(how=OWN))
    assert run_script(photos).startswith(
        "WorkerFailed: the describing process cannot make the descriptor: AttributeError: Can't get attribute 'Own'"
    )
    local = "def make():\n    " + OWN.replace("\n", "\n    ") + "\n    return Own\nOwn = make()\n"
    (photos.parent / "script.py").write_text(SCRIPT.format(how=local))
    assert run_script(photos).startswith("WorkerFailed: the describing process cannot be told of the descriptor: ")


def run_script(photos: Path) -> str:
    command = [sys.executable, str(photos.parent / "script.py"), str(photos), str(photos.parent / "index.csv")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("parts", [(), ("blue", "green", "red"), ("a", "b", "c", "d", "e", "f")])
def test_what_explains_a_distance_is_told_for_any_parts_and_drawn_for_regions_alone(
    photos: Path, parts: tuple[str, ...]
) -> None:
    class Parted(SignedGrid):
        def __init__(self) -> None:
            super().__init__(2)
            self.parts = parts

    path, query = str(photos.parent / "index.csv"), str(photos / "4.png")
    index_folder(str(photos), path, Parted(), describe=describe_here)
    searcher = Searcher(path, Parted())
    answers = answer_all([query], searcher, str(photos), Wanted(explain=True, keep_pictures=True))
    lines, (value,) = as_lines(answers, name_query=False), as_json(answers)
    for line, result in zip(lines, value["results"], strict=True):
        assert line.count("\t") == (4 if parts else 3)
        assert list(result.get("regions", {})) == list(parts)
    outputs = Outputs(str(photos.parent / "result.png"), [query])
    outputs.check(path, searcher, str(photos))
    outputs.save(answers, 100)
    assert read_image(str(photos.parent / "result.png")).shape[2] == 3


@pytest.mark.parametrize("numbers", ["0.5,nan" + ",0.5" * 1438, ",".join(["-0.5"] * 1440)])
def test_a_table_of_somebody_else_is_not_taken_for_an_index(photos: Path, numbers: str) -> None:
    path = photos.parent / "table.csv"
    path.write_text(f"x,{numbers}\nprecious\n")
    assert "is there and is not an index" in fail("index.py", "--dataset", photos, "--index", path)
    assert path.read_text().endswith("precious\n")


def test_an_index_of_the_same_name_with_other_vectors_is_not_replaced_either(photos: Path) -> None:
    class Renamed(SignedGrid):
        def __init__(self, side: int = 2) -> None:
            super().__init__(side)
            self.name = "same"

    class Other(Renamed):
        distance = "chi-squared"

    path = str(photos.parent / "index.csv")
    index_folder(str(photos), path, Renamed(), describe=describe_here)
    before = Path(path).read_bytes()
    for other in (Renamed(3), Other()):
        with pytest.raises(IndexFileError, match="same with 12 numbers, compared by cosine, not of one with"):
            index_folder(str(photos), path, other, describe=describe_here)
    assert Path(path).read_bytes() == before
