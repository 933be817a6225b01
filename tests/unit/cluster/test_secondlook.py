import os
from pathlib import Path

import pytest

from src.cluster.failures import ClusterFailed
from src.cluster.secondlook import SecondLook
from src.colordescriptor import ColorDescriptor
from src.description import Outcome, Recipe, Setup
from src.errors import CHANGING, DAMAGED, UNREADABLE, VANISHED
from src.imagefiles import find_files
from tests.pictures import write_pictures

SETUP = Setup(Recipe(ColorDescriptor((8, 12, 3))))


def test_what_only_a_worker_cannot_read_is_an_error(tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.png", "b.png"])
    files = find_files(str(tmp_path)).files
    with SecondLook(SETUP) as second_look:
        for kind in (VANISHED, UNREADABLE, CHANGING):
            with pytest.raises(ClusterFailed, match=r"tcp://w:1 does not see .*b\.png as this machine does \(why\)"):
                second_look.check("tcp://w:1", files, [Outcome(0, b"d"), Outcome(1, kind=kind, reason="why")])


def test_what_cannot_be_read_here_either_is_a_skip(tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.png", "b.png", "c.png"])
    files = find_files(str(tmp_path)).files
    os.remove(files[0].path)
    Path(files[1].path).write_bytes(b"begun anew")
    kinds = (VANISHED, CHANGING, DAMAGED)
    with SecondLook(SETUP) as second_look:
        second_look.check("tcp://w:1", files, [Outcome(n, kind=kind) for n, kind in enumerate(kinds)])
