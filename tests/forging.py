"""Caches that somebody made to hurt, as the tests make them."""

import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from src.storing.cachefile import TRAILER

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1, 7, 64, 2**31, 2**63, 10**30, 30_000_000, 300_000_000, 1.5, 1e300, "x", "<i8", "O", "V9", [],
    [0], [[4]], [4, 8], [2**40, 2**40], {}, {"start": 0}, "chi-squared", "cosine",
)  # fmt: skip


def parted(index: Path) -> tuple[bytes, dict[str, Any]]:
    """Return what a cache holds before its table of contents, and that."""
    data = Path(f"{index}.cache").read_bytes()
    length, _ = TRAILER.unpack(data[-TRAILER.size :])
    table: dict[str, Any] = json.loads(data[-TRAILER.size - length : -TRAILER.size])
    return data[: -TRAILER.size - length], table


def forge(index: Path, body: bytes, table: dict[str, Any]) -> None:
    """Write a cache of what it holds and a table of contents, with checksums that are right where they can be."""
    features = table["features"]
    parts = features.get("parts") or []
    chunks = [chunk for rows in (features, *parts) for chunk in rows["chunks"]]
    for place in [*table["sections"].values(), *chunks]:
        with suppress(TypeError, KeyError, IndexError, ValueError, OverflowError):
            start = place["start"]
            size = place["size"] if "size" in place else int(np.prod(place["shape"])) * int(place["dtype"][-1])
            place["crc"] = zlib.crc32(body[start : start + size])
    text = json.dumps(table).encode()
    Path(f"{index}.cache").write_bytes(body + text + TRAILER.pack(len(text), zlib.crc32(text)))


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the ways to all values of a table."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield (*way, key)
        yield from places(one, (*way, key))
