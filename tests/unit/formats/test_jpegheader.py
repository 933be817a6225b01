"""The segments of a JPEG before its first scan."""

from src.formats.jpegheader import read_header
from src.imagereader import decode_image
from tests.encodedpictures import by_pillow, difference, exif, scene

SCENE = scene()


def test_stray_bytes_between_segments_are_passed_over() -> None:
    data = by_pillow(SCENE, "JPEG", quality=95, subsampling=0)
    assert difference(decode_image(data[:20] + b"\0\x12\xff\xff" + data[20:]), SCENE) <= 2


def test_the_header_is_read_without_decoding() -> None:
    block = b"Exif\0\0" + exif(6)
    header = read_header(by_pillow(SCENE, "JPEG", exif=block, progressive=True))
    assert (header.width, header.height, header.components, header.orientation) == (64, 48, 3, 6)
