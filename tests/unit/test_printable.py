import os

import pytest

from src.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünïcode and 漢字 👗", "plain, ünïcode and 漢字 👗"),
        ("\x1b[31m\n\t\r\0\x7f", r"\x1b[31m\n\t\r\x00\x7f"),
        (os.fsdecode(b"\xff\xfe"), r"\xff\xfe"),
        ("\u202eright to left\u2028", r"\u202eright to left\u2028"),
        ("\ud800", r"\ud800"),
    ],
)
def test_names_are_shown_so_that_no_terminal_trips_over_them(text: str, shown: str) -> None:
    assert printable(text) == shown
    shown.encode("utf-8")
