"""Groups are shown of pictures of the served index alone, taken up anew when they change, and found once."""

import asyncio
import errno
import json
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from src.duplicategroup import Picture
from src.duplicatetext import as_json
from src.errors import ExpectedError
from src.fingerprinter import take_fingerprints
from src.indexer import index_folder
from src.web import knowngroups
from src.web.knowngroups import KnownGroups, check_duplicates
from src.web.openedindex import OpenedIndex
from src.web.problems import ProblemError
from src.web.servedgroups import ServedGroups, gone_of
from src.web.settings import Settings
from tests.describing import describe_here
from tests.groups import group_of, picture_of
from tests.pictures import write_pictures

T = TypeVar("T")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    write_pictures(folder, ["a.png", "b.png", "trip/c.png"])
    shutil.copyfile(folder / "a.png", folder / "trip" / "copy.png")
    index_folder([str(folder)], str(tmp_path / "index.csv"), describe=describe_here)
    return folder


@pytest.fixture
def index(photos: Path) -> "Any":
    opened = OpenedIndex(Settings(str(photos.parent / "index.csv")))
    yield opened
    opened.worker.close()


def write_groups(path: Path, keep: Picture, *copies: Picture) -> None:
    path.write_text(json.dumps({"groups": as_json([group_of(keep, copies)])}))


def with_groups(settings: Settings, do: Callable[[KnownGroups], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        groups = KnownGroups(settings)
        try:
            return await do(groups)
        finally:
            groups.close()

    return asyncio.run(run())


def ids_of(found: ServedGroups) -> list[list[str]]:
    return [[picture.id for picture in one.group.pictures] for one in found.groups]


def told_as(folder: Path, photos: Path, name: str) -> Picture:
    """Return a picture as a run that saw it in another folder tells it."""
    return picture_of(photos / name, name)._replace(path=str(folder / name))


@pytest.mark.parametrize("folder", ["photos", "away"])
def test_pictures_of_a_file_are_known_by_their_paths_or_else_their_ids(
    folder: str, photos: Path, index: OpenedIndex
) -> None:
    file = photos.parent / "groups.json"
    pictures = [told_as(photos.parent / folder, photos, name) for name in ("a.png", "trip/copy.png")]
    if folder == "photos":
        # A run over two folders has other ids than the index.
        pictures = [one._replace(id=f"photos//{one.id}") for one in pictures]
    write_groups(file, *pictures)
    found = with_groups(Settings(str(photos.parent / "index.csv"), duplicates=str(file)), lambda all: all.of(index))
    assert ids_of(found) == [["a.png", "trip/copy.png"]]
    assert found.spare_bytes == (photos / "a.png").stat().st_size


def test_what_is_not_in_the_index_or_has_changed_is_not_shown(photos: Path, index: OpenedIndex) -> None:
    file = photos.parent / "groups.json"
    (photos.parent / "secret.png").write_bytes((photos / "a.png").read_bytes())
    good = [picture_of(photos / name, name) for name in ("a.png", "trip/copy.png")]
    outside = picture_of(photos.parent / "secret.png", "../secret.png")
    beside = picture_of(photos / "b.png", "b.png")._replace(path=str(photos / "unknown.png"))
    changed = picture_of(photos / "trip/c.png", "trip/c.png")._replace(size=1)
    settings = Settings(str(photos.parent / "index.csv"), duplicates=str(file))
    write_groups(file, *good, outside, beside, changed)
    assert ids_of(with_groups(settings, lambda all: all.of(index))) == [["a.png", "trip/copy.png"]]
    write_groups(file, outside, *good)
    assert ids_of(with_groups(settings, lambda all: all.of(index))) == []


def test_a_file_is_taken_up_anew_when_it_changes(photos: Path, index: OpenedIndex) -> None:
    file = photos.parent / "groups.json"
    a, b, copy = (picture_of(photos / name, name) for name in ("a.png", "b.png", "trip/copy.png"))

    async def change(groups: KnownGroups) -> tuple[ServedGroups, ServedGroups, ServedGroups]:
        write_groups(file, a, copy)
        first = await groups.of(index)
        again = await groups.of(index)
        file.write_text("{")
        with pytest.raises(ProblemError, match="no whole JSON") as broken:
            await groups.of(index)
        assert broken.value.status == 503
        assert str(photos.parent) not in broken.value.detail
        write_groups(file, b, copy)
        return first, again, await groups.of(index)

    first, again, later = with_groups(Settings(str(photos.parent / "index.csv"), duplicates=str(file)), change)
    assert again is first
    assert (ids_of(first), ids_of(later)) == ([["a.png", "trip/copy.png"]], [["b.png", "trip/copy.png"]])
    assert first.stamp != later.stamp


def test_what_has_failed_is_tried_again_though_not_for_everybody_who_asks(
    photos: Path, index: OpenedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = json.dumps({"groups": [], "pictures": 4, "without": 0}).encode()
    searches: list[str] = []

    class Search:
        def __init__(self, *asked: object) -> None:
            searches.append("begun")

        def wait(self) -> bytes:
            if len(searches) < 3:
                raise ExpectedError("somebody has killed it")
            return found

    async def fail_twice(groups: KnownGroups) -> None:
        for begun, seconds in ((1, "60"), (2, "120")):
            for _ in range(2):
                with pytest.raises(ProblemError) as failed:
                    await groups.of(index)
                assert (failed.value.status, failed.value.headers) == (503, {"Retry-After": seconds})
            assert len(searches) == begun
            now[0] += float(seconds)
        assert (await groups.of(index)).groups == (await groups.of(index)).groups == []
        assert len(searches) == 3

    now = [1000.0]
    monkeypatch.setattr(knowngroups, "GroupSearch", Search)
    monkeypatch.setattr(knowngroups, "keeps_fingerprints", lambda path: True)
    monkeypatch.setattr(knowngroups, "RETRY_SECONDS", 60.0)
    monkeypatch.setattr(knowngroups, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with_groups(Settings(str(photos.parent / "index.csv")), fail_twice)


def test_a_file_that_could_not_be_read_for_a_moment_is_read_again(
    photos: Path, index: OpenedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowngroups, "RETRY_SECONDS", 0.0)
    file = photos.parent / "groups.json"
    write_groups(file, *(picture_of(photos / name, name) for name in ("a.png", "trip/copy.png")))

    def broken(data: bytes) -> None:
        raise OSError(errno.EIO, "Input/output error")

    async def ask(groups: KnownGroups) -> ServedGroups:
        with monkeypatch.context() as moment, pytest.raises(ProblemError, match="Input/output error"):
            moment.setattr(knowngroups, "read_groups", broken)
            await groups.of(index)
        return await groups.of(index)

    found = with_groups(Settings(str(photos.parent / "index.csv"), duplicates=str(file)), ask)
    assert ids_of(found) == [["a.png", "trip/copy.png"]]


def test_what_is_wrong_with_a_file_is_told_before_the_service_starts(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="cannot be read"):
        check_duplicates(Settings("index.csv", duplicates=str(tmp_path / "nobody.json")))
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(ExpectedError, match="list.json is not what duplicates.py --json has written: the file"):
        check_duplicates(Settings("index.csv", duplicates=str(tmp_path / "list.json")))
    with pytest.raises(ExpectedError, match="is no file of --ignore"):
        check_duplicates(Settings("index.csv", ignore=str(tmp_path / "list.json")))


def test_groups_are_found_in_the_fingerprints_of_the_index_once_there_are_some(
    photos: Path, index: OpenedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowngroups, "PATIENCE_SECONDS", 60.0)

    async def find(groups: KnownGroups) -> tuple[ServedGroups, ServedGroups]:
        assert not await groups.are_known()
        with pytest.raises(ProblemError, match=r"run duplicates.py --index index.csv") as unknown:
            await groups.of(index)
        assert unknown.value.status == 404
        take_fingerprints([], str(photos.parent / "index.csv"), describe=describe_here)
        assert await groups.are_known()
        return await groups.of(index), await groups.of(index)

    first, again = with_groups(Settings(str(photos.parent / "index.csv")), find)
    assert ids_of(first) == [["a.png", "trip/copy.png"]]
    assert again is first
    assert gone_of(index, first.groups) == set()
    (photos / "trip" / "copy.png").unlink()
    assert gone_of(index, first.groups) == {"trip/copy.png"}


def test_who_asks_while_groups_are_found_is_told_to_come_again(
    photos: Path, index: OpenedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowngroups, "PATIENCE_SECONDS", 0.0)
    take_fingerprints([], str(photos.parent / "index.csv"), describe=describe_here)

    async def ask(groups: KnownGroups) -> ProblemError:
        with pytest.raises(ProblemError) as early:
            await groups.of(index)
        return early.value

    early = with_groups(Settings(str(photos.parent / "index.csv")), ask)
    assert (early.status, early.headers) == (503, {"Retry-After": "2"})
