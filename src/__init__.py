"""Content-based image retrieval in four steps: describe, index, compare, search.

Describe (`colordescriptor`): a picture becomes 1440 numbers. Index (`indexer`): a folder becomes an index.
Compare (`distance`): the chi-squared distance of two descriptions. Search (`searcher`): the nearest images of an index.
"""

import os

# The one place of the version: the package and --version read it here.
__version__ = "0.1.0"

# OpenCV reads these two when it is imported, so they are set before any module of this package can import it.
# OpenCV's own limit, for headers that lie: 0.8 GB unless the user says otherwise. Others stop at `imagereader`.
OPENCV_PIXELS = 2**28
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(OPENCV_PIXELS))
# OpenCV's own log lines quote raw file names, terminal escapes included.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")

# What users want in one import, and the module of each: loaded when first asked for, as OpenCV takes a moment.
# Type checkers read __init__.pyi instead.
_MODULES = {"ColorDescriptor": "colordescriptor", "Searcher": "searcher"}
_MODULES |= {"index_folder": "indexer", "read_image": "imagereader"}
__all__ = [*_MODULES]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
