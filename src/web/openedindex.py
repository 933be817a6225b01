"""The service: the index as it is served, and a new one when index.py has replaced it.

An answer is of one `OpenedIndex` from its beginning to its end. What was replaced stays open as long as an answer of it
is on its way.
"""

import os
import threading
from functools import cached_property

from ..description import Recipe
from ..errors import IndexFileError
from ..imagereader import Reading
from ..searcher import Searcher
from .settings import Settings


class OpenedIndex:
    """One index, as it was when it was opened.

    Attributes
    ----------
    searcher : Searcher
    folder : str or None
        Where the images are, if they are in one folder that is known.
    stamp : str
        Differs between any two that were opened.
    name : str
        What the index is called to others.
    """

    def __init__(self, settings: Settings, stamp: str) -> None:
        descriptor = None
        if settings.model:
            from ..modeldescriptor import ModelDescriptor

            descriptor = ModelDescriptor(settings.model)
        self.searcher = Searcher(settings.index, descriptor)
        self.folder = settings.result_path or self.searcher.folder
        self.name = os.path.basename(settings.index)
        self.stamp = stamp
        self._max_megapixels = settings.max_megapixels

    @cached_property
    def recipe(self) -> Recipe:
        """How queries are described."""
        return self.searcher.recipe(Reading(self._max_megapixels, self.searcher.full_resolution))


class IndexWatch:
    """Opens the index, and opens it anew when the file is another one.

    Raises
    ------
    IndexFileError
        If the index cannot be used when the service starts. Later, what was open stays.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._seen = self._look()
        self.current = OpenedIndex(settings, self._seen)
        self.trouble = ""

    def refresh(self) -> bool:
        """Open the index anew if it was replaced; return whether it was. Takes a moment only then."""
        with self._opening:
            if (found := self._look()) == self._seen:
                return False
            self._seen = found
            try:
                self.current = OpenedIndex(self._settings, found)
            except (IndexFileError, OSError) as error:
                self.trouble = str(error)
                return False
            self.trouble = ""
            return True

    def _look(self) -> str:
        try:
            status = os.stat(self._settings.index)
        except OSError:
            return "gone"
        return f"{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"
