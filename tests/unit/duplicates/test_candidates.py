from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from src.duplicates import candidates
from src.duplicates.candidates import FLIPS, MOST_DIFFERENT, SLICES, CodeTable, Pairs, best_of, ranks
from src.duplicates.codes import BITS, amplitudes, certainties, codes, window_codes
from src.fingerprint import GREY
from tests.scenes import COPIES, draw_scene, prints_of

Found = dict[tuple[int, int], int]
SLICE = 16  # bits, in tables of a few pictures


@cache
def greys_of_copies(scenes: int) -> NDArray[np.uint8]:
    """Return small grey pictures of all copies of some scenes."""
    copies = [change(draw_scene(seed)) for seed in range(scenes) for change in COPIES.values()]
    greys: NDArray[np.uint8] = prints_of(*copies)["grey"]
    return greys


def pairs_of(greys: NDArray[np.uint8], owners: NDArray[Any] | None = None) -> list[Pairs]:
    numbers = np.arange(len(greys)) if owners is None else owners
    return [pairs for _, pairs in CodeTable(greys).pairs(greys, numbers, numbers)]


def found_in(blocks: list[Pairs]) -> Found:
    return {
        (one, other): window
        for pairs in blocks
        for one, other, window in zip(*(column.tolist() for column in pairs), strict=True)
    }


def slice_of(code: int, start: int) -> int:
    twice = code | code << BITS
    return twice >> start & (1 << SLICE) - 1


def keys_of(code: int, certain: NDArray[np.float32], number: int) -> set[int]:
    """Return under which keys a picture is put in one slice: its own, and with its least certain bits turned."""
    start = BITS * number // SLICES
    key = slice_of(code, start)
    weakest = sorted(range(SLICE), key=lambda bit: certain[(start + bit) % BITS])[:FLIPS]
    bits = [1 << bit for bit in weakest]
    return {key, *(key ^ bit for bit in bits), key ^ bits[0] ^ bits[1], key ^ bits[0] ^ bits[2]}


def by_brute_force(greys: NDArray[np.uint8]) -> Found:
    """Compare all windows of all pictures with all pictures, by the definition alone."""
    found = amplitudes(greys)
    whole, windows, certain = codes(found).tolist(), window_codes(greys).tolist(), certainties(found)
    keys = [
        [keys_of(code, bits, number) for number in range(SLICES)] for code, bits in zip(whole, certain, strict=True)
    ]
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for one, shown in enumerate(windows):
        for number in range(SLICES):
            # Of windows of one key, the first stands for all.
            firsts: dict[int, int] = {}
            for window, code in enumerate(shown):
                firsts.setdefault(slice_of(code, BITS * number // SLICES), window)
            for other in range(len(greys)):
                for key in keys[other][number] & firsts.keys():
                    window = firsts[key]
                    differing = (shown[window] ^ whole[other]).bit_count()
                    if one != other and differing <= MOST_DIFFERENT:
                        best[one, other] = min(best.get((one, other), (BITS, 0)), (differing, window))
    return {pair: window for pair, (_, window) in best.items()}


def test_near_codes_that_share_a_slice_are_found_as_comparing_all_finds_them() -> None:
    greys = greys_of_copies(2)[::2]
    found, expected = found_in(pairs_of(greys)), by_brute_force(greys)
    assert found.keys() == expected.keys()
    windows = window_codes(greys)
    whole = codes(amplitudes(greys))
    for one, other in expected:
        # Which of several that are as close does not matter.
        closest = [
            int(windows[one, window] ^ whole[other]).bit_count() for window in (found[one, other], expected[one, other])
        ]
        assert closest[0] == closest[1]


def test_nearly_all_copies_are_candidates_and_other_scenes_hardly_ever() -> None:
    scenes, kinds = 4, len(COPIES)
    found = found_in(pairs_of(greys_of_copies(scenes)))
    of_one = {(one, other) for one, other in found if one // kinds == other // kinds}
    # One may be cropped where the other one has a border, so some are found from the other side alone.
    linked = {frozenset(pair) for pair in of_one}
    assert len(linked) > 0.97 * scenes * kinds * (kinds - 1) / 2
    assert len(found) - len(of_one) < 10


def test_nothing_is_paired_with_itself_or_with_what_belongs_to_the_same_picture() -> None:
    greys = greys_of_copies(1)
    assert all(one != other for one, other in found_in(pairs_of(greys)))
    owners = np.arange(len(greys)) // 3
    found = found_in(pairs_of(greys, owners))
    assert found
    assert all(owners[one] != owners[other] for one, other in found)
    assert not found_in(pairs_of(greys, np.zeros(len(greys))))


def test_looking_up_a_few_at_a_time_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    greys = greys_of_copies(1)
    at_once = pairs_of(greys)
    monkeypatch.setattr(candidates, "BLOCK", 5)
    blocks = pairs_of(greys)
    assert len(blocks) == 5
    assert found_in(blocks) == found_in(at_once)
    rows = np.arange(len(greys))
    assert [done for done, _ in CodeTable(greys).pairs(greys, rows, rows)] == [5, 10, 15, 20, 22]


def test_each_picture_gets_its_closest_candidates_alone_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    greys = greys_of_copies(1)
    every = found_in(pairs_of(greys))
    monkeypatch.setattr(candidates, "MOST_CANDIDATES", 3)
    few = found_in(pairs_of(greys))
    windows, whole = window_codes(greys), codes(amplitudes(greys))

    def differing(pair: tuple[int, int]) -> int:
        return int(windows[pair[0], every[pair]] ^ whole[pair[1]]).bit_count()

    for row in range(len(greys)):
        all_of_it = sorted((pair for pair in every if pair[0] == row), key=lambda pair: (differing(pair), pair[1]))
        assert sorted(pair for pair in few if pair[0] == row) == sorted(all_of_it[:3])


def test_pictures_that_are_all_alike_cost_each_the_same_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    count_bits = np.bitwise_count

    def counting(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
        nonlocal compared
        compared += numbers.size
        return count_bits(numbers)

    monkeypatch.setattr(np, "bitwise_count", counting)
    monkeypatch.setattr(candidates, "LARGEST_BUCKET", 16)
    grey = prints_of(draw_scene(5))["grey"]
    costs = []
    for count in (100, 400):
        compared = 0
        found = found_in(pairs_of(np.repeat(grey, count, axis=0)))
        assert len(found) >= 15 * count
        assert max(np.bincount([one for one, _ in found])) <= candidates.MOST_CANDIDATES
        costs.append(compared / count)
    assert costs[1] < 1.1 * costs[0]


def test_in_a_large_bucket_the_codes_next_to_ones_own_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    grey = prints_of(draw_scene(5))["grey"][0].astype(float)
    # All share most slices, and noise makes their codes differ by some bits; each is there twice.
    noisy = np.clip(grey + random.normal(0, 30, (60, GREY, GREY)), 0, 255).astype(np.uint8)
    monkeypatch.setattr(candidates, "LARGEST_BUCKET", 4)
    found = found_in(pairs_of(np.concatenate([noisy, noisy])))
    assert len(found) < 60 * 119
    assert all((row, row + 60) in found and (row + 60, row) in found for row in range(60))


def test_an_empty_table_and_no_pictures_give_no_pairs() -> None:
    nothing, one = np.empty((0, GREY, GREY), np.uint8), prints_of(draw_scene(1))["grey"]
    none, row = np.empty(0, np.int64), np.zeros(1, np.int64)
    assert not found_in([pairs for _, pairs in CodeTable(nothing).pairs(one, row, none)])
    assert not found_in([pairs for _, pairs in CodeTable(one).pairs(nothing, none, row)])


def test_the_highest_values_of_each_number_are_chosen() -> None:
    numbers = np.array([7, 7, 7, 2, 2, 9])
    values = np.array([0.5, 0.9, 0.8, 0.3, 0.6, 0.1], np.float32)
    assert best_of(numbers, values, 2, 0.2).tolist() == [1, 2, 3, 4]
    assert best_of(numbers, values, 1, 0.2).tolist() == [1, 4]
    assert best_of(numbers, values, 9, 0.55).tolist() == [1, 2, 4]


def test_ranks_count_equal_numbers_before() -> None:
    assert ranks(np.array([4, 4, 4, 1, 9, 9])).tolist() == [0, 1, 2, 0, 0, 1]
    assert ranks(np.array([], np.int64)).tolist() == []
