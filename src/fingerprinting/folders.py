"""Step 2, index: the files of folders that no index is to know of, with the ids that an index would give them."""

from collections.abc import Sequence

from ..imagefiles import FoundFile, find_files
from ..indexer import Options, Report, datasets_of
from .taking import tell


def files_of(folders: Sequence[str], options: Options, report: Report) -> list[FoundFile]:
    """List the files of dataset folders; the report tells what is left out.

    Raises
    ------
    OSError
        If a folder cannot be listed; `filename` is the folder's.
    IndexFileError
        If a folder lies in another.
    """
    files: list[FoundFile] = []
    idle = set(options.exclude)
    for folder in datasets_of(folders):
        found = find_files(folder.path, hidden=options.hidden, exclude=options.exclude, recursive=options.recursive)
        files += [file._replace(id=folder.image_id(file.id)) for file in found.files]
        for skip in found.skips:
            tell(skip._replace(id=folder.image_id(skip.id)), options, report)
        for left_out in found.left_out:
            options.on_left_out(folder.image_id(left_out))
        report.hidden += found.hidden
        report.excluded += found.excluded
        idle &= set(found.idle)
    report.idle = [pattern for pattern in options.exclude if pattern in idle]
    return files
