"""Every program takes an index of shards as it takes an index file, and gives the same answers."""

import json
import os
import shutil
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType
from typing import Any

import pytest

from src.commands import duplicates, search
from src.fingerprinter import take_fingerprints
from src.indexer import change_index, index_folder
from src.searcher import Searcher
from src.web.indexwatch import REST_SECONDS
from tests.describing import describe_here
from tests.pictures import write_picture, write_pictures
from tests.programs import succeed, succeed_here
from tests.servers import COAT, serving

# Names that no file of text, no terminal and no locale likes; the last one sorts otherwise in another locale.
NAMES = ["a/1.png", "a/2, two.png", 'a/"3".png', "a/4\n.png", "b/5.png", "b/6.png", "b/\udcff.png", "b/\U0001f457.png"]
MORE = ["c/1.png", "c/2.png", "c/3.png"]
SIZE = 3


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of pictures, some of which are copies, in an index file and in an index of four shards."""
    place = tmp_path_factory.mktemp("shards")
    write_pictures(place / "photos", NAMES)
    write_pictures(place / "other\udcff", MORE)
    shutil.copy(place / "photos/a/1.png", place / "photos/b/copy.png")
    folders: list[str | Path] = ["-d", place / "photos", "-d", place / "other\udcff"]
    index_folder(list(map(str, folders[1::2])), str(place / "index.csv"), describe=describe_here)
    said = succeed("index.py", *folders, "-i", f"{place / 'shards'}/", "--shard-size", str(SIZE), "--json")
    assert json.loads("\n".join(said))["indexed"] == 12
    return place


def both(place: Path, command: ModuleType, *arguments: str | Path) -> tuple[Any, Any]:
    """Return what a command tells of the index file, and what its program tells of the index of shards."""
    program = f"{command.__name__.rpartition('.')[2]}.py"
    by_file = succeed_here(command.main, "-i", place / "index.csv", *arguments)
    by_shards = succeed(program, "-i", place / "shards", *arguments)
    return json.loads("\n".join(by_file)), json.loads("\n".join(by_shards))


def test_search_finds_tells_and_draws_the_same(place: Path) -> None:
    queries: list[str | Path] = ["-q", COAT, place / "photos/a/1.png", place / "photos" / NAMES[-2]]
    told: list[str | Path] = ["--json", "--explain", "-n", "12", "-o", place / "found.png"]
    by_file, by_shards = both(place, search, *queries, *told)
    assert (by_shards.pop("index"), by_file.pop("index")) == (str(place / "shards"), str(place / "index.csv"))
    assert by_shards == by_file
    assert [len(answer["results"]) for answer in by_file["answers"]] == [12, 12, 12]
    assert sorted(path.name for path in place.glob("found*")) == ["found-1.png", "found-2.png", "found-3.png"]


def test_duplicates_are_the_same_and_fingerprints_are_kept_in_the_shards_that_lack_them(place: Path) -> None:
    by_file, by_shards = both(place, duplicates, "--json", "--explain")
    assert by_file["spares"] == 4 and by_shards["warnings"] == []
    for told in (by_file, by_shards):
        del told["seconds"]
    assert by_shards == by_file
    shards = str(place / "shards")
    before = states(place)
    write_picture(place / "photos/b/7.png", 77)
    index_folder([str(place / "photos"), str(place / "other\udcff")], shards, describe=describe_here)
    taken = take_fingerprints([], shards, describe=describe_here)
    assert (len(taken.ids), taken.report.warnings) == (13, [])
    written = {name for name, state in states(place).items() if before.get(name) != state}
    # Of files that were too new for it before, caches may get to know the times.
    assert {name for name in written if not name.endswith(".cache")} == {"manifest.json", "part-00004.csv"}
    change_index(None, shards, remove=["photos//b/7.png"], describe=describe_here)
    os.remove(place / "photos/b/7.png")


def states(place: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (place / "shards").iterdir()}


def test_evaluation_measures_the_same_and_tells_them_apart(place: Path) -> None:
    shards = str(place / "shards")
    told = json.loads("\n".join(succeed("evaluate.py", "-i", place / "index.csv", f"{shards}/", "--json")))
    by_file, by_shards = told["results"]
    assert [one.pop("name") for one in (by_file, by_shards)] == ["color (index.csv)", "color (shards)"]
    assert [one.pop("index") for one in (by_file, by_shards)] == [str(place / "index.csv"), f"{shards}/"]
    assert by_shards == by_file


def test_the_service_answers_the_same_and_takes_up_what_changes(place: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    shutil.copytree(place / "shards", shards)
    take_fingerprints([], str(shards), describe=describe_here)
    shutil.copytree(shards, tmp_path / "as_before")
    with serving(tmp_path, f"{shards}/") as server:

        def found() -> list[str]:
            answer = server.client.get("/api/search", params={"id": "photos//a/1.png", "limit": 20})
            assert answer.status_code == 200, answer.text
            return [one["id"] for one in answer.json()["answers"][0]["results"]]

        def groups() -> Any:
            while (told := server.client.get("/api/duplicates")).status_code == 503:
                sleep(0.02)
            return told.json()

        told = server.client.get("/api/health").json()
        assert (told["index"]["name"], told["index"]["images"], told["duplicates"]) == ("shards", 12, True)
        before = found()
        by_file = Searcher(str(place / "index.csv"))
        assert before == [one.image_id for one in by_file.search(by_file.features_of("photos//a/1.png"), 20)]
        assert groups()["spares"] == 4
        # Three shards go, one changes.
        change_index(None, str(shards), remove=[one for one in before if one > "photos//b"], describe=describe_here)
        assert found() == [one for one in before if one < "photos//b"]
        # The fingerprints of what is left are still there.
        assert groups()["total"] == 3
        caches = sorted(shards.glob("*.cache"))
        os.truncate(caches[0], 1000)
        caches[1].unlink()
        sleep(2 * REST_SECONDS)
        assert found() == [one for one in before if one < "photos//b"]
        shutil.rmtree(shards)
        # Nobody looks at once, and what is found then is still that of the shards as they were.
        while "trouble" not in (health := server.client.get("/api/health").json()):
            sleep(REST_SECONDS)
            assert found() == [one for one in before if one < "photos//b"]
        assert "gone" in health["trouble"]
        shutil.copytree(tmp_path / "as_before", shards)
        end = monotonic() + 30
        while found() != before:
            assert monotonic() < end, server.log
            sleep(REST_SECONDS)
