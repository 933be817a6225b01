"""Samples of an embedded colour profile -> sRGB, by the colour engine that comes with Pillow.

A profile that is sRGB, cannot be used, or is for other samples leaves the picture as it is, and loads no engine.
"""

import io
import threading
from typing import Any, NamedTuple

import cv2
import numpy as np

from ..filebytes import content_digest
from .iccprofile import is_srgb, read_space
from .rowblocks import Image8, as_8bit, row_blocks

# Pillow's modes: those of RGB have a fourth byte, so that arrays need not be copied into pictures.
_MODES = {"RGB": ("RGBX", "RGBX"), "GRAY": ("L", "RGB"), "CMYK": ("CMYK", "RGB")}
_MOST_KNOWN = 16
_LARGE = 8192


class _Conversion(NamedTuple):
    """What turns samples of one profile into sRGB; engines can be used by several threads at a time."""

    space: str
    engine: Any
    greys: Image8
    """Shape (256,): what grey becomes. It stays grey: a tint of one level would give it a hue."""


# By the profile, or the digest of a large one; None for those that change nothing. The oldest is dropped.
_known: dict[bytes, _Conversion | None] = {}
_lock = threading.Lock()


def to_srgb(image: Image8, profile: bytes) -> Image8:
    """Convert grey, BGR or BGRA samples to sRGB; alpha is kept.

    A profile of greys counts only for a picture that is grey. One of RGB also counts for samples that are stored grey.
    """
    conversion = _find_conversion(profile) if profile else None
    if conversion is None or conversion.space == "CMYK":
        return image
    if image.ndim == 2 or image.shape[2] == 1:
        return as_8bit(cv2.LUT(image, conversion.greys))
    if conversion.space == "GRAY" and not _is_grey(image):
        return image
    result = image.copy() if image.shape[2] == 4 else np.empty_like(image)
    for rows in row_blocks(*image.shape[:2]):
        if conversion.space == "GRAY":
            result[rows, :, :3] = cv2.LUT(image[rows, :, :3], conversion.greys)
        else:
            rgbx = cv2.cvtColor(image[rows], cv2.COLOR_BGR2RGBA if image.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
            result[rows, :, :3] = cv2.cvtColor(_apply(conversion, as_8bit(rgbx)), cv2.COLOR_RGBA2BGR)
    return result


def inks_to_srgb(inks: Image8, profile: bytes) -> Image8 | None:
    """Convert cyan, magenta, yellow and black (255: full ink) to BGR; return None without a usable profile of inks."""
    conversion = _find_conversion(profile) if profile else None
    if conversion is None or conversion.space != "CMYK":
        return None
    return np.ascontiguousarray(_apply(conversion, inks)[..., ::-1])


def _is_grey(image: Image8) -> bool:
    return bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all())


def _apply(conversion: _Conversion, samples: Image8) -> Image8:
    """Return converted samples; those of RGB may be converted where they lie."""
    from PIL import Image

    mode, size = _MODES[conversion.space][0], samples.shape[1::-1]
    samples = np.ascontiguousarray(samples)
    picture = Image.frombuffer(mode, size, samples, "raw", mode, 0, 1)
    # The picture lies in the memory of the array unless Pillow had to copy it.
    if conversion.space == "RGB" and picture.readonly:
        conversion.engine.apply_in_place(picture)
        return samples
    return np.asarray(conversion.engine.apply(picture))


def _find_conversion(profile: bytes) -> _Conversion | None:
    # To load what makes digests takes longer than a picture to decode.
    key = profile if len(profile) <= _LARGE else content_digest(profile)
    with _lock:
        if key in _known:
            return _known[key]
    # Not under the lock: a profile that takes long must not stop the other threads.
    conversion = _make_conversion(profile)
    with _lock:
        while len(_known) >= _MOST_KNOWN:
            del _known[next(iter(_known))]
        _known[key] = conversion
    return conversion


def _make_conversion(profile: bytes) -> _Conversion | None:
    space = read_space(profile)
    if not space or (space != "CMYK" and is_srgb(profile)):
        return None
    try:
        from PIL import ImageCms

        # Colours that sRGB has come out as they are, others as the nearest; the darkest ink becomes black.
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
        if space == "GRAY":
            # It is used for 256 samples only: exact, and not fast.
            flags |= ImageCms.Flags.NOOPTIMIZE
        engine = ImageCms.buildTransform(
            io.BytesIO(profile),
            ImageCms.createProfile("sRGB"),
            *_MODES[space],
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags,
        )
        conversion = _Conversion(space, engine, np.arange(256, dtype=np.uint8))
        if space == "CMYK":
            return conversion
        ramp = np.arange(256, dtype=np.uint8)[np.newaxis]
        greys = _apply(conversion, ramp if space == "GRAY" else as_8bit(cv2.cvtColor(ramp, cv2.COLOR_GRAY2RGBA)))
        return conversion._replace(greys=greys[0, :, 1].copy())
    except MemoryError:
        raise
    except Exception:
        # A broken profile: whatever the engine says of it, the picture is read as one without.
        return None
