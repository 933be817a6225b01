"""The house stands as it is drawn: read off the imports of every module, those inside functions included."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), path


NAMES = dict(modules())


def imported(name: str, path: Path) -> set[str]:
    """Return the modules of this project that a module imports, wherever in it."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            steps = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*steps, *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in NAMES else base for alias in node.names}
    return found & NAMES.keys()


IMPORTS = {name: imported(name, path) for name, path in NAMES.items()}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: others - {"src"} for name, others in IMPORTS.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(NAMES)


def test_nothing_imports_a_door() -> None:
    doors = {path.stem for path in ROOT.glob("*.py")}
    for path in NAMES.values():
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import)]
        assert not doors & {alias.name for node in nodes for alias in node.names}, path


def test_only_commands_know_commands() -> None:
    for name, others in IMPORTS.items():
        if name != "src.__main__" and not name.startswith("src.commands"):
            assert not [other for other in others if other.startswith("src.commands")], name


def test_inside_the_package_imports_are_relative() -> None:
    """So that it is `src` in a clone and `image_similarity` where it is installed."""
    for path in NAMES.values():
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "src"), path
