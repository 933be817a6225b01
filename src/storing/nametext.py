"""Step 2, index: names of files, the same in every locale.

A file system has bytes; Python makes text of them by the locale, so that one file is `ä.jpg` here and `Ã¤.jpg` there.
An index is read in more than one. So what it holds of a name is what a locale of UTF-8 makes of it, which on most
systems is every one.
"""

import os
import sys

IS_UTF8 = sys.getfilesystemencoding() == "utf-8"
# How a locale of UTF-8 turns names into text, so that every name comes back as the same bytes.
ERRORS = sys.getfilesystemencodeerrors() if IS_UTF8 else "surrogateescape"


def stored_name(name: str) -> str:
    """Return a name of a file or folder, or an image id, as a locale of UTF-8 has it; as it is if none is like that."""
    if IS_UTF8:
        return name
    try:
        return os.fsencode(name).decode("utf-8", ERRORS)
    except UnicodeEncodeError:
        return name


def local_name(stored: str) -> str:
    """Return what `stored_name` was given; text that no name can hold here comes back as it is."""
    if IS_UTF8:
        return stored
    try:
        return os.fsdecode(stored.encode("utf-8", ERRORS))
    except UnicodeEncodeError:
        return stored


def name_bytes(name: str) -> bytes:
    """Return an image id as a CSV holds it: the bytes that the file system has."""
    return stored_name(name).encode("utf-8", ERRORS)


def name_of_bytes(data: bytes) -> str:
    """Return what `name_bytes` was given; UnicodeDecodeError where names are always UTF-8 and this is not."""
    return local_name(data.decode("utf-8", ERRORS))


def packed_name(name: str) -> bytes:
    """Return a name as a cache or a journal holds it, as UTF-8 whatever is in it."""
    # Names with undecodable bytes hold surrogates, which plain UTF-8 refuses.
    return stored_name(name).encode("utf-8", "surrogatepass")


def unpacked_name(data: bytes) -> str:
    """Return what `packed_name` was given."""
    return local_name(data.decode("utf-8", "surrogatepass"))
