"""Step 4, search: the file of a query picture."""

import os
import re

from ..errors import VANISHED, UnreadableImage
from ..filebytes import read_bytes
from ..imagereader import name_format

# https://..., file:///...
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def read_query(path: str) -> bytes:
    """Read the file of a query picture.

    Raises
    ------
    UnreadableImage
        If it cannot be read, or its first bytes are those of no picture.
    """
    try:
        return read_bytes(path, check_head=name_format)
    except UnreadableImage as error:
        if error.kind != VANISHED:
            raise
        reason = "there is no such file"
        if ADDRESS.match(path):
            reason = (
                "an address, not the path of a file; save the picture first, or curl -L ADDRESS | search.py --query -"
            )
        elif os.path.islink(path):
            reason = "a link that leads nowhere"
        raise UnreadableImage(VANISHED, reason) from None
