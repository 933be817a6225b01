"""PAM, PNM and WBMP -> pixels: their samples lie plain in the file, and neither OpenCV nor Pillow reads them all."""

import re

import numpy as np

from ..errors import DAMAGED, UNSUPPORTED, UnreadableImage
from .completeness import refuse_cut_off
from .imageformats import read_wbmp_size
from .imagelimits import Limits
from .pillowreader import read_by_pillow
from .pixels import to_bgr
from .rowblocks import Image8

_PAM_HEADER = re.compile(rb"P7\n(.{0,4096}?)ENDHDR\n", re.DOTALL)
_BLANK = rb"(?:\s|#[^\r\n]{0,4096}[\r\n]){1,4096}"
_PNM_HEADER = re.compile(rb"P[56]" + (_BLANK + rb"(\d{1,9})") * 3 + rb"\s")
_PAM_CHANNELS = {"BLACKANDWHITE": 1, "GRAYSCALE": 1, "GRAYSCALE_ALPHA": 2, "RGB": 3, "RGB_ALPHA": 4}


def read_pam(data: bytes, limits: Limits) -> Image8:
    """Decode a PAM picture (Netpbm's P7); an unknown tuple type is refused."""
    match = _PAM_HEADER.match(data)
    if match is None:
        raise UnreadableImage(DAMAGED, "its PAM header is damaged")
    fields = dict(line.split(None, 1) for line in match[1].decode("latin-1").splitlines() if len(line.split()) == 2)
    try:
        width, height, depth, top = (int(fields[name]) for name in ("WIDTH", "HEIGHT", "DEPTH", "MAXVAL"))
    except (KeyError, ValueError) as error:
        raise UnreadableImage(DAMAGED, "its PAM header is damaged") from error
    if _PAM_CHANNELS.get(fields.get("TUPLTYPE", "").strip()) != depth or not 0 < top < 65536:
        raise UnreadableImage(UNSUPPORTED, "a PAM picture of an unknown tuple type")
    sample = np.dtype(np.uint8 if top < 256 else ">u2")
    with limits.room(width, height, 8 * depth * sample.itemsize):
        refuse_cut_off(data, match.end() + width * height * depth * sample.itemsize)
        samples = np.frombuffer(data, sample, width * height * depth, match.end()).reshape(height, width, depth)
        samples = samples.astype(sample.newbyteorder("="))
        # Grey or RGB, with alpha or without -> grey, BGR or BGRA.
        order = {1: [0], 2: [0, 0, 0, 1], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[depth]
        return to_bgr(np.ascontiguousarray(samples[..., order]), declared=_declared(top))


def read_pnm(data: bytes, limits: Limits) -> Image8:
    """Decode a PNM picture (Netpbm's P1 to P6): binary ones above 8 bits here, all others by Pillow."""
    match = _PNM_HEADER.match(data)
    width, height, top = map(int, match.groups()) if match else (0, 0, 0)
    if match is None or not 255 < top < 65536:
        return read_by_pillow(data, "PPM", limits)
    depth = 1 if data[1:2] == b"5" else 3
    with limits.room(width, height, 16 * depth):
        refuse_cut_off(data, match.end() + width * height * depth * 2)
        samples = np.frombuffer(data, ">u2", width * height * depth, match.end()).reshape(height, width, depth)
        return to_bgr(np.ascontiguousarray(samples[..., ::-1], np.uint16), declared=_declared(top))


def _declared(top: int) -> int:
    """Return the range that a header declares; two bytes a sample declare none."""
    return 0 if top == 65535 else top


def read_wbmp(data: bytes, limits: Limits) -> Image8:
    """Decode a WBMP picture, black and white (WAP-237, type 0)."""
    size = read_wbmp_size(data)
    if size is None:
        raise UnreadableImage(DAMAGED, "its WBMP header is damaged")
    width, height, start = size
    with limits.room(width, height, 1):
        packed = np.frombuffer(data, np.uint8, (width + 7) // 8 * height, start).reshape(height, -1)
        return to_bgr(np.unpackbits(packed, axis=1)[:, :width] * np.uint8(255))
