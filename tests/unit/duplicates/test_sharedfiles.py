import os
import shutil
from pathlib import Path

import pytest

from src.duplicategroup import Picture
from src.duplicates.sharedfiles import is_in, own_files


def pictures(*paths: Path) -> list[Picture]:
    return [Picture(path.name, os.fspath(path), 1, 0, 8, 8, bytes(16)) for path in paths]


def test_files_of_their_own_have_different_identities(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"same")
    shutil.copy(one, other)
    found = own_files(pictures(one, other))
    assert list(found) == [0, 1]
    assert found[0] != found[1]


def test_links_to_a_picture_are_left_out_whichever_comes_first(tmp_path: Path) -> None:
    real, link, lost = tmp_path / "real", tmp_path / "link", tmp_path / "lost"
    real.write_bytes(b"x")
    link.symlink_to(real)
    lost.symlink_to(tmp_path / "nothing")
    assert list(own_files(pictures(link, real, lost))) == [1]
    assert list(own_files(pictures(real, link))) == [0]


def test_hard_links_are_files_of_their_own_of_one_identity(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"x")
    os.link(one, other)
    found = own_files(pictures(one, other))
    assert list(found) == [0, 1]
    assert found[0] == found[1]


def test_a_file_that_is_reached_through_a_linked_folder_counts_once(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one").write_bytes(b"x")
    (tmp_path / "way").symlink_to(folder, target_is_directory=True)
    assert list(own_files(pictures(folder / "one", tmp_path / "way" / "one"))) == [0]
    assert list(own_files(pictures(folder / "one", folder / ".." / "folder" / "one"))) == [0]
    os.link(folder / "one", tmp_path / "other")
    assert list(own_files(pictures(folder / "one", tmp_path / "way" / "one", tmp_path / "other"))) == [0, 2]


def test_a_file_of_a_folder_that_is_mounted_twice_counts_as_often_as_it_has_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one").write_bytes(b"x")
    (tmp_path / "way").symlink_to(folder, target_is_directory=True)
    # No path tells of a mount, as none does of this link now.
    monkeypatch.setattr(os.path, "realpath", os.path.abspath)
    assert list(own_files(pictures(folder / "one", tmp_path / "way" / "one"))) == [0]
    os.link(folder / "one", folder / "other")
    every = pictures(*(way / name for name in ("one", "other") for way in (folder, tmp_path / "way")))
    assert len(own_files(every)) == 2


def test_what_is_gone_or_no_file_or_has_an_impossible_name_is_left_out(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    listed = pictures(tmp_path / "gone", tmp_path, tmp_path / "pipe", tmp_path / "nul\0", good)
    assert list(own_files(listed)) == [4]


def test_a_file_is_in_a_folder_also_deep_and_by_a_link_but_not_in_one_of_a_like_name(tmp_path: Path) -> None:
    folder, like = tmp_path / "keep", tmp_path / "keep2"
    (folder / "deep").mkdir(parents=True)
    like.mkdir()
    (tmp_path / "way").symlink_to(folder, target_is_directory=True)
    for place in (folder / "deep" / "one", like / "one"):
        place.write_bytes(b"x")
    folders = [os.path.realpath(folder)]
    assert is_in(os.fspath(folder / "deep" / "one"), folders)
    assert is_in(os.fspath(tmp_path / "way" / "deep" / "one"), folders)
    assert not is_in(os.fspath(like / "one"), folders)
    assert not is_in(os.fspath(folder / ".." / "keep2" / "one"), folders)
    assert not is_in(os.fspath(folder / "one"), [])
