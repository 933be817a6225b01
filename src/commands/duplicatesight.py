"""How duplicates.py shows what it has found: in a file, or in a window."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from ..duplicategroup import Group
    from ..duplicatepicture import Difference


class Sight:
    """Where groups, or the difference of a pair, are shown.

    Parameters
    ----------
    arguments : argparse.Namespace
    precious : sequence of str
        Files, and folders of files, that --output must not replace.
    may_open : bool, optional
        Whether a window is right, if somebody sits there.

    Raises
    ------
    ExpectedError
        If --output names a file that must stay, or cannot be written.
    """

    def __init__(self, arguments: argparse.Namespace, precious: Sequence[str], *, may_open: bool = True) -> None:
        self._arguments = arguments
        self._sheets = None
        if arguments.output is not None:
            from ..duplicatepicture import Sheets

            self._sheets = Sheets(arguments.output, force=arguments.force)
            self._sheets.check(precious)
        # A window stays until a key is pressed: none where a program or a file waits for the end.
        may_open = may_open and not (arguments.no_window or arguments.json or self._sheets)
        self._opens = may_open and console.is_watched()

    @property
    def is_none(self) -> bool:
        """Whether nothing is to be shown."""
        return self._sheets is None and not self._opens

    def show(self, groups: "Sequence[Group]") -> None:
        """Show groups; a file says so if there are none, a window is not opened."""
        limit, explain = self._arguments.max_megapixels, self._arguments.explain
        if self._sheets is not None:
            with console.ProgressBar("drawing", "page", quiet=self._arguments.quiet) as bar:
                remarks = self._sheets.save(groups, limit, explain=explain, progress=bar.update)
            for line in remarks:
                self._remark(line)
        elif self._opens and groups:
            from ..duplicatepicture import show_groups

            self._window(lambda: show_groups(groups, limit, explain=explain))

    def show_difference(self, difference: "Difference") -> None:
        """Show the difference of a pair."""
        if self._sheets is not None:
            self._sheets.save_difference(difference)
        elif self._opens:
            from ..duplicatepicture import show_difference

            self._window(lambda: show_difference(difference))

    def _window(self, open_: Callable[[], str | None]) -> None:
        if trouble := open_():
            self._remark(f"no window: {trouble}; --output groups.jpg writes the picture to a file")

    def _remark(self, line: str) -> None:
        if not self._arguments.quiet:
            console.complain(line)
