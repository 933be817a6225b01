"""Step 1, describe: bytes -> pixels of every format; only an upright BGR picture or UnreadableImage comes out.

The content decides what a file is, never its name. The header is checked before anything is decoded: a picture that
is too large costs nothing. Only the first picture of a file counts: the first page, the first frame of an animation,
the default image of an animated PNG. If that frame is of one colour, the first that is not counts. Colours come out as
sRGB: those of an embedded colour profile are converted, and where there is none, or one that cannot be used, samples
are taken as sRGB.
"""

from importlib import import_module

import numpy as np

from .errors import DAMAGED, NO_MEMORY, TRUNCATED, UnreadableImage
from .filebytes import read_bytes
from .formats.completeness import refuse_incomplete
from .formats.imageformats import name_format
from .formats.imagelimits import Limits, MemoryBudget
from .formats.pixels import upright
from .formats.reading import FULL_RESOLUTION, Reading
from .formats.rowblocks import Image8

__all__ = [
    "FULL_RESOLUTION", "READER_VERSION", "MemoryBudget", "Reading", "UnreadableImage", "decode_image", "load_readers",
    "name_format", "read_image", "upright",
]  # fmt: skip

# Raised whenever the same bytes come to give other pixels; what was made of them before is then made anew.
READER_VERSION = 2

# Module and function; loaded when the first picture of the format comes, as a search has only one.
_READERS = {
    "JPEG": ("jpegreader", "read"),
    "PNG": ("pngreader", "read"),
    "WEBP": ("webpreader", "read"),
    "TIFF": ("tiffreader", "read"),
    "BMP": ("bmpreader", "read"),
    "JPEG2000": ("jp2reader", "read"),
    "HDR": ("floatreader", "read_hdr"),
    "PFM": ("floatreader", "read_pfm"),
    "PPM": ("plainreader", "read_pnm"),
    "PAM": ("plainreader", "read_pam"),
    "WBMP": ("plainreader", "read_wbmp"),
}
# Formats whose decoders in Pillow are written in Python, wholly or for some of their kinds.
_SLOW = frozenset({"QOI", "DDS", "BLP", "MSP", "XPM", "XBM", "ICNS"})


def decode_image(data: bytes, reading: Reading = FULL_RESOLUTION, budget: MemoryBudget | None = None) -> Image8:
    """Decode an encoded picture.

    Parameters
    ----------
    data : bytes
        The content of a file.
    reading : Reading, optional
        How large it may be and how much of it is needed; by default up to 100 megapixels, in full resolution.
    budget : MemoryBudget, optional
        Memory that threads share: decoding a picture of more than 4 megapixels reserves 12 bytes a pixel of it.

    Returns
    -------
    array (h, w, 3) of uint8
        BGR in sRGB, upright, C-contiguous. Transparent parts are laid on white, or on dark grey if what shows is white.

    Raises
    ------
    UnreadableImage
        If the bytes give no picture, for whatever reason.
    """
    name = name_format(data)
    limits = Limits(reading, budget, len(data))
    try:
        refuse_incomplete(name, data, limits)
        image = _read(name, data, limits)
    except UnreadableImage as error:
        if error.kind in (DAMAGED, TRUNCATED) and limits.lacks_memory():
            raise UnreadableImage(NO_MEMORY, "not enough memory to decode it") from error
        raise
    except MemoryError as error:
        raise UnreadableImage(NO_MEMORY, "not enough memory to decode it") from error
    except Exception as error:
        if limits.lacks_memory():
            raise UnreadableImage(NO_MEMORY, "not enough memory to decode it") from error
        # Decoders fail in ways of their own (cv2.error, struct.error, RecursionError ...): all mean the same here.
        raise UnreadableImage(DAMAGED, f"its {name} data is damaged") from error
    return np.ascontiguousarray(image)


def _read(name: str, data: bytes, limits: Limits) -> Image8:
    if name not in _READERS:
        from .formats.pillowreader import read_by_pillow

        return read_by_pillow(data, name, limits, slow=name in _SLOW)
    module, function = _READERS[name]
    image: Image8 = getattr(import_module(f".formats.{module}", __package__), function)(data, limits)
    return image


def load_readers() -> None:
    """Load what nearly every folder needs, before the first picture comes."""
    for module in ("jpegreader", "pillowreader"):
        import_module(f".formats.{module}", __package__)


def read_image(path: str, reading: Reading = FULL_RESOLUTION) -> Image8:
    """Read a picture file of any format, upright and without transparent parts, as all descriptors want it.

    `cv2.imread` drops transparency, keeps the colours that lie under it, and does not turn AVIF. It darkens TIFFs of 12
    bits, makes up the missing half of a cut JPEG, and returns None without a reason. A picture that is read by it is
    not at distance 0 of itself in an index. Large JPEGs come in full, where most indexes have them described reduced:
    `Searcher.describe` does as its index. Of a film or an archive only the first 64 KiB are read.

    Parameters
    ----------
    path : str
        The file.
    reading : Reading, optional
        As for `decode_image`.

    Returns
    -------
    array (h, w, 3) of uint8

    Raises
    ------
    UnreadableImage
        If the file cannot be read or is not a picture: its text is the reason.

    Examples
    --------
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from image_similarity import read_image
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGBA", (40, 30), (255, 0, 0, 128)).save(os.path.join(folder, "half.png"))
    >>> image = read_image(os.path.join(folder, "half.png"))
    >>> image.shape, image[0, 0].tolist()  # blue, green, red: half of the red lies on white
    ((30, 40, 3), [127, 127, 255])
    >>> read_image(os.path.join(folder, "none.png"))
    Traceback (most recent call last):
    image_similarity.errors.UnreadableImage: it is not there (any more)
    """
    return decode_image(read_bytes(path, check_head=name_format), reading)
