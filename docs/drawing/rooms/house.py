"""The rooms of the project, and the floor that each stands on.

A flat module of the package is a face, a folder is a room behind one face, a program beside the package is a door. The
package's own `__init__` and `__main__` are none of them. A room stands one floor above all that it imports. What all
share stands on the ground floor together, and the doors on the top floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from docs.drawing.rooms.imports import PACKAGE, Module

STEP = re.compile(r"Step ([1-4]), ")
NAME = re.compile(rf"`(?:{PACKAGE}\.)?(\w+)`")
Edge = tuple[str, str]


@dataclass(frozen=True)
class Room:
    """A door, a face, or a folder behind a face."""

    name: str
    """"index.py" of a door, "indexer" of a face, "indexing/" of a folder."""
    step: int
    """1 describe, 2 index, 3 compare, 4 search; 0 if it belongs to none."""
    modules: int
    """How many files it holds, the `__init__.py` of a folder aside."""
    imports: frozenset[str]
    """Names of rooms."""
    face: str = ""
    """Of a folder: the face that it belongs to, if there is one. It has the step of that."""

    @property
    def is_door(self) -> bool:
        """Whether it is a program that people start."""
        return self.name.endswith(".py")

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of modules."""
        return self.name.endswith("/")


@dataclass(frozen=True)
class House:
    """All rooms, and where they stand above each other."""

    rooms: Mapping[str, Room]
    shared: frozenset[str]
    """Rooms on the ground floor."""
    floors: Mapping[str, int]
    """0 is the ground."""
    attached: Mapping[str, str]
    """From a face to the folder that stands right under it."""

    @property
    def storeys(self) -> int:
        """How many floors there are, the ground floor included."""
        return max(self.floors.values()) + 1

    def arrows(self) -> list[Edge]:
        """Return the imports that are drawn, as (importer, imported).

        Left out are those of what all share, and those that a longer way says too: A -> C beside A -> B -> C.
        """
        above = {name: room.imports - self.shared for name, room in self.rooms.items() if name not in self.shared}
        reached: dict[str, set[str]] = {}
        for name in TopologicalSorter(above).static_order():
            reached[name] = set(above[name]).union(*(reached[other] for other in above[name]))
        return sorted(
            (name, other)
            for name, others in above.items()
            for other in others
            if not any(other in reached[between] for between in others)
        )


def build_house(modules: Mapping[str, Module]) -> House:
    """Sort modules into rooms, and rooms onto floors.

    Parameters
    ----------
    modules : mapping of str to Module
        As `imports.read_modules` gives them.

    Returns
    -------
    House

    Raises
    ------
    graphlib.CycleError
        If rooms import each other in a circle; it names them.
    """
    rooms = _rooms(modules)
    shared: set[str] = set()
    # Neither doors, nor a step, nor its folder, nor a face that has one.
    special = {name for name, room in rooms.items() if room.is_door or room.is_folder or room.step}
    special |= {room.face for room in rooms.values()}
    for name in TopologicalSorter({name: room.imports for name, room in rooms.items()}).static_order():
        if name not in special and rooms[name].imports <= shared:
            shared.add(name)
    floors = _floors(rooms, shared, {})
    attached: dict[str, str] = {}
    for folder, room in rooms.items():
        together = {room.face: folder, **attached}
        if room.face and (higher := _floors(rooms, shared, together)) and max(higher.values()) <= max(floors.values()):
            attached, floors = together, higher
    return House(rooms, frozenset(shared), floors, attached)


def _rooms(modules: Mapping[str, Module]) -> dict[str, Room]:
    """Return the rooms by name, in the order of names."""
    held: dict[str, list[Module]] = {}
    for module in modules.values():
        if name := _room_of(module.name, modules):
            held.setdefault(name, []).append(module)
    imports = {
        name: frozenset(_room_of(other, modules) for module in inside for other in module.imports) - {name, ""}
        for name, inside in held.items()
    }
    rooms: dict[str, Room] = {}
    for name, inside in sorted(held.items()):
        face = _face_of(name, inside[0], imports) if name.endswith("/") else ""
        steps = [_step(module) for module in (held[face] if face else inside)]
        rooms[name] = Room(
            name, steps[0], sum(module.path.name != "__init__.py" for module in inside), imports[name], face
        )
    return rooms


def _room_of(module: str, modules: Mapping[str, Module]) -> str:
    """Return the room that a module is in; none for the package's own `__init__` and `__main__`."""
    if modules[module].is_door:
        return f"{module}.py"
    _, *inside = module.split(".")
    if not inside or inside[0] == "__main__":
        return ""
    is_folder = len(inside) > 1 or modules[module].path.name == "__init__.py"
    return f"{inside[0]}/" if is_folder else inside[0]


def _face_of(folder: str, init: Module, imports: Mapping[str, frozenset[str]]) -> str:
    """Return the face that a folder's `__init__.py` names, or else the only flat module that imports it."""
    named = [name for name in NAME.findall(init.docstring) if name in imports]
    importers = [name for name, others in imports.items() if folder in others and name.isidentifier()]
    return named[0] if named else importers[0] if len(importers) == 1 else ""


def _step(module: Module) -> int:
    match = STEP.match(module.docstring)
    return int(match[1]) if match else 0


def _floors(rooms: Mapping[str, Room], shared: set[str], attached: Mapping[str, str]) -> dict[str, int]:
    """Return the lowest floors that all can stand on; none if a face cannot stand right above its folder."""
    faces = {folder: face for face, folder in attached.items()}
    floors = {name: 0 if name in shared else 1 for name in rooms}
    for _ in range(len(rooms) + 1):
        before = dict(floors)
        for name in rooms.keys() - shared:
            above = [floors[other] + 1 for other in rooms[name].imports]
            right_under = [floors[faces[name]] - 1] if name in faces else []
            floors[name] = max([1, *above, *right_under])
        if floors == before:
            if any(floors[face] != floors[folder] + 1 for folder, face in faces.items()):
                return {}
            top = max(floors.values())
            return {name: top if rooms[name].is_door else floor for name, floor in floors.items()}
    return {}
