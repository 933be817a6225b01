"""The rooms of the project: as docs/rooms.svg shows them, not too many, and none imports one above it."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.drawing.rooms import COMMAND, PICTURE, draw_rooms
from docs.drawing.rooms.house import House, build_house
from docs.drawing.rooms.imports import Module, read_modules
from docs.drawing.rooms.layout import lay_out
from docs.drawing.rooms.svg import draw_house

# Whoever needs more has found a room that should be two, or two that should be one.
MOST_ROOMS = 68
MOST_FLOORS = 15


@pytest.fixture(scope="module")
def house() -> House:
    """Build it, which fails where rooms import each other in a circle."""
    return build_house(read_modules())


def test_the_picture_shows_the_rooms_as_they_are() -> None:
    assert PICTURE.read_text(encoding="utf-8") == draw_rooms(), f"the imports have changed; draw them: {COMMAND}"


def test_there_are_few_rooms_on_few_floors(house: House) -> None:
    assert len(house.rooms) <= MOST_ROOMS
    # Above the ground, on which stands what all share.
    assert max(house.floors.values()) <= MOST_FLOORS


def test_rooms_import_only_what_stands_below(house: House) -> None:
    for name, room in house.rooms.items():
        for other in room.imports:
            assert house.floors[other] < house.floors[name] or {name, other} <= house.shared, (name, other)


def test_boxes_stand_apart_and_folders_under_their_faces(house: House) -> None:
    layout = lay_out(house)
    for one, other in combinations(set(layout.blocks.values()), 2):
        if set(one.rows) & set(other.rows):
            assert abs(one.x - other.x) >= (one.width + other.width) / 2 - 1, (one.name, other.name)
    for face, folder in house.attached.items():
        assert layout.blocks[face] is layout.blocks[folder]
        assert house.floors[face] == house.floors[folder] + 1


def write_project(folder: Path, files: dict[str, str]) -> dict[str, Module]:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return read_modules(folder)


def test_imports_are_read_wherever_they_stand(tmp_path: Path) -> None:
    modules = write_project(
        tmp_path,
        {
            "door.py": "from src.face import answer\n",
            "src/__init__.py": "",
            "src/face.py": "if TYPE_CHECKING:\n    from . import other\ndef f():\n    from .room.inner import x\n",
            "src/other.py": 'TABLE = {"a": "face:Face"}\nimport_module(f".room.{name}", __package__)\n',
            "src/room/__init__.py": '"""`src.face` is the door to this room: no import."""\n',
            "src/room/inner.py": 'import os\nfrom ..far import y\nimport_module("..other", __package__)\n',
            "src/far.py": "",
        },
    )
    found = {name: set(module.imports) for name, module in modules.items() if module.imports}
    assert found == {
        "door": {"src.face"},
        "src.face": {"src.other", "src.room.inner"},
        "src.other": {"src.face", "src.room"},
        "src.room.inner": {"src.far", "src.other"},
    }


def test_rooms_are_faces_with_their_folders_doors_and_what_all_share(tmp_path: Path) -> None:
    modules = write_project(
        tmp_path,
        {
            "door.py": "from src.searcher import Searcher\nimport src.errors\n",
            "src/__init__.py": "",
            "src/__main__.py": "from .searcher import Searcher\n",
            "src/searcher.py": '"""Step 4, search: it."""\nfrom . import distance, errors\nfrom .searching import a\n',
            "src/searching/__init__.py": '"""How."""\n',
            "src/searching/a.py": "from ..distance import far\n",
            "src/distance.py": '"""Step 3, compare: numbers."""\n',
            "src/errors.py": "",
        },
    )
    house = build_house(modules)
    assert house.floors == {"door.py": 4, "searcher": 3, "searching/": 2, "distance": 1, "errors": 0}
    assert {name: room.step for name, room in house.rooms.items() if room.step} == {
        "searcher": 4, "searching/": 4, "distance": 3,
    }  # fmt: skip
    assert house.attached == {"searcher": "searching/"}
    assert house.shared == {"errors"}
    # That searcher imports distance is left out, as searching/ does.
    assert house.arrows() == [("door.py", "searcher"), ("searcher", "searching/"), ("searching/", "distance")]
    words = [element.text for element in ElementTree.fromstring(draw_house(house)).iter() if element.text]
    assert set(house.rooms) <= set(words)
