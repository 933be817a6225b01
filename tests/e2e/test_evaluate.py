"""evaluate.py as a process, on class folders made of the sample catalogue."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from src.distance import chi_squared
from src.searcher import Searcher
from tests.pictures import write_pictures
from tests.programs import ROOT, fail, run, succeed

MEASURES = ["precision@1", "precision@3", "precision@10", "map"]


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Class folders: three of six products, one of one picture, and a picture in none."""
    folder = tmp_path_factory.mktemp("evaluate") / "photos"
    names = sorted(os.listdir(ROOT / "data"))
    products = sorted({name.split("img_")[0] for name in names})[:3]
    for product in products:
        (folder / "clothes" / product).mkdir(parents=True)
        for name in [name for name in names if name.startswith(product)][:5]:
            shutil.copy(ROOT / "data" / name, folder / "clothes" / product / name)
    write_pictures(folder, ["lone/a.png", "top.png"])
    (folder / "lone" / "broken.jpg").write_bytes((ROOT / "data" / names[0]).read_bytes()[:900])
    return folder


@pytest.fixture(scope="module")
def cache(classes: Path) -> Path:
    return classes.parent / "cache"


def evaluated(*arguments: str | os.PathLike[str]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads("\n".join(succeed("evaluate.py", "--json", "-q", *arguments)))
    return values


def brute_force(index: str) -> Iterator[tuple[str, float, float, float, float]]:
    """Rank by the definition of the distance alone; yield the class of each query and its measures."""
    searcher = Searcher(index)
    ids, rows = searcher.ids[:], searcher.vectors(0, len(searcher))
    kept = [row for row, id_ in enumerate(ids) if "/" in id_]
    kinds = {row: ids[row].rpartition("/")[0] for row in kept}
    for query in kept:
        others = sorted((float(chi_squared(rows[query], rows[row])), row) for row in kept if row != query)
        good = [kinds[row] == kinds[query] for _, row in others]
        if any(good):
            ranks = [rank for rank, one in enumerate(good, 1) if one]
            average = sum(number / rank for number, rank in enumerate(ranks, 1)) / len(ranks)
            yield kinds[query], good[0], sum(good[:3]) / 3, sum(good[:10]) / 10, average


def test_the_numbers_are_those_of_comparing_each_with_each(classes: Path, cache: Path) -> None:
    found = evaluated("--dataset", classes, "--cache", cache)
    assert (found["images"], found["queries"], found["map_depth"]) == (16, 15, None)
    assert found["skipped"] == ["lone/broken.jpg"]
    assert found["left_out"] == {"without_class": 1, "not_in_every_index": 0, "classes_of_one": ["lone"]}
    assert list(found) == [
        "dataset", "skipped", "images", "queries", "map_depth", "confusion_depth", "classes", "left_out", "results",
        "differences",
    ]  # fmt: skip
    (result,) = found["results"]
    assert list(result) == ["name", "descriptor", "index", *MEASURES, "classes", "confusion", "worst"]
    assert list(result["worst"][0]) == ["query", *MEASURES, "found"]
    assert (result["name"], result["descriptor"]) == ("color", "hsv-8x12x3-5-regions")
    wanted = list(brute_force(result["index"]))
    np.testing.assert_allclose([result[one] for one in MEASURES], np.mean([one[1:] for one in wanted], axis=0))
    for name, of_class in result["classes"].items():
        own = [one[1:] for one in wanted if one[0] == name]
        assert of_class["queries"] == len(own) == 5
        np.testing.assert_allclose([of_class[one] for one in MEASURES], np.mean(own, axis=0))
        # Of what was found first: as often its own class as precision says.
        row = result["confusion"][name]
        assert sum(row.values()) == 15
        assert row.get(name, 0) == pytest.approx(15 * of_class["precision@3"])
    assert [one["map"] for one in result["worst"]] == sorted(one[4] for one in wanted)[:10]
    assert all(len(one["found"]) == 10 and one["query"] not in one["found"] for one in result["worst"])


def test_a_second_run_describes_nothing_and_says_the_same(classes: Path, cache: Path) -> None:
    first = evaluated("--dataset", classes, "--cache", cache)
    (index,) = cache.glob("photos-color-*.csv")
    before = index.stat()
    assert evaluated("--dataset", classes, "--cache", cache) == first
    assert index.stat() == before
    assert sorted(path.name for path in classes.iterdir()) == ["clothes", "lone", "top.png"]


def test_the_table_has_a_row_for_each_class_and_intervals_between_indexes(classes: Path, cache: Path) -> None:
    (index,) = cache.glob("photos-color-*.csv")
    full = classes.parent / "full.csv"
    succeed("index.py", "--dataset", classes, "--index", full, "--full-resolution", "-q")
    ended = run("evaluate.py", "--index", index, full)
    lines = ended.stdout.decode().splitlines()
    assert lines[0].split() == ["color", f"({index.name})", "color", "(full.csv)"]
    assert lines[1].split() == ["class", "queries", *["P@1", "P@3", "P@10", "mAP"] * 2]
    assert lines[2].split()[:2] == ["all", "15"]
    assert [line.split()[1] for line in lines[3:6]] == ["5", "5", "5"]
    assert lines[-1].startswith(f"color (full.csv) - color ({index.name})    +0.000 [+0.000 +0.000]")
    said = ended.stderr.decode().splitlines()
    assert said == ["left out 1 picture in no class folder", "1 class of one picture, which was not searched for"]


def test_indexes_are_evaluated_as_they_are_on_what_they_have_in_common(classes: Path, cache: Path) -> None:
    (index,) = cache.glob("photos-color-*.csv")
    fewer = classes.parent / "fewer.csv"
    lines = index.read_bytes().splitlines(keepends=True)
    fewer.write_bytes(b"".join(lines[1:]))
    before = fewer.read_bytes()
    found = evaluated("--index", index, fewer)
    assert (found["images"], found["left_out"]["not_in_every_index"]) == (15, 1)
    first, second = found["results"]
    assert [first[one] for one in MEASURES] == [second[one] for one in MEASURES]
    assert fewer.read_bytes() == before
    (difference,) = found["differences"]
    assert (difference["of"], difference["minus"]) == ("color (fewer.csv)", f"color ({index.name})")
    assert difference["map"] == {"difference": 0, "low": 0, "high": 0}


def test_a_file_says_what_should_be_found(classes: Path, cache: Path) -> None:
    product = classes / "clothes" / sorted(os.listdir(classes / "clothes"))[0]
    query, first, second = (f"clothes/{product.name}/{name}" for name in sorted(os.listdir(product))[:3])
    truth = classes.parent / "truth.csv"
    truth.write_text(f"query,relevant\n{query},{first},{query}\n{query},{second}\n")
    # The queries are pictures of the dataset: none finds itself.
    found = evaluated("--dataset", classes, "--cache", cache, "--queries", classes, "--truth", truth)
    assert (found["images"], found["queries"], found["classes"]) == (17, 1, {})
    (result,) = found["results"]
    searcher = Searcher(result["index"])
    ranked = [one.image_id for one in searcher.search(searcher.describe(str(classes / query)), 17)][1:]
    ranks = sorted(ranked.index(one) + 1 for one in (first, second))
    assert result["map"] == pytest.approx((1 / ranks[0] + 2 / ranks[1]) / 2)
    assert result["worst"][0]["found"] == ranked[:10]
    truth.write_text(f"{query},{first}\n{query},no.jpg\n")
    said = fail("evaluate.py", "-q", "--dataset", classes, "--cache", cache, "--queries", classes, "--truth", truth)
    assert said == f"evaluate.py: {truth}, line 2: there is no picture 'no.jpg' in the dataset\n"


def test_folders_of_one_name_in_several_datasets_are_one_class(tmp_path: Path) -> None:
    write_pictures(tmp_path, [f"{part}/{kind}/{n}.png" for part in ("a", "b") for kind in "xy" for n in range(2)])
    os.symlink(tmp_path / "a" / "x", tmp_path / "b" / "link")
    found = evaluated("-d", tmp_path / "a", "-d", tmp_path / "b", "--cache", tmp_path / "cache")
    assert found["classes"] == {"link": 2, "x": 4, "y": 4}


def test_the_picture_is_written_and_replaces_nothing_but_one(classes: Path, cache: Path, tmp_path: Path) -> None:
    output = tmp_path / "evaluation.png"
    common = ["--dataset", str(classes), "--cache", str(cache), "-q", "--output"]
    succeed("evaluate.py", *common, output)
    first = output.read_bytes()
    drawn = cv2.imread(str(output))
    assert drawn is not None
    assert drawn.shape[1] == 1600
    succeed("evaluate.py", *common, output)
    assert output.read_bytes() == first
    output.write_bytes(b"mine")
    assert "is no result picture" in fail("evaluate.py", *common, output)
    product = next(classes.glob("clothes/*/*.jpg"))
    before = product.read_bytes()
    assert "is the index or one of the pictures" in fail("evaluate.py", *common, product, "--force")
    assert product.read_bytes() == before
    (index,) = cache.glob("photos-color-*.csv")
    shutil.copy(index, tmp_path / "index.png")
    said = fail("evaluate.py", "-i", tmp_path / "index.png", "--force", "-o", tmp_path / "index.png")
    assert "is the index or one of the pictures" in said


def test_bad_input_ends_in_one_line_and_writes_nothing(classes: Path, tmp_path: Path) -> None:
    cache = ["--cache", str(tmp_path / "cache")]
    (tmp_path / "empty").mkdir()
    write_pictures(tmp_path / "flat", ["a.png", "b.png"])
    write_pictures(tmp_path / "one", ["x/a.png", "x/b.png"])
    assert "has no class folders" in fail("evaluate.py", "-d", tmp_path / "flat", *cache)
    assert "has one class only, 'x'" in fail("evaluate.py", "-d", tmp_path / "one", *cache)
    assert "No such file" in fail("evaluate.py", "-d", tmp_path / "none", *cache)
    assert not (tmp_path / "cache").exists()
    assert "there is no image to index" in fail("evaluate.py", "-d", tmp_path / "empty", *cache)
    assert "write it with index.py" in fail("evaluate.py", "-i", tmp_path / "no.csv")
    for usage in (
        [],
        ["-d", "x", "--descriptor", "none"],
        ["-i", "x", "--truth", "t.csv"],
        ["-i", "x", "--descriptor", "color"],
    ):
        assert run("evaluate.py", *usage).returncode == 2
