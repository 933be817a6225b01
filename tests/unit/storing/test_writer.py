import os
from pathlib import Path

import numpy as np
import pytest

from src.atomicfile import unfinished_name
from src.storing.freshness import matching_cache
from src.storing.rowtext import numbers_text
from src.storing.writer import CopiedRows, NewRows, write_index
from tests.smallindex import INFO, NAMES, STATES, append, assert_holds, features, opened, rows


def test_what_fails_while_writing_leaves_the_old_index_and_no_litter(path: str) -> None:
    def failing() -> object:
        yield rows(1)
        raise OSError("the disk is on fire")

    with pytest.raises(OSError, match="on fire"):
        write_index(path, failing(), INFO)  # type: ignore[arg-type]
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]
    assert_holds(opened(path))


def test_copied_rows_are_the_same_bytes(path: str) -> None:
    cache = matching_cache(path)
    assert cache is not None
    before = Path(path).read_bytes()
    new = NewRows(["m.jpg"], STATES[:1], features(5)[:1], [numbers_text(features(5)[0])])
    with open(path, "rb") as csv:
        pieces: list[NewRows | CopiedRows] = [
            CopiedRows(cache, csv, 0, 2, STATES[:2]),
            new,
            CopiedRows(cache, csv, 2, 4, STATES[2:]),
        ]
        write_index(path, pieces, INFO)
    found = opened(path)
    assert list(found.ids) == [*NAMES[:2], "m.jpg", *NAMES[2:]]
    wanted = np.concatenate([features()[:2], features(5)[:1], features()[2:]])
    np.testing.assert_array_equal(found.rows(0, 5), wanted)
    os.remove(path + ".cache")
    np.testing.assert_array_equal(opened(path).rows(0, 5), wanted)
    lines = Path(path).read_bytes().replace(b"m.jpg," + new.texts[0] + b"\n", b"")
    assert lines == before


def test_a_new_index_forgets_what_was_appended_to_the_old_one(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    write_index(path, [rows(1)], INFO)
    assert_holds(opened(path), 1)
    assert sorted(os.listdir(os.path.dirname(path))) == ["index.csv", "index.csv.cache"]


@pytest.mark.parametrize("fails", ["src.atomicfile.sync_folder", "src.storing.info.Stamp.settled"])
def test_an_interrupt_while_a_row_is_appended_leaves_an_index_with_or_without_it(
    path: str, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(path).read_bytes()
    calls = iter([False, True, False, False])

    def interrupt(*_: object) -> dict[str, int]:
        if fails == "src.storing.info.Stamp.settled" or next(calls):
            raise KeyboardInterrupt
        return {}

    monkeypatch.setattr(fails, interrupt)
    with pytest.raises(KeyboardInterrupt):
        append(path, 7, "new, 1.jpg")
    monkeypatch.undo()
    was_added = len(Path(path).read_bytes()) > len(before)
    assert was_added == (fails == "src.atomicfile.sync_folder")
    cache = matching_cache(path)
    assert cache is not None
    assert list(cache.ids) == [*NAMES, *(["new, 1.jpg"] if was_added else [])]
    assert not os.path.exists(path + ".adding")


def test_links_and_pipes_under_the_names_of_new_files_are_not_written_to(path: str, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    (tmp_path / unfinished_name(path)).symlink_to("precious")
    os.mkfifo(unfinished_name(path + ".cache"))
    write_index(path, [rows(3)], INFO)
    assert_holds(opened(path), 3)
    assert (tmp_path / "precious").read_text() == "keep me"
