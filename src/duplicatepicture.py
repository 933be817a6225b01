"""Duplicates: groups of them as contact sheets, in files or in a window, and the difference of a pair."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from .duplicategroup import ORIENTATION_WORDS, Copy, Group, Picture
from .errors import UnreadableImage
from .imagereader import Reading, read_image, upright
from .viewer import PictureFile, show_windows, why_no_window
from .viewing.contactsheet import Seen, draw_sheet
from .viewing.differencepage import amplified, draw_difference
from .viewing.picturecell import fit
from .viewing.picturedifference import Difference
from .viewing.sheetbrowser import PairBrowser, SheetBrowser, Sight
from .viewing.sheetlayout import SheetLayout

__all__ = ["Difference", "Sheets", "compare_pixels", "show_difference", "show_groups"]

Progress = Callable[[int, int], object]

# Of a sheet in files: as wide as a result picture, and as high as a sheet of paper is for that width.
WIDTH, HEIGHT = 1440, 2036

# More files than anybody looks at.
MOST_PAGES = 100

# A picture is at most so large on a sheet; so many are held for a page that is drawn again.
TILE_SIDE, TILES = 400, 128


def compare_pixels(one: str, other: str, orientation: int = 1, max_megapixels: float = 100.0) -> Difference:
    """Return where and by how much two picture files differ.

    Parameters
    ----------
    one, other : str
        Their paths.
    orientation : int, optional
        How the first is to be turned to look like the other, as in `Copy`.
    max_megapixels : float, optional
        Images of more are not read.

    Raises
    ------
    UnreadableImage
        If one of them cannot be read.
    """
    reading = Reading(max_megapixels, full_resolution=True)
    pictures = upright(read_image(one, reading), orientation), read_image(other, reading)
    return Difference(*pictures, _names(one, other), ORIENTATION_WORDS[orientation])


def _names(one: str, other: str) -> tuple[str, str]:
    """Return what two files are called, with as much of their folders as it takes to tell them apart."""
    names = os.path.basename(one), os.path.basename(other)
    paths = os.path.abspath(one), os.path.abspath(other)
    if names[0] != names[1] or paths[0] == paths[1]:
        return names
    with suppress(ValueError):  # two drives of Windows
        common = os.path.commonpath(paths)
        return os.path.relpath(paths[0], common), os.path.relpath(paths[1], common)
    return paths


def show_groups(groups: Sequence[Group], max_megapixels: float, *, explain: bool = False) -> str | None:
    """Show groups in a window, page by page, until the user has seen enough.

    The keys n and p go on to the next page and back. A click opens a picture in a window of its own, a double click on
    a copy its difference from the picture to keep. The keys q and Esc, or closing the window, end.

    Parameters
    ----------
    groups : sequence of Group
    max_megapixels : float
        Images of more are not read.
    explain : bool, optional
        Show below each copy where it differs from the picture to keep.

    Returns
    -------
    str or None
        Why no window can be opened here; None if there was one, or nothing to show.
    """
    trouble = why_no_window() if groups else None
    if groups and trouble is None:
        seeing = _Seeing(max_megapixels)
        differences = seeing.difference if explain else None
        sight = Sight(seeing.picture, seeing.in_full, seeing.compared, differences)
        show_windows(lambda display: SheetBrowser(display, groups, sight))
    return trouble


def show_difference(difference: Difference) -> str | None:
    """Show the difference of a pair in a window; return why none can be opened, None if there was one."""
    trouble = why_no_window()
    if trouble is None:
        show_windows(lambda display: PairBrowser(display, difference))
    return trouble


class Sheets:
    """The files that contact sheets, or the difference of a pair, are written to.

    One page goes to the file that is named. Of several, -1, -2, ... is put before the ending.

    Parameters
    ----------
    path : str
        The file to write; its ending names the format.
    force : bool, optional
        Replace files that are no result pictures. Indexes, and what lies in the folders, are never replaced.

    Raises
    ------
    ExpectedError
        If the ending names no format, or nothing can be written there.
    """

    def __init__(self, path: str, *, force: bool = False) -> None:
        self._path, self._force = path, force
        self._first = PictureFile(path, force=force)
        self._precious: tuple[str, ...] = ()

    def check(self, precious: Sequence[str]) -> None:
        """Raise ExpectedError if a file is there that must not be replaced: done before the work, which takes longer.

        Parameters
        ----------
        precious : sequence of str
            Files and folders of which nothing is ever replaced: the folders of the pictures, the index, and so on.
        """
        self._precious = tuple(os.path.realpath(path) for path in precious)
        self._first.check(self._is_precious)
        for path in self._numbered():
            if not os.path.lexists(path):
                break
            PictureFile(path, force=self._force).check(self._is_precious)

    def save(
        self,
        groups: Sequence[Group],
        max_megapixels: float,
        *,
        explain: bool = False,
        progress: Progress = lambda done, total: None,
    ) -> list[str]:
        """Write the pages that `show_groups` would show, after `check`; return lines about what is not as expected.

        Parameters
        ----------
        groups, max_megapixels, explain
            As for `show_groups`.
        progress : callable, optional
            Called with how many pages are written, and of how many.

        Raises
        ------
        ExpectedError
            If a format cannot hold its picture, or a file is there that must stay.
        OSError
            If a file cannot be written.
        """
        layout = SheetLayout(groups, WIDTH, HEIGHT, with_differences=explain, foot_lines=int(explain))
        pages = layout.pages[:MOST_PAGES]
        files = [self._first]
        if len(pages) > 1:
            files = [PictureFile(path, force=self._force) for path, _ in zip(self._numbered(), pages, strict=False)]
            for file in files:
                file.check(self._is_precious)
        see = _Seeing(max_megapixels)
        for number, file in enumerate(files):
            differences = see.difference if explain else None
            progress(number, len(files))
            file.write(draw_sheet(groups, layout, number, see.picture, see_difference=differences))
        progress(len(files), len(files))
        return list(self._remarks(len(files), layout))

    def save_difference(self, difference: Difference) -> None:
        """Write the picture that `show_difference` would show, after `check`; raises as `save` does."""
        self._first.write(draw_difference(difference))

    def _remarks(self, written: int, layout: SheetLayout) -> Iterator[str]:
        if written > 1:
            numbered = list(zip(self._numbered(), range(written), strict=False))
            yield f"the contact sheet has {written} pages: {numbered[0][0]} to {numbered[-1][0]}"
        if len(layout.pages) > written:
            last = layout.pages[written - 1].groups[-1].number + 1
            yield f"only the first {last:,} groups are shown"
        old = next(path for number, path in enumerate(self._numbered(), 1) if number > written or written == 1)
        if os.path.lexists(old):
            yield f"{old} is there too, and is not of this run"

    def _numbered(self) -> Iterator[str]:
        root, ending = os.path.splitext(self._path)
        number = 0
        while True:
            number += 1
            yield f"{root}-{number}{ending}"

    def _is_precious(self, path: str) -> bool:
        real = os.path.realpath(path)
        return any(real == one or real.startswith(one.rstrip(os.sep) + _behind(one)) for one in self._precious)


def _behind(precious: str) -> str:
    """Return what follows a folder in the paths of its files, or an index in those of what stands beside it."""
    return os.sep if os.path.isdir(precious) else "."


class _Seeing:
    """Reads pictures for pages, and holds those that are seen again when a page is laid out anew."""

    def __init__(self, max_megapixels: float) -> None:
        self._max_megapixels = max_megapixels
        self.picture = lru_cache(maxsize=TILES)(self._picture)
        self.difference = lru_cache(maxsize=TILES)(self._difference)

    def in_full(self, picture: Picture) -> Seen:
        """Return a picture in full, or why it cannot be read."""
        return self._read(picture, Reading(self._max_megapixels, full_resolution=True))

    def compared(self, keep: Picture, copy: Copy) -> Difference | None:
        """Return the difference of a copy from the picture to keep; None if one of them cannot be read any more."""
        if _why_other(keep) or _why_other(copy.picture):
            return None
        try:
            return compare_pixels(keep.path, copy.picture.path, copy.orientation, self._max_megapixels)
        except UnreadableImage:
            return None

    def _picture(self, picture: Picture) -> Seen:
        seen = self._read(picture, Reading(self._max_megapixels))
        return seen if isinstance(seen, str) else fit(seen, TILE_SIDE, TILE_SIDE, enlarge=1)

    def _difference(self, keep: Picture, copy: Copy) -> Seen:
        found = self.compared(keep, copy)
        if found is None:
            return "not both can be read, as they were"
        return "no difference" if found.is_none else amplified(found.levels, TILE_SIDE, TILE_SIDE)

    @staticmethod
    def _read(picture: Picture, reading: Reading) -> Seen:
        try:
            return _why_other(picture) or read_image(picture.path, reading)
        except UnreadableImage as error:
            return error.reason


def _why_other(picture: Picture) -> str:
    """Return why the file may hold another picture than it did, if it may."""
    try:
        now = os.stat(picture.path)
    except OSError:
        return ""  # Reading it says why.
    return "" if (now.st_size, now.st_mtime_ns) == (picture.size, picture.mtime_ns) else "changed since it was compared"
