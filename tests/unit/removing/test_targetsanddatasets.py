from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.spares import MoveTo, remove
from tests.sparegroups import Lines, contents, write_group


def test_a_folder_of_the_target_that_leads_into_the_dataset_takes_nothing(tmp_path: Path) -> None:
    photos, spares, told = tmp_path / "photos", tmp_path / "spares", Lines()
    groups = [write_group(photos, "a.jpg", "sub/b.jpg", "c.jpg")]
    spares.mkdir()
    (spares / "sub").symlink_to(photos / "sub")
    assert remove(groups, MoveTo(str(spares)), str(tmp_path / "log"), told)[:2] == (1, 1)
    assert told == [
        f"{photos}/sub/b.jpg is left as it is: it would be moved to {spares}/sub, which is in {photos}, and be found "
        "again there"
    ]
    assert (photos / "sub/b.jpg").exists()


def test_a_dataset_in_the_target_takes_no_spares_of_its_own(tmp_path: Path) -> None:
    groups, told = [write_group(tmp_path / "photos", "a.jpg", "photos/b.jpg", "c.jpg")], Lines()
    assert remove(groups, MoveTo(str(tmp_path)), str(tmp_path / "log"), told)[:2] == (1, 1)
    assert (tmp_path / "c.jpg").exists()
    assert (tmp_path / "photos/photos/b.jpg").exists()
    assert len(told) == 1


def test_no_dataset_takes_spares_of_another_one(tmp_path: Path) -> None:
    groups = [write_group(tmp_path / "photos", "a.jpg", "b.jpg")]
    (tmp_path / "scans").mkdir()
    before = contents(tmp_path)
    target = tmp_path / "scans" / "spares"
    with pytest.raises(ExpectedError, match="scans, where what is moved would be found again"):
        remove(groups, MoveTo(str(target)), str(tmp_path / "log"), print, datasets=[str(tmp_path / "scans")])
    assert contents(tmp_path) == before
    assert not target.exists()
