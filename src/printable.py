"""Text that is safe to print on a terminal, whatever is in a file's name."""


def printable(text: str) -> str:
    r"""Return any text in one line that no terminal can trip over.

    Control characters and what could not be decoded are written as backslash escapes. A newline is ``\n``, an
    escape ``\x1b``, the byte 0xff of a name that is not UTF-8 ``\xff``.
    """
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    # How Python stands in for a byte that is no UTF-8 (PEP 383).
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
