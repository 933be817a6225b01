"""Embedded colour profiles: in every format that carries one, of every kind of samples, and when they are broken."""

import io
import struct
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, features

from src.formats import embeddedcolours
from src.formats.iccprofile import MOST_BYTES
from src.imagereader import Reading, decode_image
from tests.encodedpictures import Pixels, by_opencv, by_pillow, difference, png, riff_chunk, scene, tiff, with_png_chunk
from tests.iccprofiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    P3_PRIMARIES,
    SRGB,
    SRGB_PRIMARIES,
    converted,
    gamma_curve,
    grey_profile,
    ink_profile,
    profile,
    rgb_profile,
    srgb_curve,
    table_curve,
)

SCENE = scene()
GREYS = np.tile(np.arange(256, dtype=np.uint8), (16, 1))


def iccp(icc: bytes) -> bytes:
    return b"name\0\0" + zlib.compress(icc)


def bmp(image: Pixels, icc: bytes) -> bytes:
    plain = by_pillow(image, "BMP")
    header = bytearray(plain[14:54].ljust(124, b"\0"))
    pixels = plain[54:]
    struct.pack_into("<I", header, 0, 124)
    header[56:60] = b"DEBM"
    struct.pack_into("<II", header, 112, 124 + len(pixels), len(icc))
    return b"BM" + struct.pack("<IHHI", 138 + len(pixels) + len(icc), 0, 0, 138) + bytes(header) + pixels + icc


def jp2(image: Pixels, icc: bytes) -> bytes:
    plain = by_pillow(image, "JPEG2000")
    at = plain.index(b"colr") - 4
    (size,) = struct.unpack_from(">I", plain, at)
    box = struct.pack(">I4sBBB", 11 + len(icc), b"colr", 2, 0, 0) + icc
    grown = bytearray(plain[:at] + box + plain[at + size :])
    outer = plain.index(b"jp2h") - 4
    struct.pack_into(">I", grown, outer, struct.unpack_from(">I", plain, outer)[0] + len(box) - size)
    return bytes(grown)


def webp_in_chunks(image: Pixels, icc: bytes) -> bytes:
    file = io.BytesIO()
    frames = [Image.fromarray(np.ascontiguousarray(each[..., ::-1])) for each in (image, 255 - image)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True, icc_profile=icc)
    return file.getvalue()


def deep_png(image: Pixels, icc: bytes) -> bytes:
    return with_png_chunk(by_opencv(image.astype(np.uint16) * 257, ".png"), b"iCCP", iccp(icc))


def deep_tiff(image: Pixels, icc: bytes) -> bytes:
    plain = tiff(image[..., ::-1].astype(np.uint16) * 257, 2, t34675=0)
    entry = plain.rindex(struct.pack("<HHI", 34675, 3, 1))
    return plain[:entry] + struct.pack("<HHII", 34675, 7, len(icc), len(plain)) + plain[entry + 12 :] + icc


CARRIERS: dict[str, Callable[[Pixels, bytes], bytes]] = {
    "jpeg": lambda image, icc: by_pillow(image, "JPEG", quality=100, subsampling=0, icc_profile=icc),
    "progressive jpeg": lambda image, icc: by_pillow(
        image, "JPEG", quality=100, subsampling=0, progressive=True, icc_profile=icc
    ),
    "png": lambda image, icc: by_pillow(image, "PNG", icc_profile=icc),
    "png of 16 bits": deep_png,
    "png with alpha": lambda image, icc: by_pillow(
        np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]), "PNG", icc_profile=icc
    ),
    "webp": lambda image, icc: by_pillow(image, "WEBP", lossless=True, icc_profile=icc),
    "webp animation": webp_in_chunks,
    "tiff": lambda image, icc: by_pillow(image, "TIFF", icc_profile=icc),
    "tiff of 16 bits": deep_tiff,
    "bmp": bmp,
    "jpeg 2000": jp2,
    "avif": lambda image, icc: by_pillow(image, "AVIF", quality=100, subsampling="4:4:4", icc_profile=icc),
}
if not features.check("avif"):
    del CARRIERS["avif"]


@pytest.mark.parametrize("icc", [DISPLAY_P3, ADOBE_RGB], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("name", CARRIERS)
def test_a_picture_in_other_colours_comes_out_as_the_picture(name: str, icc: bytes) -> None:
    stored = converted(SCENE, icc)
    assert difference(stored, SCENE) > 5
    encoded = CARRIERS[name](stored, icc)
    assert difference(decode_image(encoded), SCENE) <= (1.5 if name in ("jpeg", "progressive jpeg", "avif") else 0.6)


@pytest.mark.parametrize("name", CARRIERS)
def test_a_profile_that_is_srgb_changes_nothing_and_starts_no_engine(name: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(ImageCms, "buildTransform", lambda *_: pytest.fail("not needed"))
    monkeypatch.setattr(embeddedcolours, "_known", {})
    plain = decode_image(CARRIERS[name](SCENE, b"no profile"))
    lcms = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (SRGB, rgb_profile(SRGB_PRIMARIES, table_curve()), lcms):
        assert np.array_equal(decode_image(CARRIERS[name](SCENE, icc)), plain)


def test_a_reduced_jpeg_is_converted_too() -> None:
    large = scene(960, 1280)
    data = by_pillow(converted(large, DISPLAY_P3), "JPEG", quality=95, icc_profile=DISPLAY_P3)
    image = decode_image(data, Reading(fewest_pixels=1000))
    assert image.shape[0] < 960
    assert difference(image, cv2.resize(large, image.shape[1::-1], interpolation=cv2.INTER_AREA)) <= 1.5


def test_a_profile_in_many_segments_is_put_together() -> None:
    padded = rgb_profile(P3_PRIMARIES, srgb_curve(), xtra=bytes(200_000))
    data = by_pillow(converted(SCENE, padded), "JPEG", quality=100, subsampling=0, icc_profile=padded)
    assert data.count(b"ICC_PROFILE\0") == 4
    assert difference(decode_image(data), SCENE) <= 1.5
    # Without one of its segments there is no profile.
    second = data.index(b"ICC_PROFILE\0\2") - 4
    (length,) = struct.unpack_from(">H", data, second + 2)
    assert difference(decode_image(data[:second] + data[second + 2 + length :]), SCENE) > 5


def test_colours_count_and_not_the_name() -> None:
    liar = DISPLAY_P3.replace(b"test\0", b"sRGB\0")
    assert difference(decode_image(by_pillow(converted(SCENE, liar), "PNG", icc_profile=liar)), SCENE) <= 0.6


def test_a_palette_is_converted() -> None:
    blue_green_red = np.array([[[0, 0, 255], [0, 255, 0]]], np.uint8)
    palette = converted(blue_green_red, ADOBE_RGB)[0, :, ::-1].tobytes()
    data = png(2, 1, 8, 3, b"\0\0\1", (b"iCCP", iccp(ADOBE_RGB)), (b"PLTE", palette))
    assert np.abs(decode_image(data).astype(int) - blue_green_red).max() <= 3


def test_colours_are_converted_before_they_are_laid_on_white() -> None:
    stored = np.dstack([converted(SCENE, ADOBE_RGB), np.full(SCENE.shape[:2], 128, np.uint8)])
    expected = SCENE * (128 / 255) + 127
    assert difference(decode_image(by_pillow(stored, "PNG", icc_profile=ADOBE_RGB)), expected) <= 1


@pytest.mark.parametrize("icc", [DISPLAY_P3, ADOBE_RGB], ids=["Display P3", "Adobe RGB"])
def test_grey_stays_grey(icc: bytes) -> None:
    greys = cv2.cvtColor(GREYS, cv2.COLOR_GRAY2BGR)
    assert np.ptp(decode_image(by_pillow(greys, "PNG", icc_profile=icc)), axis=2).max() == 0
    assert np.ptp(decode_image(by_pillow(greys, "PNG", mode="L", icc_profile=icc)), axis=2).max() == 0


@pytest.mark.parametrize(
    "name, mode", [("PNG", "L"), ("PNG", "LA"), ("TIFF", "L"), ("TIFF", "LA"), ("JPEG", "L"), ("WEBP", "L")]
)
def test_greys_of_another_curve_come_out_in_the_right_brightness(name: str, mode: str) -> None:
    icc = grey_profile(gamma_curve(1.0))
    greys = cv2.cvtColor(GREYS, cv2.COLOR_GRAY2BGR)
    options: Any = {"JPEG": {"quality": 100}, "WEBP": {"lossless": True}}.get(name, {})
    image = decode_image(by_pillow(greys, name, mode=mode, icc_profile=icc, **options))
    light = np.arange(256) / 255
    expected = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    # A JPEG rounds the darkest samples, of which one level is much light.
    assert np.abs(image[0, 32:, 0] - expected[32:]).max() <= (4 if name == "JPEG" else 1)
    assert np.ptp(image, axis=2).max() == 0


def test_a_profile_for_other_samples_is_ignored() -> None:
    for icc in (grey_profile(gamma_curve(1.0)), ink_profile()):
        assert np.array_equal(decode_image(by_pillow(SCENE, "PNG", icc_profile=icc)), SCENE)


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_inks_are_printed_by_their_profile(name: str) -> None:
    inks = np.zeros((16, 64, 4), np.uint8)
    for number in range(4):
        inks[:, 16 * number : 16 * number + 16, number] = 255
    picture = Image.merge("CMYK", [Image.fromarray(np.ascontiguousarray(inks[..., i])) for i in range(4)])
    file = io.BytesIO()
    picture.save(file, name, icc_profile=ink_profile(), **({"quality": 100} if name == "JPEG" else {}))
    image = decode_image(file.getvalue())
    lab = cv2.cvtColor(image[8:9, 8::16].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0]
    # Colours are relative to the paper, and the darkest of all inks together is black.
    assert np.abs(lab[:3, 1:] - [[-20, -30], [50, 0], [0, 60]]).max() <= 9
    assert lab[3, 0] < 20 < 45 < lab[1, 0] < lab[0, 0] < lab[2, 0]


def test_a_broken_profile_is_ignored() -> None:
    plain = SCENE
    rng = np.random.default_rng(3)
    assert np.array_equal(decode_image(by_pillow(SCENE, "PNG", icc_profile=b"\0" * 500)), plain)
    for icc in (DISPLAY_P3, ink_profile(), grey_profile(table_curve(4))):
        for cut in range(0, min(len(icc), 700), 23):
            assert decode_image(by_pillow(SCENE, "PNG", icc_profile=icc[:cut] or b"x")).shape == plain.shape
        for _ in range(30):
            bad = bytearray(icc)
            for place in rng.integers(0, len(bad), 4):
                bad[place] = rng.integers(256)
            assert decode_image(by_pillow(SCENE, "PNG", icc_profile=bytes(bad))).shape == plain.shape


def test_a_profile_that_is_too_large_or_takes_too_long_is_ignored() -> None:
    chain = rgb_profile(P3_PRIMARIES, srgb_curve(), D2B0=b"mpet" + bytes(100))
    large = rgb_profile(P3_PRIMARIES, srgb_curve(), xtra=bytes(MOST_BYTES))
    for icc in (chain, large):
        assert np.array_equal(decode_image(by_pillow(SCENE, "PNG", icc_profile=icc)), SCENE)


def test_a_decompression_bomb_in_the_place_of_a_profile_does_not_go_off() -> None:
    started = time.perf_counter()
    data = with_png_chunk(by_pillow(SCENE, "PNG"), b"iCCP", iccp(bytes(100_000_000)))
    packed = time.perf_counter()
    assert np.array_equal(decode_image(data), SCENE)
    assert time.perf_counter() - packed < max(1.0, packed - started)


def test_riff_chunks_of_a_profile_stand_before_the_picture() -> None:
    data = by_pillow(converted(SCENE, DISPLAY_P3), "WEBP", lossless=True, icc_profile=DISPLAY_P3)
    assert riff_chunk(b"ICCP", DISPLAY_P3) in data


def test_few_profiles_are_kept() -> None:
    for number in range(50):
        icc = rgb_profile(P3_PRIMARIES, gamma_curve(1.5 + number / 100))
        decode_image(by_pillow(SCENE, "PNG", icc_profile=icc))
    assert len(embeddedcolours._known) <= embeddedcolours._MOST_KNOWN


def test_threads_share_an_engine() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (400, 500, 3), np.uint8)
    encoded = [by_pillow(noise[::step], "PNG", icc_profile=icc) for step in (1, 2) for icc in (DISPLAY_P3, ADOBE_RGB)]
    expected = [decode_image(data) for data in encoded]
    wrong: list[int] = []

    def work(number: int) -> None:
        for turn in range(10):
            which = (number + turn) % len(encoded)
            if not np.array_equal(decode_image(encoded[which]), expected[which]):
                wrong.append(which)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_profile_of_another_class_is_ignored() -> None:
    assert np.array_equal(decode_image(by_pillow(SCENE, "PNG", icc_profile=profile(b"RGB ", {}, kind=b"link"))), SCENE)
