"""Step 2, index: which image goes into which shard.

Shards are ranges of the sorted image ids, so the order of an index of shards is that of an index file. A new image goes
into the shard whose range it is in. That grows to half as much again before it is cut, so that few runs cut shards.
Neighbours that have half as many together become one, so that pictures that come and go do not leave ever more shards.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise


def shard_ranges(ids: Sequence[str], firsts: Sequence[str], shard_size: int) -> list[range]:
    """Return the ranges of image ids that are a shard each; for those that it has made, the same again.

    Parameters
    ----------
    ids : sequence of str
        All image ids, sorted.
    firsts : sequence of str
        The first id of each shard that there is, in order; in any, where the index was written in another locale.
    shard_size : int
        So many images are put into a new shard.
    """
    shards: list[range] = []
    for cut in _cut(ids, firsts, shard_size):
        if shards and cut.stop - shards[-1].start <= shard_size // 2:
            shards[-1] = range(shards[-1].start, cut.stop)
        else:
            shards.append(cut)
    return shards


def _cut(ids: Sequence[str], firsts: Sequence[str], shard_size: int) -> Iterator[range]:
    # What is before the first shard belongs to it.
    starts = [0, *accumulate((bisect_left(ids, first) for first in firsts[1:]), max), len(ids)]
    largest = shard_size + shard_size // 2 if firsts else shard_size
    for start, stop in pairwise(starts):
        size = stop - start if stop - start <= largest else shard_size
        yield from (range(first, min(first + size, stop)) for first in range(start, stop, max(size, 1)))
