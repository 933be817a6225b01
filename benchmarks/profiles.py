"""Colour profiles to convert photos to: made here, as Pillow makes none but sRGB and no system has all of them.

A profile of a display is three primaries, a white and a curve. ICC.1:2010 says how these are written, and that
everything is seen under D50; the primaries and curves are those that each space is published with.
"""

import struct

import numpy as np
from numpy.typing import NDArray

D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)  # chromaticities of daylight, CIE 15
SEEN = np.array([0.9642, 1.0, 0.8249])  # D50 as ICC.1:2010 writes it
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

Chromaticity = tuple[float, float]

# Primaries red, green and blue, the white, and the exponent of the curve. Display P3 (SMPTE EG 432-1) has the curve of
# sRGB, for which 2.2 stands; Adobe RGB (1998) has 563 / 256; ROMM RGB (ISO 22028-2), known as ProPhoto, has 1.8.
SPACES: dict[str, tuple[tuple[Chromaticity, Chromaticity, Chromaticity], Chromaticity, float]] = {
    "display-p3": (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65, 2.2),
    "adobe-rgb": (((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, 563 / 256),
    "prophoto": (((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), D50, 1.8),
}


def colorants(space: str) -> NDArray[np.float64]:
    """Return the XYZ of the primaries under D50 as columns, shape (3, 3), which sum to the white."""
    primaries, white, _ = SPACES[space]
    columns = np.stack([_xyz(place) for place in primaries], axis=1)
    columns = columns * np.linalg.solve(columns, _xyz(white))
    # Another white: the eye's three responses are scaled, as ICC profiles do it.
    scale = np.diag(BRADFORD @ SEEN / (BRADFORD @ _xyz(white)))
    return np.asarray(np.linalg.inv(BRADFORD) @ scale @ BRADFORD @ columns, np.float64)


def profile(space: str) -> bytes:
    """Return a profile of version 2.1 for a display of one of `SPACES`."""
    red, green, blue = colorants(space).T
    # A curve of one number is an exponent, in 8.8 fixed point.
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(SPACES[space][2] * 256)) + bytes(2)
    name = space.encode() + b"\0"
    # After the name in ASCII come a Unicode and a Macintosh one, both left empty.
    text = b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": text + bytes(-len(text) % 4),
        b"cprt": b"text" + bytes(4) + b"no rights reserved\0\0",
        b"wtpt": _xyz_tag(SEEN),
        b"rXYZ": _xyz_tag(red),
        b"gXYZ": _xyz_tag(green),
        b"bXYZ": _xyz_tag(blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, offset + len(data), len(content))
        data += content
    header = struct.pack(
        ">I4xI4s4s4s12x4s28xIII48x",
        offset + len(data), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp", *(round(part * 65536) for part in SEEN),
    )  # fmt: skip
    return header + table + data


def _xyz(place: Chromaticity) -> NDArray[np.float64]:
    x, y = place
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _xyz_tag(values: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in values))
