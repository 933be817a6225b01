"""One door for all formats: what must hold whatever the format is."""

import contextlib
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from src.imagereader import MemoryBudget, Reading, UnreadableImage, decode_image, read_image
from tests.encodedpictures import (
    by_opencv,
    by_pillow,
    difference,
    exif,
    pillow_exif,
    png,
    scene,
    stored_for,
    tiff,
    webp_with_exif,
    with_png_chunk,
)
from tests.unit.formats.refusal import refusal

SCENE = scene()
needs_avif = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")


def every_format() -> dict[str, bytes]:
    """Encode the scene in every format that something here can write, losslessly where possible."""
    rgb16 = SCENE.astype(np.uint16) * 257
    formats = {
        "jpeg": by_pillow(SCENE, "JPEG", quality=95, subsampling=0),
        "jpeg progressive": by_pillow(SCENE, "JPEG", quality=95, subsampling=0, progressive=True),
        "png": by_pillow(SCENE, "PNG"),
        "png 16": by_opencv(rgb16, ".png"),
        "gif": by_pillow(SCENE, "GIF"),
        "bmp": by_pillow(SCENE, "BMP"),
        "tiff": by_pillow(SCENE, "TIFF"),
        "tiff lzw": by_pillow(SCENE, "TIFF", compression="tiff_lzw"),
        "tiff deflate": by_pillow(SCENE, "TIFF", compression="tiff_adobe_deflate"),
        "tiff jpeg": by_pillow(SCENE, "TIFF", compression="jpeg", quality=95),
        "tiff 16": by_opencv(rgb16, ".tif"),
        "tiff 16 plain": tiff(rgb16[..., ::-1], 2),
        "webp": by_pillow(SCENE, "WEBP", quality=95),
        "webp lossless": by_pillow(SCENE, "WEBP", lossless=True),
        "jp2": by_pillow(SCENE, "JPEG2000"),
        "j2k": by_pillow(SCENE, "JPEG2000", no_jp2=True),
        "ppm": by_pillow(SCENE, "PPM"),
        "tga": by_pillow(SCENE, "TGA"),
        "sgi": by_pillow(SCENE, "SGI"),
        "pcx": by_pillow(SCENE, "PCX"),
        "sun": by_opencv(SCENE, ".ras"),
        "dds": by_pillow(SCENE, "DDS"),
        "ico": by_pillow(SCENE, "ICO", sizes=[(64, 48)]),
        "pfm": by_opencv(SCENE.astype(np.float32) / 255, ".pfm"),
        "pam": b"P7\nWIDTH 64\nHEIGHT 48\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n" + SCENE[..., ::-1].tobytes(),
    }
    if features.check("avif"):
        formats["avif"] = by_pillow(SCENE, "AVIF", quality=95)
    return formats


ENCODED = every_format()
# Mean difference from the scene: lossy coders, and GIF's 256 colours.
TOLERANCE = {"gif": 6.0, "webp": 3.0, "avif": 3.0, "jpeg": 2.0, "jpeg progressive": 2.0, "tiff jpeg": 3.0}
# The end of these is a trailer after the picture, an index or a checksum: no pixel is missing without it.
TRAILER_BYTES = {"gif": 2, "tga": 26, "jpeg": 2, "jpeg progressive": 2, "png": 24, "png 16": 24, "webp lossless": 1}


@pytest.mark.parametrize("name", ENCODED)
def test_every_format_gives_the_same_picture(name: str) -> None:
    image = decode_image(ENCODED[name])
    assert image.dtype == np.uint8 and image.flags["C_CONTIGUOUS"]
    assert difference(image, SCENE) <= TOLERANCE.get(name, 0.5)


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.75, 0.9, 0.97, 1.0])
def test_a_truncated_picture_is_refused(name: str, share: float) -> None:
    data = ENCODED[name]
    longest = len(data) - 1 - TRAILER_BYTES.get(name, 0)
    error = refusal(data[: int(longest * share)])
    assert error.kind in ("empty", "truncated", "damaged", "not an image", "unsupported format")


@pytest.mark.parametrize("name", ENCODED)
def test_the_name_of_a_file_does_not_matter(name: str, tmp_path: Path) -> None:
    for file in ("picture", "picture.txt", "picture.heic", os.fsdecode(b"\xff\xfe\n.jpg")):
        try:
            (tmp_path / file).write_bytes(ENCODED[name])
        except OSError:
            continue
        assert np.array_equal(read_image(str(tmp_path / file)), decode_image(ENCODED[name]))


def oriented(name: str, orientation: int) -> bytes:
    stored = stored_for(SCENE, orientation)
    height, width = stored.shape[:2]
    block = exif(orientation, "<" if orientation % 2 else ">")
    if name == "jpeg":
        return by_pillow(stored, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + block)
    if name == "png":
        return with_png_chunk(by_pillow(stored, "PNG"), b"eXIf", block)
    if name == "png raw profile":
        text = b"Raw profile type exif\0\nexif\n      32\n" + (b"Exif\0\0" + block).hex().encode()
        return with_png_chunk(by_pillow(stored, "PNG"), b"tEXt", text)
    if name == "webp":
        return by_pillow(stored, "WEBP", lossless=True, exif=pillow_exif(orientation))
    if name == "webp with prefix":
        return webp_with_exif(by_pillow(stored, "WEBP", lossless=True), width, height, b"Exif\0\0" + block)
    if name == "tiff":
        return by_pillow(stored, "TIFF", tiffinfo={274: orientation})
    if name == "tiff 16":
        return tiff(stored[..., ::-1].astype(np.uint16) * 257, 2, t274=orientation)
    if name == "tiff float":
        return tiff(stored[..., ::-1].astype(np.float32) / 255, 2, t274=orientation)
    return by_pillow(stored, "AVIF", quality=95, exif=pillow_exif(orientation))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    "name",
    [
        *("jpeg", "png", "png raw profile", "webp", "webp with prefix", "tiff", "tiff 16", "tiff float"),
        pytest.param("avif", marks=needs_avif),
    ],
)
def test_every_orientation_comes_out_upright(name: str, orientation: int) -> None:
    assert difference(decode_image(oriented(name, orientation)), SCENE) <= 3


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_illegal_orientation_counts_as_upright(orientation: int) -> None:
    data = by_pillow(SCENE, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + exif(orientation))
    assert difference(decode_image(data), SCENE) <= 2


DEEP_CARRIERS: dict[str, Callable[[np.ndarray], bytes]] = {
    "png": lambda samples: by_opencv(samples, ".png"),
    "tiff": lambda samples: by_opencv(samples, ".tif"),
    "jpeg 2000": lambda samples: by_opencv(samples, ".jp2", cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 1000),
    "pnm": lambda samples: by_opencv(samples, ".pgm" if samples.ndim == 2 else ".ppm"),
    "pam": lambda samples: (
        f"P7\nWIDTH 64\nHEIGHT 48\nDEPTH {np.atleast_3d(samples).shape[2]}\nMAXVAL 65535\n".encode()
        + (b"TUPLTYPE GRAYSCALE" if samples.ndim == 2 else b"TUPLTYPE RGB")
        + b"\nENDHDR\n"
        + np.atleast_3d(samples)[..., ::-1].astype(">u2").tobytes()
    ),
}


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("colours", ["grey", "colour"])
@pytest.mark.parametrize("name", DEEP_CARRIERS)
def test_fewer_bits_in_samples_of_16_are_the_same_picture_in_every_format(name: str, colours: str, bits: int) -> None:
    bright = np.clip(SCENE, 0, 254) + (SCENE.max() == SCENE)
    picture = bright if colours == "colour" else bright[..., 1]
    top = (1 << bits) - 1
    samples = np.rint(picture.astype(float) * top / 255).astype(np.uint16)
    samples[0, 0] = top
    expected = picture.copy()
    expected[0, 0] = 255
    image = decode_image(DEEP_CARRIERS[name](samples))
    assert np.abs(image.astype(int) - np.atleast_3d(expected)).max() <= 1


def test_colours_of_12_bits_beside_an_alpha_of_16_are_kept() -> None:
    colours = SCENE.astype(np.uint16) * 16 + 15
    for opaque in (4095, 65535):
        samples = np.dstack([colours, np.full(SCENE.shape[:2], opaque, np.uint16)])
        assert np.abs(decode_image(by_opencv(samples, ".png")).astype(int) - SCENE).max() <= 1


@pytest.mark.parametrize("header", [b"P6 64 48 4095\n", b"P6\n# a comment\n64 # another\n48\n4095\n"])
def test_a_declared_range_counts_in_a_dark_picture(header: bytes) -> None:
    dark = (SCENE[..., ::-1] // 4).astype(">u2")
    image = decode_image(header + (dark * 16).astype(">u2").tobytes())
    assert np.abs(image.astype(int) - SCENE // 4).max() <= 1


def half_transparent() -> tuple[np.ndarray, np.ndarray]:
    """Give the scene with alpha falling from left to right, and the same laid on white."""
    alpha = np.tile(np.linspace(255, 0, 64).round().astype(np.uint8), (48, 1))[..., None]
    on_white = SCENE * (alpha / 255) + 255 * (1 - alpha / 255)
    return np.concatenate([SCENE, alpha], axis=2), on_white


def alpha_kinds() -> dict[str, bytes]:
    bgra, _ = half_transparent()
    rgba = bgra[..., [2, 1, 0, 3]]
    premultiplied = np.concatenate([rgba[..., :3] * (rgba[..., 3:] / 255.0), rgba[..., 3:]], axis=2).round()
    return {
        "png": by_pillow(bgra, "PNG"),
        "png 16": by_opencv(bgra.astype(np.uint16) * 257, ".png"),
        "webp": by_pillow(bgra, "WEBP", lossless=True, exact=True),
        "webp lossy": by_pillow(bgra, "WEBP", quality=95),
        "tiff": by_pillow(bgra, "TIFF"),
        "tiff associated": tiff(premultiplied.astype(np.uint8), 2, t338=1),
        "tiff 16 unassociated": tiff(rgba.astype(np.uint16) * 257, 2, t338=2),
        "tiff 16 associated": tiff(premultiplied.astype(np.uint16) * 257, 2, t338=1),
        "tiff planar": tiff(rgba, 2, t338=2, planar=2),
        "tga": by_pillow(bgra, "TGA"),
        "ico": by_pillow(bgra, "ICO", sizes=[(64, 48)]),
        "jp2": by_pillow(bgra, "JPEG2000"),
        "dds": by_pillow(bgra, "DDS"),
        **({"avif": by_pillow(bgra, "AVIF", quality=95)} if features.check("avif") else {}),
    }


@pytest.mark.parametrize("name", alpha_kinds())
def test_transparent_parts_are_laid_on_white(name: str) -> None:
    _, expected = half_transparent()
    assert difference(decode_image(alpha_kinds()[name]), expected) <= (3 if name in ("webp lossy", "avif") else 1)


@pytest.mark.parametrize("name", ["PNG", "TIFF", "WEBP", "TGA"])
def test_colours_under_full_transparency_do_not_count(name: str) -> None:
    hidden = np.zeros((8, 8, 4), np.uint8)
    hidden[..., 2] = 255
    options: Any = {"lossless": True, "exact": True} if name == "WEBP" else {}
    assert (decode_image(by_pillow(hidden, name, **options)) == 255).all()


def bombs() -> dict[str, bytes]:
    sixteen = struct.pack(">HH", 30000, 30000)
    return {
        "jpeg": by_pillow(SCENE, "JPEG").replace(struct.pack(">HH", 48, 64), sixteen),
        "png": png(30000, 30000, 8, 2, bytes(100)),
        "gif": by_pillow(SCENE, "GIF").replace(struct.pack("<HH", 64, 48), struct.pack("<HH", 30000, 30000)),
        "bmp": by_pillow(SCENE, "BMP").replace(struct.pack("<II", 64, 48), struct.pack("<II", 30000, 30000)),
        "tiff": tiff(SCENE[..., ::-1], 2, t256=30000, t257=30000),
        "webp": b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X\x0a" + bytes(7) + b"\xff\xff\1" * 2,
        "jp2": by_pillow(SCENE, "JPEG2000").replace(struct.pack(">II", 64, 48), struct.pack(">II", 30000, 30000)),
        "ppm": b"P6 30000 30000 255\n" + bytes(100),
        "pfm": b"PF\n30000 30000\n-1.0\n" + bytes(100),
        "pam": b"P7\nWIDTH 30000\nHEIGHT 30000\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n" + bytes(100),
        "hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 30000 +X 30000\n" + bytes(100),
        "tga": bytes([0, 0, 10] + [0] * 9) + struct.pack("<HH", 30000, 30000) + bytes([24, 0]) + bytes(100),
        "psd": b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 30000, 30000, 8, 3) + bytes(100),
        "qoi": b"qoif" + struct.pack(">IIBB", 30000, 30000, 3, 0) + bytes(100),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_tiny_file_that_declares_a_giant_is_refused_from_its_header(name: str) -> None:
    data = bombs()[name]
    started = time.perf_counter()
    error = refusal(data)
    assert time.perf_counter() - started < 1
    assert error.kind == "too large", error.reason
    assert name == "webp" or ("900.0" in error.reason and "100" in error.reason)


def test_the_limit_may_be_set_for_a_call() -> None:
    assert refusal(ENCODED["png"], Reading(0.003, full_resolution=True)).kind == "too large"
    assert decode_image(ENCODED["png"], Reading(0.0031, full_resolution=True)).shape == SCENE.shape


def test_a_giant_packed_into_nearly_nothing_is_refused_below_the_limit_too() -> None:
    blank = Image.new("L", (6000, 6000), 255)
    data = by_pillow(np.asarray(blank), "PNG", compress_level=9)
    assert len(data) < 50_000
    assert "decompression bomb" in refusal(data).reason


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_never_leaks_another_exception(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ENCODED)))
    content = bytearray(ENCODED[name])
    for _ in range(data.draw(st.integers(1, 8))):
        # Headers matter most: they get half of the damage.
        high = data.draw(st.sampled_from([64, len(content)]))
        content[data.draw(st.integers(0, min(high, len(content)) - 1))] = data.draw(st.integers(0, 255))
    try:
        image = decode_image(bytes(content), Reading(4, full_resolution=True))
    except UnreadableImage:
        return
    assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3 and image.size


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(ENCODED)))
def test_garbage_behind_a_signature_never_leaks_another_exception(garbage: bytes, name: str) -> None:
    with contextlib.suppress(UnreadableImage):
        decode_image(ENCODED[name][:16] + garbage, Reading(4, full_resolution=True))


def test_common_pictures_need_no_pillow() -> None:
    code = (
        "import sys; from src.imagereader import decode_image, read_image; assert 'PIL' not in sys.modules;"
        "decode_image(open(0, 'rb').read()); sys.exit('PIL' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    for name in ("jpeg", "png", "webp", "png 16"):
        done = subprocess.run([sys.executable, "-c", code], input=ENCODED[name], cwd=root, check=False)
        assert done.returncode == 0


def test_reading_a_file_stops_at_the_head_of_a_film(tmp_path: Path) -> None:
    film = tmp_path / "film.jpg"
    with open(film, "wb") as file:
        file.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        file.truncate(900 << 20)
    started = time.perf_counter()
    with pytest.raises(UnreadableImage, match="film"):
        read_image(str(film))
    assert time.perf_counter() - started < 0.5


def test_large_pictures_wait_for_each_others_memory() -> None:
    large = by_pillow(np.zeros((2100, 2000), np.uint8), "PNG")
    small = ENCODED["png"]
    budget = MemoryBudget(60_000_000)
    done = threading.Event()

    def decode_large() -> None:
        decode_image(large, budget=budget)
        done.set()

    with budget.reserve(50_000_000):
        other = threading.Thread(target=decode_large)
        other.start()
        # Small ones pass by, also those that come through several readers.
        decode_image(small, budget=budget)
        decode_image(ENCODED["tiff"], budget=budget)
        assert not done.wait(0.2)
    assert done.wait(10)
    other.join()


@pytest.mark.parametrize("name", ["TIFF", "GIF", "BMP", "JPEG2000"])
def test_one_picture_never_waits_for_itself(name: str) -> None:
    rng = np.random.default_rng(0)
    large = by_pillow(rng.integers(0, 255, (2100, 2000), np.uint8), name)
    assert decode_image(large, budget=MemoryBudget(1)).shape == (2100, 2000, 3)
