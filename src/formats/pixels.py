"""Samples of any kind -> upright 8-bit BGR without transparent parts; and how OpenCV is asked for samples."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import DAMAGED, UNSUPPORTED, UnreadableImage
from .embeddedcolours import inks_to_srgb, to_srgb
from .rowblocks import Image8, as_8bit
from .transparency import lay_on_ground

# Sensors of 8, 10 and 12 bits are common, and hardly a picture has its brightest sample below 1/16 of full.
# 14 bits cannot be told from a dark picture of 16.
_NARROW_RANGES = (255, 1023, 4095)


def decode_by_opencv(data: bytes, flags: int, trouble: str) -> NDArray[Any]:
    """Return the grey, BGR or BGRA samples that OpenCV decodes; raise UnreadableImage for `trouble` if it cannot."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if image is None:
        raise UnreadableImage(DAMAGED, trouble)
    return image


def upright(image: Image8, orientation: int) -> Image8:
    """Turn a picture as EXIF 2.3 says (tag 274); an orientation other than 2 to 8 counts as upright."""
    if orientation in (5, 6, 7, 8):
        image = as_8bit(cv2.transpose(image))
    # Around the x-axis (0), the y-axis (1) or both (-1).
    flips = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}
    return as_8bit(cv2.flip(image, flips[orientation])) if orientation in flips else image


def to_bgr(image: NDArray[Any], *, declared: int = 0, premultiplied: bool = False, profile: bytes = b"") -> Image8:
    """Convert integer samples to 8-bit sRGB, as BGR; transparent parts are laid on a ground.

    Parameters
    ----------
    image : array (h, w), (h, w, 1), (h, w, 3) or (h, w, 4), uint8 or uint16
        Grey, BGR or BGRA.
    declared : int, optional
        The sample value that means full, as the file says. By default it is 255, or what 16-bit samples obviously use
        (`find_top`): that is one rule for all formats.
    premultiplied : bool
        Whether the colours are already multiplied by alpha.
    profile : bytes, optional
        The ICC profile of the samples; by default they are sRGB.
    """
    if image.dtype != np.uint8:
        image = _narrow(np.asarray(image, np.uint16), declared)
    elif declared not in (0, 255):
        image = cv2.convertScaleAbs(image, alpha=255 / declared)
    if profile:
        image, premultiplied = _convert(as_8bit(image), profile, premultiplied), False
    if image.ndim == 2 or image.shape[2] == 1:
        return as_8bit(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
    if image.shape[2] == 4:
        return lay_on_ground(as_8bit(image), premultiplied=premultiplied)
    return as_8bit(image)


def _narrow(samples: NDArray[np.uint16], declared: int) -> Image8:
    """Convert 16-bit samples to 8 bits, rounded: 65535 -> 255, and in a 12-bit range 4095 -> 255."""
    if samples.ndim == 2 or samples.shape[2] != 4:
        return as_8bit(cv2.convertScaleAbs(samples, alpha=255 / find_top(samples, declared)))
    top = find_top(samples[..., :3], declared)
    image = as_8bit(cv2.convertScaleAbs(samples, alpha=255 / top))
    if samples[..., 3].max() > top:
        # Some programs write colours of fewer bits beside an alpha of 16.
        image[..., 3] = cv2.convertScaleAbs(samples[..., 3], alpha=255 / 65535)
    return image


def _convert(image: Image8, profile: bytes, premultiplied: bool) -> Image8:
    """Convert samples to sRGB; colours are divided by alpha first if they are multiplied by it."""
    if premultiplied and image.ndim == 3 and image.shape[2] == 4:
        alpha = cv2.cvtColor(cv2.extractChannel(image, 3), cv2.COLOR_GRAY2BGR)
        colour = cv2.divide(cv2.cvtColor(image, cv2.COLOR_BGRA2BGR), alpha, scale=255)
        image = np.dstack([colour, image[..., 3]])
    return to_srgb(image, profile)


def find_top(samples: NDArray[np.uint16], declared: int = 0) -> int:
    """Return the 16-bit sample value that means full brightness in a file that may hold fewer bits.

    It is what the file declares (TIFF's MaxSampleValue; 0 for nothing) unless samples exceed that. Else it is the top
    of the narrowest of 8, 10, 12 and 16 bits that holds all samples.
    """
    highest = int(samples.max())
    if declared >= max(highest, _NARROW_RANGES[0]):
        return min(declared, 65535)
    return next((top for top in _NARROW_RANGES if highest <= top), 65535)


def cmyk_to_bgr(inks: Image8, profile: bytes = b"") -> Image8:
    """Print cyan, magenta, yellow and black (255: full ink) on white paper.

    Without a profile these are ideal inks: `red = (1 - cyan) * (1 - black)` and so on.
    """
    printed = inks_to_srgb(inks, profile)
    if printed is not None:
        return printed
    cyan, magenta, yellow, black = cv2.split(cv2.bitwise_not(inks))
    return as_8bit(cv2.merge([cv2.multiply(ink, black, scale=1 / 255) for ink in (yellow, magenta, cyan)]))


def from_float(image: NDArray[Any], *, linear: bool) -> Image8:
    """Convert floating-point samples, grey or BGR, to 8-bit BGR.

    Linear light (Radiance HDR) is clipped at 1.0, its white, and given the sRGB curve (IEC 61966-2-1). Other
    floating-point files do not say what they hold. Values up to 1 are taken as display values, as scikit-image writes
    them. A filter or a wide gamut may leave some a little below 0, which are clipped. Values within 0..255, half of
    them above 2, are taken as 8-bit values, as Pillow writes them. All else is refused.
    """
    samples = image.astype(np.float32, copy=False)
    if not np.isfinite(samples).all():
        raise UnreadableImage(UNSUPPORTED, "floating-point samples that are not numbers")
    low, high = float(samples.min()), float(samples.max())
    if linear:
        if np.median(samples) > 1:
            raise UnreadableImage(UNSUPPORTED, "most of it is brighter than white (HDR without an exposure)")
        samples = np.clip(samples, 0, 1)
        samples = np.where(samples <= 0.0031308, samples * 12.92, 1.055 * samples ** (1 / 2.4) - 0.055)
    elif high <= 1 and -high / 2 <= low:
        samples = np.clip(samples, 0, 1)
    elif low < 0 or high > 255 or np.median(samples) < 2:
        raise UnreadableImage(
            UNSUPPORTED, f"floating-point samples from {low:.4g} to {high:.4g}, a range that has no known meaning"
        )
    scale = 255 if linear or high <= 1 else 1
    return to_bgr(np.rint(samples * scale).astype(np.uint8))
