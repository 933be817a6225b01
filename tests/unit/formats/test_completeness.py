"""Files that do not hold what their headers promise."""

import struct

from tests.encodedpictures import by_pillow, scene
from tests.unit.formats.refusal import refusal

SCENE = scene()


def test_a_bomb_within_an_icon_is_refused() -> None:
    data = bytearray(by_pillow(SCENE, "ICO", sizes=[(64, 48)]))
    start = data.index(b"IHDR")
    data[start + 4 : start + 12] = struct.pack(">II", 30000, 30000)
    assert refusal(bytes(data)).kind == "too large"
