"""Which module of the project imports which, read off the source: nothing is run.

Imports count wherever they stand: at the top of a module, inside a function, under TYPE_CHECKING. Of modules that are
named in strings, this is followed:

- `import_module("..name", __package__)`: the module;
- `import_module(f".folder.{name}", __package__)`: the folder, as only the start of the name stands there;
- any string of the form "module:Class" or ".module:Class" whose module is beside the one it stands in.

Not followed: names that are put together in other ways, `__import__`, and the code that a program hands to another
Python, such as what starts the worker process.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "src"
NAMED = re.compile(r"(\.*[\w.]+):\w+")


class Module(NamedTuple):
    """One source file of the project."""

    name: str
    """Dotted: "src.storing.cache"; of a folder's `__init__.py` the folder, of a door its stem: "index"."""
    path: Path
    docstring: str
    imports: frozenset[str]
    """Names of modules of the project, without its own."""

    @property
    def is_door(self) -> bool:
        """Whether it is a program beside the package."""
        return self.name.split(".")[0] != PACKAGE


def read_modules(root: Path = ROOT) -> dict[str, Module]:
    """Read the package and the doors beside it.

    Parameters
    ----------
    root : path
        The project's folder.

    Returns
    -------
    dict of str to Module
        By name, in the order of names.

    Raises
    ------
    SyntaxError
        If a file is not Python.
    """
    files = [*root.glob("*.py"), *(root / PACKAGE).rglob("*.py")]
    parts = {path: path.relative_to(root).with_suffix("").parts for path in files}
    paths = {".".join(part for part in parts[path] if part != "__init__"): path for path in files}
    modules = {}
    for name, path in sorted(paths.items()):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found = frozenset(_imported(tree, package, paths)) - {name}
        modules[name] = Module(name, path, ast.get_docstring(tree) or "", found)
    return modules


def _imported(tree: ast.Module, package: str, known: Collection[str]) -> Iterator[str]:
    """Yield the modules that are imported, by statement or by name."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute("." * node.level + (node.module or ""), package)
            for alias in node.names:
                names.append(f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base)
        elif isinstance(node, ast.Call) and _called(node) == "import_module" and node.args:
            names = [_absolute(_start(node.args[0]), package)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (match := NAMED.fullmatch(node.value)):
            names = [_absolute(match[1], package), f"{package}.{match[1]}"]
        yield from (name for name in names if name in known)


def _absolute(name: str, package: str) -> str:
    """Resolve a relative name, as Python does: one dot is the package, two are the one around it."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    parents = package.split(".")
    return ".".join([*parents[: len(parents) - level + 1], *filter(None, [name[level:]])])


def _called(node: ast.Call) -> str:
    """Return the name of a called function, without what stands before it."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _start(name: ast.expr) -> str:
    """Return a name that is written out, or of an f-string the folder that it begins with."""
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value
    if isinstance(name, ast.JoinedStr) and name.values and isinstance(name.values[0], ast.Constant):
        return str(name.values[0].value).rpartition(".")[0]
    return ""
