from dataclasses import replace
from pathlib import Path

from src.storing.writer import write_index
from tests.smallindex import INFO, opened, rows


def test_the_folder_is_found_where_it_was_moved_together_with_the_index(tmp_path: Path) -> None:
    (tmp_path / "old" / "photos").mkdir(parents=True)
    path = str(tmp_path / "old" / "index.csv")
    write_index(path, [rows()], replace(INFO, folder=str(tmp_path / "old" / "photos"), relative_folder="photos"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert opened(str(tmp_path / "new" / "index.csv")).folder == str(tmp_path / "new" / "photos")
