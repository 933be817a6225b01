"""Step 2, index: the skips of a run: which were meant to be pictures, and which the run before has told already."""

import os
import re
from collections import Counter
from collections.abc import Iterable

from ..errors import EMPTY, NOT_AN_IMAGE
from ..filebytes import content_digest, parted_digests
from ..imagefiles import FoundFile, Skip

# By these names people call pictures: of the formats that are read here, and of those that are told by their names.
PICTURE_ENDINGS = frozenset(
    "." + ending
    for endings in (
        "jpg jpeg jpe jfif jif png apng gif webp tif tiff btf bmp dib rle heic heics heif heifs hif avif avifs",
        "jp2 j2k j2c jpc jpf jpx jpm jxl jxr wdp hdp hdr pic pfm pnm ppm pgm pbm pam wbmp psd psb xcf ico cur icns",
        "qoi dds sgi rgb rgba bw ras sun pcx dcx msp blp xpm xbm tga icb vda vst fli flc exr bpg flif fits fit dcm",
        "dicom svg svgz eps ps wmf emf",
        "3fr arw cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf",
        "srw x3f",
    )
    for ending in endings.split()
)
# What has a longer ending, or one of other characters, has none that names a kind of file.
_ENDING = re.compile(r"\.[a-z0-9_+-]{1,12}")
WITHOUT_ENDING = ""

# As many skips are remembered for the next run; of more it tells some again.
MOST_REMEMBERED = 100_000


def is_picture(skip: Skip) -> bool:
    """Tell whether a skip is about a picture, or what may be one: its content says so, or its name.

    Other skips are about notes, films and what programs keep beside pictures.
    """
    return skip.kind not in (NOT_AN_IMAGE, EMPTY) or ending(skip.id) in PICTURE_ENDINGS


def ending(image_id: str) -> str:
    """Return how a file's name ends, such as `.xmp`, in lower case; `WITHOUT_ENDING` if that names no kind of file."""
    found = os.path.splitext(image_id.rpartition("/")[2])[1].lower()
    return found if _ENDING.fullmatch(found) else WITHOUT_ENDING


def count_others(skips: Iterable[Skip]) -> dict[str, int]:
    """Count the skips that are about no pictures by their endings, the most frequent first."""
    return dict(Counter(ending(skip.id) for skip in skips if not is_picture(skip)).most_common())


class ToldSkips:
    """The skips that people have been told of, by digests, as an index keeps them from one run to the next.

    Parameters
    ----------
    before : bytes
        What the run before has left: digests of `filebytes.content_digest`, one after the other.
    """

    def __init__(self, before: bytes) -> None:
        self._before = parted_digests(before)
        self._now: set[bytes] = set()

    def marked(self, skip: Skip, file: FoundFile | None) -> Skip:
        """Return the skip of this run, marked if the run before has told of the same file in the same state."""
        if not is_picture(skip):
            return skip
        state = (file.size, file.mtime_ns) if file is not None else ()
        digest = content_digest(os.fsencode(f"{skip.id}\0{skip.kind}\0{state}"))
        self._now.add(digest)
        return skip._replace(told_before=digest in self._before)

    def to_keep(self, *, is_whole: bool, is_told: bool = True) -> bytes:
        """Return what the next run is to know; after a run over some of the files, that of the one before too.

        Of a run whose skips nobody is told of, only what was told before.
        """
        told = self._now if is_told else self._now & self._before
        digests = told if is_whole else told | self._before
        return b"".join(sorted(digests)[:MOST_REMEMBERED])
