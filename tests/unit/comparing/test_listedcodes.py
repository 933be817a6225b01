import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("faiss")

from src.comparing import listedcodes  # noqa: E402
from src.comparing.listedcodes import ListedCodes, Lists, listed  # noqa: E402
from src.comparing.nearestcodes import Pairs, nearest_codes  # noqa: E402

MOST_BITS = 36


def drawn(count: int, seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 16), np.uint8)


def a_little_changed(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rng = np.random.default_rng(9)
    return codes ^ np.packbits(rng.random((len(codes), 128)) < 0.1, axis=1)


def told(pairs: Pairs) -> set[tuple[int, ...]]:
    return {*zip(*(array.tolist() for array in pairs), strict=True)}


def test_what_is_near_is_found_in_the_lists_of_all_parts() -> None:
    parts = [drawn(3000, 1), drawn(0, 2), drawn(2000, 3)]
    query = a_little_changed(np.concatenate(parts)[::25])
    found = told(ListedCodes(parts, listed(parts)).nearest(query, 5, MOST_BITS))
    truth = told(nearest_codes(parts, query, 5, MOST_BITS))
    assert found <= truth
    assert len(found) > 0.8 * len(truth)


def test_all_is_found_where_all_lists_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listedcodes, "PROBED", 1 << 16)
    parts = [drawn(2000, 1)]
    query = a_little_changed(parts[0][::50])
    assert told(ListedCodes(parts, listed(parts)).nearest(query, 5, MOST_BITS)) == told(
        nearest_codes(parts, query, 5, MOST_BITS)
    )


def test_of_a_feature_that_is_there_thousands_of_times_a_part_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listedcodes, "LONGEST", 2)
    one, others = drawn(1, 1), drawn(1000, 2)
    parts = [np.concatenate([np.repeat(one, 60_000, axis=0), others])]
    lists = ListedCodes(parts, listed(parts))
    assert lists.longest <= 2 * 61_000 / 400
    query = np.concatenate([one, others[:20]])
    assert [*lists.nearest(query, 5, MOST_BITS).queries] == [0] * 5 + [*range(1, 21)]


def test_lists_are_kept_as_plain_numbers() -> None:
    parts = [drawn(2000, 1)]
    lists = listed(parts)
    kept = lists.to_bytes()
    again = Lists.from_bytes(kept, 2000)
    np.testing.assert_array_equal(again.centroids, lists.centroids)
    np.testing.assert_array_equal(again.numbers, lists.numbers)
    wrong = [kept[:-1], kept + b"\0", b"", b"\0" * len(kept), b"\xff" * len(kept), kept[:-2] + b"\xff\xff"]
    for other in wrong:
        with pytest.raises(ValueError, match=r"^(lists of other features|.*list that there is not|buffer.*|offset.*)"):
            Lists.from_bytes(other, 2000)
