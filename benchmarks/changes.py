"""What people and programs do to copies of a photo: each change has a name, and a way from pixels to a file.

The names begin with the kind if it is not near: `file-` for identical bytes, `picture-` for identical pixels. A number
is a percentage, or a setting of the format. Pictures are uint8 of shape (height, width, 3), blue first, upright.
"""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from benchmarks.profiles import SPACES, profile

Photo = NDArray[np.uint8]
Alter = Callable[[Photo, np.random.Generator], NDArray[Any]]

QUALITY = 90  # JPEG, of changes that are about something else

SEPIA = np.array([[0.131, 0.534, 0.272], [0.168, 0.686, 0.349], [0.189, 0.769, 0.393]])  # blue first; a common recipe


class Change(NamedTuple):
    """One thing that is done to a photo."""

    name: str
    suffix: str
    make: Callable[[bytes, Photo, np.random.Generator], bytes]
    """From the file, its pixels and a generator for all that is by chance, to the copy."""

    @property
    def kind(self) -> str:
        """What the copy is to the photo: file, picture or near; see `src.duplicategroup`."""
        first = self.name.split("-")[0]
        return first if first in ("file", "picture") else "near"


def save(pixels: NDArray[Any], format: str, **options: Any) -> bytes:
    """Return pixels, blue first or grey, as a file."""
    picture = Image.fromarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def orient(photo: Photo, orientation: int) -> Photo:
    """Turn and mirror a photo so that a reader who does what EXIF's `orientation` says gets it back."""
    turned = np.rot90(photo, {3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}.get(orientation, 0))
    return np.ascontiguousarray(
        turned[::-1] if orientation in (5, 7) else turned[:, ::-1] if orientation in (2, 4) else turned
    )


def _altered(name: str, alter: Alter) -> Change:
    return Change(name, ".jpg", lambda _, photo, random: save(_whole(alter(photo, random)), "JPEG", quality=QUALITY))


def _saved(name: str, suffix: str, format: str, **options: Any) -> Change:
    return Change(name, suffix, lambda _, photo, __: save(photo, format, **options))


def _tagged(name: str, suffix: str, format: str, orientation: int, **options: Any) -> Change:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return Change(name, suffix, lambda _, photo, __: save(orient(photo, orientation), format, exif=exif, **options))


def _whole(picture: NDArray[Any]) -> Photo:
    return np.ascontiguousarray(np.clip(np.round(picture), 0, 255).astype(np.uint8))


def _crop(percent: int, photo: Photo, random: np.random.Generator) -> Photo:
    """Take so much of the width and of the height away, from a place by chance."""
    height, width = photo.shape[:2]
    away = round(height * percent / 100), round(width * percent / 100)
    top, left = (int(random.integers(0, most + 1)) for most in away)
    return photo[top : height - away[0] + top, left : width - away[1] + left]


def _cut(percent: int, photo: Photo, random: np.random.Generator) -> Photo:
    """Take so much away at one side by chance."""
    turned = np.rot90(photo, side := int(random.integers(4)))
    return np.rot90(turned[round(len(turned) * percent / 100) :], -side)


def _border(percent: int, colour: tuple[int, ...], photo: Photo, _: np.random.Generator) -> Photo:
    width = max(1, round(min(photo.shape[:2]) * percent / 100))
    return _surround(photo, width, width, colour)


def _bars(above: float, beside: float, photo: Photo, _: np.random.Generator) -> Photo:
    """Put black bars above and below, or beside, as players of films do."""
    return _surround(photo, round(photo.shape[0] * above), round(photo.shape[1] * beside), BLACK)


def _surround(photo: Photo, tall: int, wide: int, colour: tuple[int, ...]) -> Photo:
    around = cv2.copyMakeBorder(photo, tall, tall, wide, wide, cv2.BORDER_CONSTANT, value=colour)
    return np.asarray(around, np.uint8)


def _tones(slope: float, middle: float, photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    return (photo.astype(np.float32) - middle) * slope + middle


def _gamma(exponent: float, photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    return np.asarray(255 * (photo / np.float32(255)) ** exponent)


def _blur(share: float, photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    return cv2.GaussianBlur(photo, (0, 0), share * min(photo.shape[:2]))


def _sharpen(photo: Photo, random: np.random.Generator) -> NDArray[Any]:
    return np.asarray(photo + 1.5 * (photo.astype(np.float32) - _blur(0.004, photo, random)))


def _text(photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    """Write across the middle in white that lets 60 % of the photo through."""
    height, width = photo.shape[:2]
    (wide, tall), _below = cv2.getTextSize("SAMPLE PHOTO", cv2.FONT_HERSHEY_DUPLEX, 1, 2)
    scale, place = 0.9 * width / wide, (round(0.05 * width), round(height / 2 + 0.45 * width / wide * tall))
    written = cv2.putText(photo.copy(), "SAMPLE PHOTO", place, cv2.FONT_HERSHEY_DUPLEX, scale, (255, 255, 255), 2)
    return 0.6 * photo + 0.4 * written


def _logo(photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    """Put an opaque disc of a sixth of the shorter side into the lower right corner."""
    height, width = photo.shape[:2]
    radius = max(2, min(height, width) // 12)
    place = (width - 2 * radius, height - 2 * radius)
    return cv2.circle(
        cv2.circle(photo.copy(), place, radius, (40, 40, 200), -1), place, radius // 2, (255, 255, 255), -1
    )


def _date(photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    """Print a date into the lower right corner, as cameras did."""
    height, width = photo.shape[:2]
    place, font = (round(0.62 * width), round(0.95 * height)), cv2.FONT_HERSHEY_SIMPLEX
    return cv2.putText(photo.copy(), "2009/07/14", place, font, width / 560, (40, 150, 255), max(1, width // 250))


def _resize(wide: float, tall: float, photo: Photo, _: np.random.Generator) -> NDArray[Any]:
    size = (max(1, round(photo.shape[1] * wide)), max(1, round(photo.shape[0] * tall)))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA if wide * tall < 1 else cv2.INTER_CUBIC))


def _shared(photo: Photo, random: np.random.Generator) -> NDArray[Any]:
    """Do what messengers do: reduce, then compress hard; here after a crop of 5 %."""
    small = _whole(_resize(0.6, 0.6, _crop(5, photo, random), random))
    return np.asarray(cv2.imdecode(np.frombuffer(save(small, "JPEG", quality=40), np.uint8), cv2.IMREAD_COLOR))


def _profiled(space: str, is_kept: bool, _: bytes, photo: Photo, __: np.random.Generator) -> bytes:
    """Convert to a colour space; the profile that says so is kept, or lost on the way, which makes colours pale."""
    target = profile(space)
    picture = Image.fromarray(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB))
    converted = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("sRGB"), ImageCms.getOpenProfile(BytesIO(target))
    )
    assert converted is not None
    file = BytesIO()
    converted.save(file, "JPEG", quality=QUALITY, icc_profile=target if is_kept else None)
    return file.getvalue()


def _turn(orientation: int, photo: Photo, _: np.random.Generator) -> Photo:
    return orient(photo, orientation)


def _grey(photo: Photo, _: np.random.Generator) -> Photo:
    return np.asarray(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), np.uint8)


def _noise(photo: Photo, random: np.random.Generator) -> NDArray[Any]:
    return photo + random.normal(0, 8, photo.shape)


WHITE, BLACK, BLUE = (255, 255, 255), (0, 0, 0), (160, 60, 30)

CHANGES: tuple[Change, ...] = (
    Change("file-copy", "", lambda file, _, __: file),
    _saved("picture-png", ".png", "PNG"),
    _saved("picture-bmp", ".bmp", "BMP"),
    _saved("picture-webp", ".webp", "WEBP", lossless=True),
    _saved("picture-tiff", ".tif", "TIFF"),
    *(_tagged(f"picture-exif-{number}", ".png", "PNG", number) for number in (3, 6)),
    _tagged("picture-exif-8-webp", ".webp", "WEBP", 8, lossless=True),
    *(_saved(f"jpeg-{quality}", ".jpg", "JPEG", quality=quality) for quality in (10, 30, 50, 70, 90)),
    *(_saved(f"webp-{quality}", ".webp", "WEBP", quality=quality) for quality in (10, 50, 80)),
    _saved("gif", ".gif", "GIF"),
    *(_altered(f"resize-{size}", partial(_resize, size / 100, size / 100)) for size in (10, 25, 50, 75, 150, 200)),
    *(_altered(f"stretch-{percent}", partial(_resize, percent / 100, 1.0)) for percent in (80, 90, 110, 125)),
    *(_altered(f"crop-{percent:02}", partial(_crop, percent)) for percent in (2, 5, 8, 10)),
    *(_altered(f"cut-{percent:02}", partial(_cut, percent)) for percent in (5, 10)),
    *(_altered(f"border-black-{percent:02}", partial(_border, percent, BLACK)) for percent in (2, 5, 10)),
    *(_altered(f"border-white-{percent:02}", partial(_border, percent, WHITE)) for percent in (2, 5, 10)),
    _altered("border-blue-05", partial(_border, 5, BLUE)),
    _altered("letterbox", partial(_bars, 0.12, 0.0)),
    _altered("pillarbox", partial(_bars, 0.0, 0.12)),
    *(Change(f"profile-{space}", ".jpg", partial(_profiled, space, True)) for space in SPACES),
    *(Change(f"profile-lost-{space}", ".jpg", partial(_profiled, space, False)) for space in SPACES),
    _altered("grey", _grey),
    _altered("sepia", lambda photo, _: photo @ SEPIA.T),
    *(_altered(f"brightness-{percent}", partial(_tones, percent / 100, 0)) for percent in (60, 80, 120, 140)),
    *(_altered(f"contrast-{percent}", partial(_tones, percent / 100, 128)) for percent in (60, 80, 120, 140)),
    *(_altered(f"gamma-{percent}", partial(_gamma, percent / 100)) for percent in (60, 80, 125, 160)),
    *(_altered(f"blur-{thousandths}", partial(_blur, thousandths / 1000)) for thousandths in (3, 8, 15)),
    _altered("sharpen", _sharpen),
    _altered("noise", _noise),
    _altered("watermark-text", _text),
    _altered("watermark-logo", _logo),
    _altered("watermark-date", _date),
    _altered("shared", _shared),
    *(_altered(f"turn-{number}", partial(_turn, number)) for number in range(2, 9)),
)  # fmt: skip
