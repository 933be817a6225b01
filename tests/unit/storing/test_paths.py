import os
from pathlib import Path

import pytest

from src.atomicfile import unfinished_name
from src.storing.paths import IndexPaths, csv_path, is_ours, remove_if_there


def test_all_are_the_files_that_runs_leave_beside_an_index() -> None:
    paths = IndexPaths("/x/a.csv")
    whole = ["/x/a.csv" + suffix for suffix in ("", ".cache", ".cache.added", ".lists", ".adding", ".partial")]
    assert sorted(paths.all) == sorted(whole + [unfinished_name(path) for path in whole[:5]])
    assert {paths.csv, *paths.derived, paths.journal}.isdisjoint(paths.unfinished)


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (b"", True), (bytes(100), True), (b"image similarity index cache 2\n", True), (b"image similarit", False),
        (b"my notes", False), (bytes(16) + b"notes", False),
        (bytes(1 << 18), True), (bytes(1 << 18) + b"notes", False), (bytes(1 << 16) + b"image similarity", False),
    ],
)  # fmt: skip
def test_a_file_is_ours_by_how_it_begins(tmp_path: Path, content: bytes, ours: bool) -> None:
    (tmp_path / "file").write_bytes(content)
    assert is_ours(str(tmp_path / "file")) is ours


def test_what_holes_are_followed_by_is_seen_and_takes_no_time(tmp_path: Path) -> None:
    with open(tmp_path / "file", "wb") as file:
        file.truncate(1 << 40)
    assert is_ours(str(tmp_path / "file"))
    with open(tmp_path / "file", "ab") as file:
        file.write(b"notes")
    assert not is_ours(str(tmp_path / "file"))


def test_nothing_may_be_written_anew_and_what_is_no_file_may_not(tmp_path: Path) -> None:
    (tmp_path / "ours").write_bytes(b"image similarity")
    (tmp_path / "link").symlink_to("ours")
    os.mkfifo(tmp_path / "pipe")
    assert is_ours(str(tmp_path / "none"))
    assert not any(is_ours(str(path)) for path in (tmp_path, tmp_path / "link", tmp_path / "pipe"))


def test_what_is_not_there_is_as_good_as_removed(tmp_path: Path) -> None:
    (tmp_path / "one").touch()
    remove_if_there(str(tmp_path / "none"), str(tmp_path / "one"))
    assert not os.listdir(tmp_path)


def test_urls_are_those_of_folders_and_file_urls_are_paths(tmp_path: Path) -> None:
    assert csv_path("s3://bucket/shards") == csv_path("s3://bucket/shards/") == "s3://bucket/shards/"
    assert csv_path("memory://") == "memory://"
    assert csv_path(f"file://{tmp_path}/a%20b") == f"{os.path.realpath(tmp_path)}/a b/"
