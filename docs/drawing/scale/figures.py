"""What the tables of docs/scale.md are computed from: figures that were measured, and what is assumed."""

from typing import NamedTuple


class Descriptor(NamedTuple):
    """What a picture costs, by its descriptor; measured, where nothing else is said."""

    name: str
    describe_ms: float
    """Of one core, all of index.py included: 2,312 photos of 0.18 megapixels and 37 KB, user and system time."""
    csv_bytes: int
    cache_bytes: int
    record_bytes: int
    """That a picture takes until its shard is written: of its journal in the folder."""
    read_bytes: int
    """Of the cache, that searches keep in memory: of a million rows by colours, for a hard query; of 100,000 by `deep`.
    By `best` it is computed: the thumbnails more."""
    search_ms: float
    """Of one core, for a query among a million rows, the median. It is computed: from the time on two cores of a
    million by colours, and of 100,000 by `best`; from the computing time among 100,000 by `deep`."""


DESCRIPTORS = (
    Descriptor("`color`", 2.1, 7449, 2457, 11_973, 931, 26),
    Descriptor("`deep`", 51, 9017, 3971, 24_263, 4280, 500),
    Descriptor("`best`", 54, 18_466, 6905, 40_566, 4860, 1700),
)

# Measured, of any descriptor.
TASK_MS = 1.8
"""That a task keeps Dask's scheduler busy."""
RUN_BYTES = 1072
"""That the process of a run holds for each picture: benchmarks/runmemory.py, 300,000 that have not changed."""
RUN_US = 13
"""That it takes for each picture that has not changed: of 100,000 in an index file, docs/speed.md."""
MANIFEST_BYTES = 169
"""Of a shard in the manifest."""
SHARD_SEARCH_MS = 0.47
"""Of one core, that a search takes for each shard, however small: that of 3,000 rows."""

# As the programs have it.
FILES_IN_A_TASK = 200
SHARD_ROWS = 100_000
LARGE_SHARD_ROWS = 1_000_000
"""What --shard-size should be for a billion."""

# Assumptions, not facts, of November 2026: round prices of large clouds, on demand, without discounts.
CORES, MEMORY_GB, MACHINE_PRICE = 16, 64, 0.70
"""Of a machine; dollars an hour. One of its cores is taken to be as fast as one of those measured on."""
OBJECT_GB_PRICE = 0.023
"""Dollars a month, in an object store."""
READS_PRICE = 0.40
"""Dollars for a million files read from there."""
HOURS_A_MONTH = 730
NIGHT_HOURS = 10
USABLE_MEMORY = 0.75
"""Of a machine's, for what searches read."""
WANTED_SECONDS = 0.5
"""What a search may take, by the median."""
SPARE = 1.25
"""So many times the computing is paid for: starting, stragglers, what a cluster costs beyond plain threads."""

PICTURES = (10**7, 10**8, 10**9)
