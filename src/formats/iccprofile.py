"""What an ICC profile says, read without a colour engine: for which samples it is, and whether its colours are sRGB.

Layout: ICC.1:2022, sections 7 (header and tags), 10.6 (curves), 10.18 (parametric curves) and 10.31 (XYZ).
"""

import struct

import numpy as np
from numpy.typing import NDArray

# The largest in use, which are of inks on paper, have about 3 MB.
MOST_BYTES = 1 << 22
_HEADER = 128
_MOST_TAGS = 100
# Input, display, output and colour space profiles; others do not say how the samples of a picture look.
_CLASSES = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_TABLES = frozenset({b"A2B0", b"A2B1", b"A2B2"})
# Chains of as many steps a colour as the file likes: they could keep the colour engine busy for minutes.
_CHAINS = frozenset({b"D2B0", b"D2B1", b"D2B2", b"D2B3"})
# Red, green and blue of sRGB (IEC 61966-2-1) as columns of XYZ, adapted to D50 by Bradford's matrix as in profiles.
_SRGB = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
# How many numbers each kind of parametric curve has: g, then a, b, c, d, e, f.
_PARAMETERS = (1, 3, 4, 5, 7)
# A profile is sRGB if it moves no channel of any colour by more than this; rounding moves some by half of it.
_SAME = 1.0

_Curve = NDArray[np.float64]  # the linear light, 0 to 1, of each of the samples 0 to 255


def read_space(profile: bytes) -> str:
    """Return for which samples a profile is, 'RGB', 'GRAY' or 'CMYK'; '' if it cannot be used."""
    if not _HEADER < len(profile) <= MOST_BYTES or profile[36:40] != b"acsp" or profile[12:16] not in _CLASSES:
        return ""
    if _CHAINS & _read_tags(profile).keys():
        return ""
    return {b"RGB ": "RGB", b"GRAY": "GRAY", b"CMYK": "CMYK"}.get(profile[16:20], "")


def is_srgb(profile: bytes) -> bool:
    """Return whether a usable profile moves no colour: its primaries and curves are computed, its name says nothing.

    One that maps colours by tables is never taken for sRGB.
    """
    tags = _read_tags(profile)
    samples = np.arange(256.0)
    if _TABLES & tags.keys():
        return False
    try:
        if profile[16:20] == b"GRAY":
            return bool(np.abs(_encode(_read_curve(tags[b"kTRC"])) - samples).max() <= _SAME)
        primaries = np.column_stack([_read_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")])
        curves = [_read_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")]
    except (KeyError, ValueError, struct.error):
        return False
    # Every 17th sample of each channel with every 17th of the others; and all greys, which show the curves.
    levels = np.arange(0, 256, 17)
    picks = np.stack([*np.meshgrid(levels, levels, levels)]).reshape(3, -1)
    picks = np.hstack([picks, np.tile(np.arange(256), (3, 1))])
    light = np.stack([curve[pick] for curve, pick in zip(curves, picks, strict=True)])
    return bool(np.abs(_encode(np.linalg.solve(_SRGB, primaries @ light)) - picks).max() <= _SAME)


def _read_tags(profile: bytes) -> dict[bytes, bytes]:
    """Map the names of the tags that lie within the profile to their content."""
    if len(profile) < _HEADER + 4:
        return {}
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    places = range(_HEADER + 4, min(_HEADER + 4 + 12 * min(count, _MOST_TAGS), len(profile) - 11), 12)
    entries = (struct.unpack_from(">4sII", profile, place) for place in places)
    return {name: profile[start : start + size] for name, start, size in entries}


def _read_xyz(tag: bytes) -> tuple[float, ...]:
    kind, *numbers = struct.unpack_from(">4s4x3i", tag)
    if kind != b"XYZ ":
        raise ValueError("no XYZ")
    return tuple(number / 65536 for number in numbers)


def _read_curve(tag: bytes) -> _Curve:
    """Evaluate a curve, as a table, a gamma or a formula; ValueError if it is none of these."""
    x = np.linspace(0, 1, 256)
    kind, count = struct.unpack_from(">4s4xI", tag)
    if kind == b"curv":
        if count > 1:
            table = np.frombuffer(tag, ">u2", count, 12) / 65535
            return np.asarray(np.interp(x, np.linspace(0, 1, count), table))
        return np.asarray(x ** (struct.unpack_from(">H", tag, 12)[0] / 256 if count else 1.0))
    formula = count >> 16
    if kind != b"para" or formula >= len(_PARAMETERS):
        raise ValueError("no curve")
    size = _PARAMETERS[formula]
    g, a, b, c, d, e, f = [number / 65536 for number in struct.unpack_from(f">{size}i", tag, 12)] + [0.0] * (7 - size)
    if formula == 0:
        a = 1.0
    elif formula < 3:
        # Above -b / a the power, below it nothing; the third number is added to both.
        c, d, e, f = 0.0, -b / a if a else 0.0, c, c
    power = np.maximum(a * x + b, 0) ** max(g, 0.0) + e
    return np.asarray(np.where(x >= d, power, c * x + f))


def _encode(light: _Curve) -> _Curve:
    """Return the sRGB samples, 0 to 255 and not rounded, of linear light; what lies outside of sRGB is clipped."""
    light = np.clip(light, 0, 1)
    return np.asarray(255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055))
