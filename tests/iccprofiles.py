"""Colour profiles made on the spot, and pictures converted to them."""

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

Number = tuple[float, float, float]

SRGB_PRIMARIES = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
P3_PRIMARIES = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_PRIMARIES = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def fixed(*numbers: float) -> bytes:
    """Pack numbers as s15Fixed16."""
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def srgb_curve() -> bytes:
    """Return the curve of sRGB as a formula."""
    return b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def table_curve(size: int = 1024) -> bytes:
    """Return the curve of sRGB as a table."""
    x = np.linspace(0, 1, size)
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return b"curv\0\0\0\0" + struct.pack(f">I{size}H", size, *np.rint(light * 65535).astype(int).tolist())


def gamma_curve(gamma: float) -> bytes:
    """Return a power as a curve."""
    return b"curv\0\0\0\0\0\0\0\1" + struct.pack(">Hxx", round(gamma * 256))


def profile(space: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", pcs: bytes = b"XYZ ") -> bytes:
    """Put a profile of version 2.4 together."""
    tags = {b"desc": b"desc\0\0\0\0\0\0\0\5test\0" + bytes(79), b"wtpt": xyz(0.9642, 1, 0.8249), **tags}
    body, entries = b"", b""
    for name, content in tags.items():
        start = 132 + 12 * len(tags) + len(body)
        entries += name + struct.pack(">II", start, len(content))
        body += content + b"\0" * (-len(content) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12x4s", 132 + 12 * len(tags) + len(body), b"test", 0x02400000, kind, space, pcs, b"acsp"
    )
    header = header.ljust(68, b"\0") + fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + body


def xyz(*numbers: float) -> bytes:
    """Return a tag that holds a colour."""
    return b"XYZ \0\0\0\0" + fixed(*numbers)


def rgb_profile(primaries: tuple[Number, Number, Number], curve: bytes, **more: bytes) -> bytes:
    """Return a profile of RGB samples."""
    tags = {name: xyz(*primary) for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return profile(b"RGB ", tags | {name.encode(): content for name, content in more.items()})


def grey_profile(curve: bytes) -> bytes:
    """Return a profile of grey samples."""
    return profile(b"GRAY", {b"kTRC": curve})


def ink_profile() -> bytes:
    """Return a profile of dull inks: cyan is (55, -20, -30) in Lab, and so on; what lies between is interpolated."""
    paper = np.array([95.0, 0, 0])
    inks = np.array([[55.0, -20, -30], [50, 50, 0], [85, 0, 60], [15, 0, 0]]) - paper
    corners = np.array(np.meshgrid(*[[0, 1]] * 4, indexing="ij")).reshape(4, -1).T
    lab = np.clip(paper + corners @ inks, [5, -128, -128], [100, 127, 127])
    grid = np.rint(lab * [2.55, 1, 1] + [0, 128, 128]).astype(np.uint8).tobytes()
    ramp = bytes(range(256))
    table = b"mft1\0\0\0\0\4\3\2\0" + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + ramp * 4 + grid + ramp * 3
    return profile(b"CMYK", {b"A2B0": table}, kind=b"prtr", pcs=b"Lab ")


SRGB = rgb_profile(SRGB_PRIMARIES, srgb_curve())
DISPLAY_P3 = rgb_profile(P3_PRIMARIES, srgb_curve())
ADOBE_RGB = rgb_profile(ADOBE_PRIMARIES, gamma_curve(2.19921875))


def converted(bgr: NDArray[np.uint8], to: bytes) -> NDArray[np.uint8]:
    """Return the samples that show an sRGB picture when they are read by a profile of RGB."""
    picture = Image.fromarray(np.ascontiguousarray(bgr[..., ::-1]))
    result = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("sRGB"), io.BytesIO(to), ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    assert result is not None
    return np.asarray(result)[..., ::-1]
