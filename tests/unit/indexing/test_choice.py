import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from src.errors import IndexFileError
from src.indexfile import DatasetFolder, read_cache
from src.indexing.choice import choose_datasets, known_datasets, names_in
from src.indexing.datasets import Dataset
from src.storing.writer import write_index
from tests.smallindex import INFO, NAMES, rows


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("a", "b", "x/a", "x/b"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "1.jpg").touch()
    return tmp_path


def folder(place: Path, name: str, path: str) -> DatasetFolder:
    return DatasetFolder(name, str(place / path), path)


def choose(
    place: Path, known: Sequence[DatasetFolder], *given: str, rebuild: bool = False, prune: bool = False
) -> dict[str, Dataset]:
    paths = [str(place / one) for one in given]
    chosen = choose_datasets(str(place / "index.csv"), None, known, paths, rebuild=rebuild, prune=prune)
    return {os.path.relpath(one.path, place): one for one in chosen}


def names(chosen: dict[str, Dataset]) -> dict[str, str]:
    return {path: one.name for path, one in chosen.items()}


def test_the_ids_of_a_single_folder_are_plain_and_of_several_all_have_names(place: Path) -> None:
    assert names(choose(place, [], "a")) == {"a": ""}
    assert names(choose(place, [], "a", "b")) == {"a": "a", "b": "b"}
    assert names(choose(place, [], "a", "x/a", "b")) == {"a": "a", "x/a": "x/a", "b": "b"}
    assert names(choose(place, [], "a", "a")) == {"a": ""}


def test_rows_may_be_of_a_new_folder_only_where_the_index_has_forgotten_its_own(place: Path) -> None:
    assert not choose(place, [], "a")["a"].is_new
    assert all(one.is_new for one in choose(place, [], "a", "b").values())
    assert choose(place, [folder(place, "", "a")], "b", rebuild=True)["b"].is_new


def test_names_stay_in_whatever_order_folders_are_named(place: Path) -> None:
    known = [folder(place, "", "a"), folder(place, "a", "x/a")]
    for given in (("a", "x/a"), ("x/a", "a")):
        chosen = choose(place, known, *given)
        assert names(chosen) == {"a": "", "x/a": "a"}
        assert all(one.is_where_it_was and not one.is_new for one in chosen.values())
    assert names(choose(place, known, "a", "x/a", "b", rebuild=True)) == {"a": "", "x/a": "a", "b": "b"}
    assert choose(place, known, "a", "x/a", "b")["b"].is_new


@pytest.mark.parametrize("given", [("b",), ("b", "x/b"), ("x",), ("a/..",)])
def test_other_folders_are_refused_unless_the_index_is_replaced(place: Path, given: tuple[str, ...]) -> None:
    known = [folder(place, "", "a")]
    for prune in (False, True):
        with pytest.raises(IndexFileError, match="is the index of"):
            choose(place, known, *given, prune=prune)
    assert len(choose(place, known, *given, rebuild=True)) == len(given)


def test_a_single_folder_that_is_away_has_moved_to_the_one_that_is_named(place: Path) -> None:
    known = [folder(place, "", "a")]
    (place / "a/1.jpg").unlink()  # as an unmounted disk leaves it
    (chosen,) = choose(place, known, "b").values()
    assert (chosen.name, chosen.is_new, chosen.is_where_it_was) == ("", False, False)
    (place / "a").rmdir()
    assert names(choose(place, known, "b")) == {"b": ""}


def test_of_several_folders_one_that_is_away_stays_or_has_moved_under_its_name(place: Path) -> None:
    known = [folder(place, "a", "a"), folder(place, "b", "gone/b")]
    chosen = choose(place, known, "a")
    assert not chosen["gone/b"].is_wanted and chosen["a"].is_wanted
    assert names(choose(place, known, "a", "x/b")) == {"a": "a", "x/b": "b"}
    assert names(choose(place, known, "a", "x/a")) == {"a": "a", "x/a": "x/a", "gone/b": "b"}
    assert names(choose(place, known, "a", prune=True)) == {"a": "a"}
    assert names(choose(place, known, "a", rebuild=True)) == {"a": "a", "gone/b": "b"}
    with pytest.raises(IndexFileError, match=r"is of .*/a too: name it with another --dataset"):
        choose(place, known, "gone/b")


def test_what_may_not_be_asked_is_not_away(place: Path) -> None:
    known = [DatasetFolder("", str(place / ("x" * 5000)))]
    with pytest.raises(IndexFileError, match="is the index of"):
        choose(place, known, "b")


def test_folders_in_each_other_are_refused(place: Path) -> None:
    (place / "link").symlink_to(place / "x/a")
    for given in (("x", "x/a"), ("x/a", "x"), ("link", "x")):
        with pytest.raises(IndexFileError, match="whose subfolders belong to it"):
            choose(place, [], *given)


@pytest.mark.parametrize("sizes", ["same", "others", "none"])
def test_a_copy_is_known_by_the_sizes_of_its_files(place: Path, sizes: str) -> None:
    path = str(place / "x/index.csv")
    write_index(path, [rows()], INFO)
    for number, name in enumerate(NAMES if sizes != "none" else ()):
        (place / "x/a" / name).parent.mkdir(exist_ok=True)
        (place / "x/a" / name).write_bytes(bytes(100 + number + (sizes == "others")))
    known = [DatasetFolder("", str(place / "a"), "a")]
    cache = read_cache(path)
    if sizes == "same":
        (chosen,) = choose_datasets(path, cache, known, [str(place / "x/a")], rebuild=False, prune=False)
        assert chosen.is_where_it_was
    else:
        with pytest.raises(IndexFileError, match="is the index of"):
            choose_datasets(path, cache, known, [str(place / "x/a")], rebuild=False, prune=False)


def test_a_run_over_some_images_takes_the_folders_of_the_index(place: Path) -> None:
    index, known = str(place / "index.csv"), [folder(place, "a", "a"), folder(place, "b", "b")]
    for given in ([], [str(place / "b")]):
        assert [one.name for one in known_datasets(index, known, given)] == ["a", "b"]
    with pytest.raises(IndexFileError, match=r"is the index of .*/a and .*/b, not of .*/x"):
        known_datasets(index, known, [str(place / "x")])
    for away in ([], [folder(place, "", "gone")]):
        with pytest.raises(IndexFileError, match="does not know its folder, or that is away"):
            known_datasets(index, away)


def test_a_folder_that_was_forgotten_is_in_no_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place / "a")
    chosen = choose_datasets("i.csv", None, names_in(["b//c.jpg"]), [str(place / "a")], rebuild=False, prune=False)
    assert [(one.name, one.is_wanted) for one in chosen] == [("a", True), ("b", False)]


def test_ids_tell_the_names_of_folders() -> None:
    assert names_in([]) == names_in(["a.jpg", "b/c.jpg"]) == []
    assert [one.name for one in names_in(["a.jpg", "b//c.jpg", "x/b//c.jpg"])] == ["x/b", "b", ""]
    assert [one.name for one in names_in(["b//c.jpg"])] == ["b"]


def test_a_folder_whose_last_name_is_that_of_the_plain_one_gets_more_of_its_path(tmp_path: Path) -> None:
    for name in ("photos", "more/photos"):
        (tmp_path / name).mkdir(parents=True)
    known = [DatasetFolder("", str(tmp_path / "photos"))]
    given = [str(tmp_path / "photos"), str(tmp_path / "more/photos")]
    chosen = choose_datasets(str(tmp_path / "i.csv"), None, known, given, rebuild=False, prune=False)
    assert sorted(dataset.name for dataset in chosen) == ["", "more/photos"]
