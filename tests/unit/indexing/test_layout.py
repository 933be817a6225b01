import random
from itertools import pairwise

from src.indexing.layout import shard_ranges

IDS = [f"{number:03}.jpg" for number in range(100)]


def layout(ids: list[str], firsts: list[str], size: int) -> list[list[str]]:
    return [ids[rows.start : rows.stop] for rows in shard_ranges(ids, firsts, size)]


def test_a_new_index_is_cut_into_shards_of_that_size() -> None:
    assert [len(shard) for shard in layout(IDS, [], 40)] == [40, 40, 20]
    assert layout([], [], 40) == []


def test_a_shard_grows_to_half_as_much_again_before_it_is_cut() -> None:
    assert [len(shard) for shard in layout(IDS[:60], ["000.jpg"], 40)] == [60]
    assert [len(shard) for shard in layout(IDS[:61], ["000.jpg"], 40)] == [40, 21]


def test_an_image_goes_to_the_shard_whose_range_it_is_in_and_the_others_stay() -> None:
    firsts = ["010.jpg", "050.jpg", "090.jpg"]
    shards = layout(IDS, firsts, 60)
    assert [shard[0] for shard in shards] == ["000.jpg", "050.jpg", "090.jpg"]
    assert [len(shard) for shard in shards] == [50, 40, 10]


def test_a_shard_without_images_goes() -> None:
    assert [shard[0] for shard in layout(IDS[:20] + IDS[60:], ["000.jpg", "020.jpg", "060.jpg"], 60)] == [
        "000.jpg",
        "060.jpg",
    ]


def test_neighbours_that_have_half_as_many_together_become_one() -> None:
    firsts = ["000.jpg", "010.jpg", "020.jpg", "030.jpg", "031.jpg"]
    assert [shard[0] for shard in layout(IDS, firsts, 60)] == ["000.jpg", "030.jpg", "031.jpg"]
    assert [shard[0] for shard in layout(IDS, firsts, 59)] == ["000.jpg", "020.jpg", "031.jpg"]


def test_whatever_there_is_every_image_is_in_one_shard_in_order() -> None:
    numbers = random.Random(12)
    for _ in range(300):
        ids = sorted(numbers.sample(IDS, numbers.randrange(100)))
        firsts = sorted(numbers.sample(IDS, numbers.randrange(9)))
        size = numbers.randrange(1, 50)
        shards = layout(ids, firsts, size)
        assert sum(shards, []) == ids
        assert all(0 < len(shard) <= size + size // 2 for shard in shards)
        assert all(len(one) + len(other) > size // 2 for one, other in pairwise(shards))
        assert layout(ids, [shard[0] for shard in shards], size) == shards
