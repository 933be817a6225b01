"""Duplicates: what a group of them is, and its words, whoever finds it, tells it, draws it or rids it of spares."""

from typing import NamedTuple

# From the strictest to the loosest: identical bytes; identical pixels once decoded and upright; the same picture
# resized, recompressed, lightly cropped, bordered, brightened, watermarked or converted.
FILE, PICTURE, NEAR = KINDS = ("file", "picture", "near")

KIND_WORDS = {FILE: "same file", PICTURE: "same picture", NEAR: "near"}

# What was done to the one to keep, by the orientation of its copy.
ORIENTATION_WORDS = {
    1: "",
    2: "mirrored",
    3: "upside down",
    4: "mirrored, upside down",
    5: "mirrored, turned left",
    6: "turned right",
    7: "mirrored, turned right",
    8: "turned left",
}

UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class Picture(NamedTuple):
    """A picture of a folder, as it was when its fingerprint was taken."""

    id: str
    path: str
    size: int
    """Bytes of the file."""
    mtime_ns: int
    width: int
    """Pixels, upright."""
    height: int
    digest: bytes
    """Of the file's content; see `filebytes.content_digest`."""

    @property
    def pixels(self) -> int:
        """How many pixels it has."""
        return self.width * self.height


class Copy(NamedTuple):
    """A picture of a group beside the one to keep, and what it is to that one."""

    picture: Picture
    kind: str
    """One of `KINDS`."""
    similarity: float
    """1.0 for the kinds file and picture, less for near ones."""
    orientation: int = 1
    """How the one to keep is to be turned to look like it, as EXIF counts orientations: 1 for not at all, 2 to 8."""
    is_protected: bool = False
    """Whether it must stay: its folder must not lose a file, or only a link of the dataset leads to it."""
    takes_disk: bool = True
    """Whether its removal frees its bytes: not that of another name (hard link) of a file that stays."""


class Group(NamedTuple):
    """Pictures that are copies of each other, the one worth keeping first."""

    keep: Picture
    copies: tuple[Copy, ...]
    """All others: the closest kind first, then the most similar, then by id."""

    @property
    def kind(self) -> str:
        """The loosest kind of its copies."""
        return max((copy.kind for copy in self.copies), key=KINDS.index)

    @property
    def spares(self) -> tuple[Copy, ...]:
        """The copies that may go."""
        return tuple(copy for copy in self.copies if not copy.is_protected)

    @property
    def spare_bytes(self) -> int:
        """How much disk the spares take."""
        return sum(copy.picture.size for copy in self.spares if copy.takes_disk)


def disk_words(size: int) -> str:
    """Return a number of bytes for people, as shops and file managers count them: '812 bytes', '3.4 MB', '118 MB'."""
    if size < 1000:
        return counted(size, "byte")
    unit = next((unit for unit in UNITS if size < 999.5 * UNITS[unit]), "TB")
    amount = size / UNITS[unit]
    return f"{amount:.{1 if amount < 9.95 else 0}f} {unit}"


def counted(count: int, what: str) -> str:
    """Return a number of things for people: '1 group', '2,000 spares'."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
