"""What duplicates.py says of a pair: what was compared, and by how much it differs."""

import argparse
from typing import TYPE_CHECKING

from ..duplicategroup import FILE, NEAR, PICTURE, Copy, Picture
from ..errors import UnreadableImage

if TYPE_CHECKING:
    from ..duplicatepicture import Difference
    from ..duplicatetext import Explain


def explain_with(arguments: argparse.Namespace, threshold: float) -> "Explain | None":
    """Return what explains pairs, if that is asked for."""
    if not arguments.explain:
        return None

    def explain(keep: Picture, copy: Copy) -> list[str]:
        from ..duplicatepicture import compare_pixels

        if copy.kind != NEAR:
            return lines_of(keep, copy, threshold)
        try:
            difference = compare_pixels(keep.path, copy.picture.path, copy.orientation, arguments.max_megapixels)
        except UnreadableImage as error:
            return [*lines_of(keep, copy, threshold), f"one of them cannot be read any more: {error}"]
        return lines_of(keep, copy, threshold, difference)

    return explain


def lines_of(
    keep: Picture, copy: Copy, threshold: float, difference: "Difference | None" = None, *, is_copy: bool = True
) -> list[str]:
    """Return what was compared of a pair, and its difference if that is known.

    Parameters
    ----------
    keep : Picture
    copy : Copy
    threshold : float
        The smallest similarity of near pictures.
    difference : Difference, optional
    is_copy : bool, optional
        Whether they are copies at all; if not, the kind of the copy does not count.
    """
    if is_copy and copy.kind == FILE:
        return [f"all {keep.size:,} bytes of both files are the same"]
    if is_copy and copy.kind == PICTURE:
        return [f"all {keep.width} x {keep.height} pixels are the same, the files are not"]
    from ..distance import similarity_text

    similarity = similarity_text(copy.similarity)
    line = f"structure and colours have a similarity of {similarity}; near ones have {threshold} or more"
    if is_copy and copy.similarity < threshold:
        line += ", and this one is that near to another of the group"
    return [line, *(difference.words if difference is not None else [])]
