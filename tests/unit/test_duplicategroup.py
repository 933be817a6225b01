import cv2
import numpy as np
import pytest

from src.duplicategroup import FILE, NEAR, ORIENTATION_WORDS, PICTURE, Copy, Group, Picture, disk_words
from src.imagereader import upright


def picture(name: str, size: int = 1000) -> Picture:
    return Picture(name, f"/photos/{name}", size, 0, 80, 60, bytes(16))


def test_a_group_is_as_loose_as_its_loosest_copy() -> None:
    copies = Copy(picture("b"), FILE, 1.0), Copy(picture("c"), NEAR, 0.97), Copy(picture("d"), PICTURE, 1.0)
    assert Group(picture("a"), copies).kind == NEAR
    assert Group(picture("a"), copies[:1]).kind == FILE


def test_protected_copies_are_no_spares_and_other_names_of_a_file_take_no_disk() -> None:
    copies = (
        Copy(picture("b", 10), FILE, 1.0, is_protected=True),
        Copy(picture("c", 200), FILE, 1.0, takes_disk=False),
        Copy(picture("d", 3000), FILE, 1.0),
    )
    group = Group(picture("a"), copies)
    assert [copy.picture.id for copy in group.spares] == ["c", "d"]
    assert group.spare_bytes == 3000


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (9949, "9.9 kB"), (9951, "10 kB"),
        (999_499, "999 kB"), (999_500, "1.0 MB"), (3_400_000, "3.4 MB"), (118_000_000, "118 MB"),
        (5 * 10**15, "5000 TB"),
    ],
)  # fmt: skip
def test_bytes_are_told_as_shops_and_file_managers_do(size: int, words: str) -> None:
    assert disk_words(size) == words


def test_words_of_an_orientation_say_what_turning_a_picture_so_does() -> None:
    image = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    turned = {
        "": image, "upside down": cv2.rotate(image, cv2.ROTATE_180),
        "turned right": cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE),
        "turned left": cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE),
    }  # fmt: skip
    mirrored = cv2.flip(image, 1)
    turned |= {
        "mirrored": mirrored, "mirrored, upside down": cv2.rotate(mirrored, cv2.ROTATE_180),
        "mirrored, turned right": cv2.rotate(mirrored, cv2.ROTATE_90_CLOCKWISE),
        "mirrored, turned left": cv2.rotate(mirrored, cv2.ROTATE_90_COUNTERCLOCKWISE),
    }  # fmt: skip
    for orientation, words in ORIENTATION_WORDS.items():
        assert np.array_equal(upright(image, orientation), turned[words]), words
