"""Step 2, index: what makes searching the rows of a cache quicker, in a file beside it.

What that is, the rows themselves know: most kinds need none. The file is derived and disposable. It belongs to rows of
a certain checksum. One that is missing, damaged, of other rows or of another version is not used, and searching is
slower without.

Layout: the magic line, a head, and what the rows want to have kept. The head has the checksum of the rows' table of
contents, and the length in bytes and the CRC-32 of what follows.
"""

import json
import os
import struct
import zlib
from typing import Any

from .openedfile import open_regular
from .paths import START

MAGIC = START + b" index lists 1\n"
HEAD = struct.Struct("<IQI")


def read_lists(path: str, contents: dict[str, Any]) -> bytes | None:
    """Return what is kept for the rows of a table of contents; None if nothing is, or nothing that can be used."""
    try:
        with open_regular(path) as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            key, length, checksum = HEAD.unpack(file.read(HEAD.size))
            if key != _key(contents) or length != os.fstat(file.fileno()).st_size - len(MAGIC) - HEAD.size:
                return None
            kept = file.read()
    except (OSError, struct.error):
        return None
    return kept if len(kept) == length and zlib.crc32(kept) == checksum else None


def lists_head(contents: dict[str, Any], kept: bytes) -> bytes:
    """Return what stands before that which is kept for rows."""
    return MAGIC + HEAD.pack(_key(contents), len(kept), zlib.crc32(kept))


def _key(contents: dict[str, Any]) -> int:
    """Return the checksum of a table of contents, which has those of all rows."""
    return zlib.crc32(json.dumps(contents, sort_keys=True).encode())
