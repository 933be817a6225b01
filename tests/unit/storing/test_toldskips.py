"""An index keeps digests of what people were told of, which change nothing else in it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.storing import cachefile
from src.storing.cache import Cache
from src.storing.freshness import matching_cache
from src.storing.writer import write_index, write_states
from tests.smallindex import INFO, STATES, append, assert_holds, opened, rows

TOLD = bytes(range(48))


def known(path: str) -> Cache:
    cache = matching_cache(path)
    assert cache is not None
    return cache


def test_told_skips_are_kept_until_others_are_given(path: str) -> None:
    assert known(path).told_skips == b""
    write_index(path, [rows()], INFO, TOLD)
    assert known(path).told_skips == TOLD
    assert_holds(opened(path))
    write_states(path, known(path), STATES, INFO)
    assert known(path).told_skips == TOLD
    append(path, 7, "new, 1.jpg")
    assert known(path).told_skips == TOLD
    write_states(path, known(path), known(path).states(), INFO, told_skips=b"")
    assert known(path).told_skips == b""


@pytest.mark.parametrize("wrong", [np.zeros((2, 15), np.uint8), np.zeros(16, np.uint8), np.zeros((2, 16), np.int8)])
def test_told_skips_of_another_kind_are_no_cache(
    path: str, wrong: NDArray[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = known(path)
    # A section that somebody may have made up, written as if it were a column.
    monkeypatch.setattr(cachefile, "COLUMN", "")
    write_states(path, cache, STATES, INFO, {cachefile.TOLD_SKIPS: wrong})
    monkeypatch.undo()
    assert matching_cache(path) is None
    assert Path(path).exists()
    assert_holds(opened(path))
