"""The tables of docs/scale.md, each a function of the figures."""

import math
from collections.abc import Callable, Iterator, Sequence

from . import figures as f
from .figures import DESCRIPTORS, PICTURES, Descriptor

POWERS = {10**7: "10^7", 10**8: "10^8", 10**9: "10^9"}


def core_hours(pictures: int, one: Descriptor) -> float:
    """Return the hours of one core that describing takes, with what is spare."""
    return f.SPARE * pictures * one.describe_ms / 1000 / 3600


def night_machines(pictures: int, one: Descriptor) -> int:
    """Return how many machines describe all in a night."""
    return math.ceil(core_hours(pictures, one) / f.CORES / f.NIGHT_HOURS)


def index_dollars(pictures: int, one: Descriptor) -> float:
    """Return the price of describing: of machines, and of reading the files from an object store."""
    return core_hours(pictures, one) / f.CORES * f.MACHINE_PRICE + pictures / 1e6 * f.READS_PRICE


def stored_gb(pictures: int, one: Descriptor) -> float:
    """Return the size of the index."""
    return pictures * (one.csv_bytes + one.cache_bytes) / 1e9


def core_seconds(pictures: int, one: Descriptor) -> float:
    """Return the seconds of one core that a search takes, in shards of a million rows."""
    return (pictures / 1e6 * one.search_ms + pictures / f.LARGE_SHARD_ROWS * f.SHARD_SEARCH_MS) / 1000


def search_machines(pictures: int, one: Descriptor) -> tuple[int, int]:
    """Return how many machines hold what searches read, and how many answer in the wanted time."""
    by_memory = pictures * one.read_bytes / 1e9 / (f.USABLE_MEMORY * f.MEMORY_GB)
    by_time = core_seconds(pictures, one) / f.CORES / f.WANTED_SECONDS
    return math.ceil(by_memory), math.ceil(by_time)


def measured() -> Iterator[list[str]]:
    """Yield the rows of the table of what a picture costs."""
    yield [
        "descriptor", "describe, ms of a core (m)", "CSV, bytes (m)", "cache, bytes (m)", "journal, bytes (m)",
        "read by searches, bytes", "search of a million, ms of a core (c)",
    ]  # fmt: skip
    for one in DESCRIPTORS:
        numbers = one.csv_bytes, one.cache_bytes, one.record_bytes
        read = f"{one.read_bytes:,} ({'c' if one.name == '`best`' else 'm'})"
        yield [one.name, f"{one.describe_ms:g}", *(f"{number:,}" for number in numbers), read, f"{one.search_ms:,}"]


def indexing() -> Iterator[list[str]]:
    """Yield the rows of the table of describing and storing."""
    yield [
        "pictures", "descriptor", "core hours (c)", f"machines for {f.NIGHT_HOURS} hours (c)", "$ once (c)",
        "CSV and caches (c)", "$ a month (c)", "journals meanwhile (c)",
    ]  # fmt: skip
    for pictures, one in _all():
        stored = stored_gb(pictures, one)
        yield [
            POWERS[pictures], one.name, rounded(core_hours(pictures, one)), f"{night_machines(pictures, one):,}",
            rounded(index_dollars(pictures, one)), size(1e9 * stored), rounded(stored * f.OBJECT_GB_PRICE),
            size(pictures * one.record_bytes),
        ]  # fmt: skip


def running() -> Iterator[list[str]]:
    """Yield the rows of the table of what one process has to do, whatever the descriptor."""
    yield [
        "pictures", "tasks (c)", "the scheduler is busy (c)", "memory of the run (c)", "a run without news (c)",
        "shards (c)", "manifest (c)",
    ]  # fmt: skip
    for pictures in PICTURES:
        tasks, shards = pictures / f.FILES_IN_A_TASK, pictures / f.SHARD_ROWS
        yield [
            POWERS[pictures], f"{tasks:,.0f}", span(tasks * f.TASK_MS / 1000), size(pictures * f.RUN_BYTES),
            span(pictures * f.RUN_US / 1e6), f"{shards:,.0f}", size(shards * f.MANIFEST_BYTES),
        ]  # fmt: skip


def searching() -> Iterator[list[str]]:
    """Yield the rows of the table of searching."""
    yield [
        "pictures", "descriptor", "read by searches (c)", "core seconds a query (c)", "machines by memory, by time (c)",
        "median latency, s (c)", "queries a second (c)", "$ a month (c)",
    ]  # fmt: skip
    for pictures, one in _all():
        by_memory, by_time = search_machines(pictures, one)
        machines = max(by_memory, by_time)
        seconds, read = core_seconds(pictures, one), pictures * one.read_bytes
        yield [
            POWERS[pictures], one.name, size(read), rounded(seconds), f"{by_memory:,}, {by_time:,}",
            rounded(seconds / machines / f.CORES), rounded(machines * f.CORES / seconds),
            rounded(machines * f.MACHINE_PRICE * f.HOURS_A_MONTH),
        ]  # fmt: skip


def limits() -> Iterator[list[str]]:
    """Yield the rows of the table of what breaks, and when."""
    rate = 1000 / f.TASK_MS * f.FILES_IN_A_TASK
    yield ["what", "its limit (c)", "from"]
    most = f.MEMORY_GB * f.USABLE_MEMORY * 1e9 / f.RUN_BYTES
    yield [
        "the run's list of all pictures",
        f"{most / 1e6:.0f} million pictures",
        "memory of its machine / bytes a picture",
    ]
    yield ["the scheduler's task rate", f"{rate:,.0f} pictures a second", "files in a task / ms a task"]
    for one in DESCRIPTORS:
        yield [
            f"— by {one.name}, reached with",
            f"{rate * one.describe_ms / 1000:,.0f} cores",
            "that rate x ms to describe",
        ]
    small = 1e9 / f.SHARD_ROWS * f.SHARD_SEARCH_MS / 1000
    large = 1e9 / f.LARGE_SHARD_ROWS * f.SHARD_SEARCH_MS / 1000
    price = f"{small:.1f} core seconds; {large:.2f} with shards of a million"
    yield ["the price of shards in each search of 10^9", price, "shards x ms a shard"]


def _all() -> Iterator[tuple[int, Descriptor]]:
    for pictures in PICTURES:
        for one in DESCRIPTORS:
            yield pictures, one


def rounded(number: float) -> str:
    """Return a number to two digits."""
    if number >= 10:
        digits = int(math.log10(number)) - 1
        return f"{round(number / 10**digits) * 10**digits:,}"
    return f"{number:.2g}"


def size(number: float) -> str:
    """Return bytes to two digits."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if number >= one:
            return f"{rounded(number / one)} {unit}"
    return f"{rounded(number / 1000)} KB"


def span(seconds: float) -> str:
    """Return a time to two digits."""
    for unit, one in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * one:
            return f"{rounded(seconds / one)} {unit}"
    return f"{rounded(seconds)} s"


TABLES: dict[str, Callable[[], Iterator[Sequence[str]]]] = {
    "a picture": measured,
    "indexing": indexing,
    "one process": running,
    "searching": searching,
    "limits": limits,
}


def markdown(name: str) -> str:
    """Return a table as it stands in the page."""
    head, *rows = TABLES[name]()
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:]])
