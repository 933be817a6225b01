"""Step 2, index: which descriptor an index is of, as its cache says or its numbers tell."""

import os
from contextlib import suppress

from .. import indexfile
from ..descriptors import DEFAULT, Descriptor, by_name, of_index, recognised
from ..indexfile import Cache, IndexInfo


def maker_of(index_path: str, cache: Cache | None) -> IndexInfo | None:
    """Return what is known of the feature vectors of an index, whose cache may be lost; None if that is nothing."""
    if cache is not None:
        return cache.info
    if not os.path.isfile(index_path):  # to open a pipe would take forever
        return None
    with suppress(OSError):
        maker = recognised(indexfile.first_numbers(index_path))
        if maker is not None:
            return IndexInfo(maker.name, maker.dimension, maker.distance)
    return None


def descriptor_of(index_path: str) -> Descriptor:
    """Make the descriptor that an index is of; the default one if there is no index, or nobody here knows its own."""
    path = indexfile.csv_path(index_path)
    if indexfile.is_folder(path):
        manifest = indexfile.read_manifest(indexfile.folder_of(path))
        info = manifest.info if manifest is not None else None
    else:
        info = maker_of(path, indexfile.read_cache(path))
    return (of_index(info.descriptor) if info else None) or by_name(DEFAULT)
