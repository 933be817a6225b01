"""The house stands as it is drawn: read off the imports of every module, those inside functions included."""

import ast
from graphlib import TopologicalSorter

from docs.drawing.rooms.imports import read_modules

MODULES = read_modules()
DOORS = {name for name, module in MODULES.items() if module.is_door}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: module.imports - {"src"} for name, module in MODULES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_nothing_imports_a_door() -> None:
    assert "index" in DOORS
    for name, module in MODULES.items():
        assert not module.imports & DOORS, name


def test_a_room_is_entered_through_its_face_alone() -> None:
    """A folder is what one flat module needs; its docstring names that module. Doors enter the room of commands."""
    rooms = {name for name, module in MODULES.items() if module.path.name == "__init__.py" and name != "src"}
    for name, module in MODULES.items():
        for room in {other.rpartition(".")[0] if other not in rooms else other for other in module.imports} & rooms:
            is_inside = name == room or name.startswith(f"{room}.")
            is_face = f"`{name}`" in MODULES[room].docstring or (room == "src.commands" and module.is_door)
            assert is_inside or is_face, f"{name} reaches into {room}"


def test_only_commands_know_commands() -> None:
    for name, module in MODULES.items():
        if not module.is_door and not name.startswith("src.commands"):
            assert not [other for other in module.imports if other.startswith("src.commands")], name


def test_inside_the_package_imports_are_relative() -> None:
    """So that it is `src` in a clone and `image_similarity` where it is installed."""
    for module in MODULES.values():
        for node in ast.walk(ast.parse(module.path.read_text(encoding="utf-8"))):
            absolute = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "src"
            assert not absolute or module.is_door, module.path
