"""What type checkers see of `__init__.py`, which loads these names when they are first asked for."""

from .colordescriptor import ColorDescriptor
from .imagereader import read_image
from .indexer import index_folder
from .searcher import Searcher

__all__ = ["ColorDescriptor", "Searcher", "index_folder", "read_image"]

__version__: str
OPENCV_PIXELS: int

def __dir__() -> list[str]: ...
