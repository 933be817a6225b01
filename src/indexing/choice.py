"""Step 2, index: which dataset folders a run is about, and whether they are those of the index.

An index is of certain folders. A run over another one in their place would drop all that is in the index. So that is
refused, unless the known folder is away: then it may have moved.
"""

import os
from collections.abc import Iterable, Sequence

from ..errors import IndexFileError
from ..indexfile import MARK, Cache, DatasetFolder, is_away, relative_way, split_id
from .datasets import Dataset, Datasets, path_inside

# So many files of an index that was copied together with its folder are looked for in the copy.
MOST_SAMPLED = 100


def known_datasets(index_path: str, known: Sequence[DatasetFolder], given: Sequence[str] = ()) -> Datasets:
    """Return the dataset folders of an index for a run over some of its images, `given` only to make sure."""
    datasets = Datasets(
        _dataset(folder, folder.find(index_path), index_path)._replace(is_where_it_was=True) for folder in known
    )
    if not any(os.path.isdir(dataset.path) for dataset in datasets):
        raise IndexFileError(f"{index_path} does not know its folder, or that is away: index it with --dataset")
    for place in given:
        if not any(_is_one(place, dataset.path) for dataset in datasets):
            raise IndexFileError(f"{index_path} is the index of {datasets}, not of {place}")
    return datasets


def choose_datasets(
    index_path: str,
    cache: Cache | None,
    known: Sequence[DatasetFolder],
    given: Sequence[str],
    *,
    rebuild: bool,
    prune: bool,
) -> Datasets:
    """Return the dataset folders of an index, as they will be after a run.

    Parameters
    ----------
    index_path : str
    cache : Cache or None
        Of the index as it is.
    known : sequence of DatasetFolder
        The folders of the index as it is.
    given : sequence of str
        The folders that are named for this run.
    rebuild, prune : bool
        Whether the index may be replaced, and whether folders that are not named may be dropped.

    Raises
    ------
    IndexFileError
        If the index is of other folders, or one of the folders lies in another.
    """
    places, left = _distinct(given), list(known)
    chosen: list[Dataset] = []
    for place in list(places):
        same = next((one for one in left if _is_same(one, place, index_path, cache)), None)
        if same is not None:
            left.remove(same)
            places.remove(place)
            chosen.append(_dataset(same, place, index_path)._replace(is_where_it_was=True))
    if rebuild and not chosen:
        left = []
    is_only = not chosen and len(left) == len(places) == 1
    for place in list(places):
        moved = next(
            (one for one in left if _is_away(one, index_path) and ((is_only and one.path) or _may_be(one, place))), None
        )
        if moved is not None:
            left.remove(moved)
            places.remove(place)
            chosen.append(_dataset(moved, place, index_path))
    if prune and chosen:
        left = []
    for one in left:
        if _is_away(one, index_path):
            chosen.append(
                _dataset(one, one.path, index_path)._replace(path=one.path, relative=one.relative, is_wanted=False)
            )
        elif not rebuild:
            raise IndexFileError(_refusal(index_path, one, chosen, places))
    is_first = not chosen and len(places) == 1
    for place in places:
        # The folder of plain ids has no name, but people call it by one.
        taken = {folder.name or os.path.basename(folder.path) for folder in chosen}
        name = "" if is_first else _new_name(place, taken)
        chosen.append(_dataset(DatasetFolder(name, place), place, index_path)._replace(is_new=bool(name or known)))
    _refuse_nested([dataset for dataset in chosen if dataset.path])
    return Datasets(chosen, left_out={one.name for one in known})


def names_in(ids: Iterable[str]) -> list[DatasetFolder]:
    """Return the dataset folders that some image ids name, for an index that has forgotten where they are."""
    ids = list(ids)
    names = {one.partition(MARK)[0] for one in ids if MARK in one}
    if names and any(not split_id(one, names)[0] for one in ids):
        names.add("")
    # Any folder may be the one of plain ids, so that is asked last.
    return [DatasetFolder(name, "") for name in sorted(names, reverse=True)]


def _dataset(folder: DatasetFolder, place: str, index_path: str) -> Dataset:
    place = os.path.abspath(place)
    return Dataset(folder.name, place, relative_way(place, index_path))


def _is_away(folder: DatasetFolder, index_path: str) -> bool:
    return is_away(folder.find(index_path))


def _distinct(given: Iterable[str]) -> list[str]:
    places: list[str] = []
    for path in map(os.path.abspath, given):
        if not any(_is_one(path, other) for other in places):
            places.append(path)
    return places


def _is_one(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return os.path.realpath(path) == os.path.realpath(other)


def _is_same(known: DatasetFolder, place: str, index_path: str, cache: Cache | None) -> bool:
    if not known.path:
        return False
    if _is_one(known.path, place):
        return True
    beside = known.beside(index_path)
    if beside is None or not _is_one(beside, place):
        return False
    # Index and folder were moved together, or copied.
    return is_away(known.path) or (cache is not None and _is_copy(known, place, cache))


def _is_copy(known: DatasetFolder, place: str, cache: Cache) -> bool:
    """Tell whether most of a sample of a folder's images are in another place, too, with the same sizes."""
    names = [folder.name for folder in cache.info.datasets]
    ids = [(one, split_id(one, names)) for one in cache.ids[:]]
    states = dict(zip(cache.ids[:], cache.states(), strict=True))
    images = [(relative, states[one]) for one, (name, relative) in ids if name == known.name]
    sample = images[:: len(images) // MOST_SAMPLED + 1]
    found = [_size_of(os.path.join(place, relative)) == state.size for relative, state in sample]
    return 2 * sum(found) > len(found)


def _size_of(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):  # ValueError: a NUL
        return None


def _may_be(known: DatasetFolder, place: str) -> bool:
    """Tell whether a folder that is away may be in that place now, as when a disk is mounted elsewhere."""
    name = known.name or os.path.basename(known.path)
    # Where nothing is known of a folder, any may be it.
    return not (known.name or known.path) or f"/{place.replace(os.sep, '/')}".endswith(f"/{name}")


def _new_name(place: str, taken: set[str]) -> str:
    """Return the name of a new folder: as many of the last parts of its path as tell it from the others."""
    parts = [part for part in place.replace(os.sep, "/").split("/") if part] or ["root"]
    for count in range(1, len(parts) + 1):
        name = "/".join(parts[-count:])
        if name not in taken:
            return name
    raise IndexFileError(f"{place} cannot be told from another dataset folder by its name: give that another one")


def _refusal(index_path: str, left: DatasetFolder, chosen: Sequence[Dataset], places: Sequence[str]) -> str:
    known = left.find(index_path)
    if chosen:
        return f"{index_path} is of {known} too: name it with another --dataset, or drop its images with --prune"
    given = " and ".join(places)
    line = f"{index_path} is the index of {known}, not of {given}"
    if path_inside(os.path.realpath(places[0]), os.path.realpath(known)) is not None:
        return f"{line}: refresh that part of it with --only {places[0]}, or replace the index with --rebuild"
    if path_inside(os.path.realpath(known), os.path.realpath(places[0])) is not None:
        return f"{line}: replace it with --rebuild, or choose another name for the index"
    return f"{line}: to have both, name each with a --dataset of its own; to replace the index, use --rebuild"


def _refuse_nested(datasets: Sequence[Dataset]) -> None:
    for inner in datasets:
        for outer in datasets:
            if (
                inner is not outer
                and path_inside(os.path.realpath(inner.path), os.path.realpath(outer.path)) is not None
            ):
                raise IndexFileError(f"{inner.path} is in {outer.path}, whose subfolders belong to it: leave it out")
