import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import src

ROOT = Path(__file__).parents[2]


def test_importing_the_package_or_a_command_loads_nothing_heavy() -> None:
    code = "import sys, src, src.commands.program, src.commands.index, src.commands.search; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"numpy", "cv2", "PIL", "tqdm", "imutils", "shtab"} & set(loaded.split())
    assert "src.colordescriptor" not in loaded.split()


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("ColorDescriptor", "colordescriptor"),
        ("Searcher", "searcher"),
        ("index_folder", "indexer"),
        ("read_image", "imagereader"),
    ],
)
def test_what_users_want_comes_in_one_import(name: str, module: str) -> None:
    assert getattr(src, name) is getattr(importlib.import_module(f"src.{module}"), name)
    assert name in dir(src)
    assert getattr(src, name).__doc__


def test_the_stub_names_what_the_package_offers() -> None:
    tree = ast.parse((ROOT / "src/__init__.pyi").read_text())
    homes = {
        name.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level
        for name in node.names
    }
    assert homes == src._MODULES  # type: ignore[attr-defined]
    assert sorted(src.__all__) == sorted(homes)


def test_a_name_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match="module 'src' has no attribute 'Sercher'"):
        _ = src.Sercher  # type: ignore[attr-defined]
    with pytest.raises(ImportError):
        exec("from src import Sercher")
