"""The package as pip installs it: what is in it, what it needs, and that it works where no clone is.

It is built from a copy of the checkout and installed into an empty environment, which borrows the libraries of the
running one: that they are the right ones is read off the metadata.
"""

import email
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from src import __all__ as OFFERED
from src import __version__
from tests.pictures import write_pictures
from tests.programs import ROOT, succeed

INFO = f"image_similarity-{__version__}.dist-info"
# Not for users of the package.
TOOLS = {"dev", "benchmarks", "container"}


def files_of(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def run(*command: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run something that must succeed, with no display and no way back to the clone."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment["PYTHONWARNINGS"] = "error"
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def pip(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    # Not in the clone: `python -m` looks for pip there first.
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    left_out = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line[0] != "#"]
    shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(".git", *left_out), symlinks=True)
    before = files_of(folder / "checkout")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    done = pip("wheel", *offline, "--wheel-dir", folder / "wheels", folder / "checkout")
    assert done.returncode == 0, done.stderr
    assert files_of(folder / "checkout") == before
    (built,) = (folder / "wheels").iterdir()
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path) -> Path:
    folder = wheel.parent.parent / "environment"
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))
    done = pip("--python", folder / "bin" / "python", "install", "--no-index", "--no-deps", wheel)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.jpg" for number in range(6)])
    return tmp_path / "photos"


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {name for name in names if name.startswith("image_similarity/")}
    files = {path for path in files_of(ROOT / "src") if (ROOT / "src" / path).is_file()}
    sources = {path for path in files if "__pycache__" not in path.parts}
    assert package == {f"image_similarity/{path.as_posix()}" for path in sources}
    assert "image_similarity/py.typed" in package
    assert {name.split("/")[0] for name in names - package} == {INFO}
    assert f"{INFO}/licenses/LICENSE" in names


def requirements(name: str) -> set[tuple[str, str]]:
    lines = (ROOT / name).read_text().splitlines()
    return {normalised(Requirement(line)) for line in lines if line and line[0] not in "#-"}


def normalised(requirement: Requirement) -> tuple[str, str]:
    return canonicalize_name(requirement.name), ",".join(sorted(map(str, requirement.specifier)))


def test_the_metadata_ask_for_what_the_requirements_name(wheel: Path) -> None:
    metadata = email.message_from_bytes(zipfile.ZipFile(wheel).read(f"{INFO}/METADATA"))
    needed: dict[str, set[tuple[str, str]]] = {"requirements.txt": set()}
    for text in metadata.get_all("Requires-Dist", []):
        requirement = Requirement(text)
        extra = re.search(r"extra == ['\"](.*)['\"]", str(requirement.marker or ""))
        file = f"requirements-{extra[1]}.txt" if extra else "requirements.txt"
        needed.setdefault(file, set()).add(normalised(requirement))
    files = {path.name for path in ROOT.glob("requirements*.txt")} - {f"requirements-{name}.txt" for name in TOOLS}
    assert needed == {name: requirements(name) for name in files}
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).startswith("# Image Similarity\n")


def test_the_tests_build_with_what_pip_would_fetch() -> None:
    (line,) = re.findall(r"^requires = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    builders = {normalised(Requirement(text)) for text in re.findall(r'"([^"]+)"', line)}
    assert len(builders) == 2
    assert builders <= requirements("requirements-dev.txt")


def test_nothing_but_the_package_is_installed(environment: Path) -> None:
    (packages,) = environment.glob("lib/python*/site-packages")
    assert {path.name for path in packages.iterdir()} == {"borrowed.pth", "image_similarity", INFO}
    assert (packages / "image_similarity" / "py.typed").exists()
    checked = pip("--python", environment / "bin" / "python", "check")
    ours = [line for line in checked.stdout.splitlines() if line.startswith("image-similarity ")]
    try:
        distribution("opencv-python")
    except PackageNotFoundError:
        # Where make has put opencv-python-headless in its place.
        ours = [line for line in ours if "requires opencv-python," not in line]
    assert ours == []


def test_the_verbs_work_where_no_clone_is(environment: Path, photos: Path) -> None:
    program = environment / "bin" / "image-similarity"
    indexed = run(program, "index", "--dataset", "photos", "--index", "index.csv", cwd=photos.parent)
    assert indexed.stdout == ""
    assert indexed.stderr.startswith("indexed 6 (6 new, 0 changed, 0 removed, 0 moved, 0 skipped)")
    succeed("index.py", "--dataset", photos, "--index", photos.parent / "clone.csv")
    assert (photos.parent / "index.csv").read_bytes() == (photos.parent / "clone.csv").read_bytes()
    arguments = ["--query", str(photos / "4.jpg"), "--no-window", "--explain"]
    for command in ([program], [environment / "bin" / "python", "-m", "image_similarity.commands"]):
        found = run(*command, "search", "--index", "index.csv", *arguments, cwd=photos.parent)
        assert found.stdout.splitlines() == succeed("search.py", "--index", photos.parent / "clone.csv", *arguments)
        assert found.stderr == ""
    drawn = run(
        program, "search", "--index", "index.csv", "--query", "photos/4.jpg", "--output", "r.png", cwd=photos.parent
    )
    assert drawn.stdout.splitlines()[0].startswith("1\t0.0000\t1.000\t")
    assert (photos.parent / "r.png").stat().st_size > 1000


def test_the_program_tells_the_version_and_completes_shells(environment: Path, tmp_path: Path) -> None:
    program = environment / "bin" / "image-similarity"
    for verb in ([], ["index"], ["search"]):
        assert run(program, *verb, "--version", cwd=tmp_path).stdout == f"image-similarity {__version__}\n"
    assert "complete " in run(program, "--print-completion", "bash", cwd=tmp_path).stdout


def test_what_users_want_is_imported_in_one_line(environment: Path, photos: Path) -> None:
    code = f"""
import sys
from image_similarity import {", ".join(OFFERED)}, __version__
import image_similarity
assert image_similarity.__file__.startswith({str(environment)!r})
for name in image_similarity.__all__:
    help(getattr(image_similarity, name))
descriptor = ColorDescriptor()
assert index_folder("photos", "index.csv", descriptor).indexed == 6
(first, *_) = Searcher("index.csv").search(descriptor.describe(read_image("photos/3.jpg")))
print(*first, __version__)
assert "src" not in sys.modules
"""
    printed = run(environment / "bin" / "python", "-c", code, cwd=photos.parent).stdout
    for name in OFFERED:
        assert re.search(rf"^Help on \w+ {name} in module image_similarity\.", printed, re.MULTILINE)
    assert printed.splitlines()[-1] == f"0.0 3.jpg {__version__}"


def test_type_checkers_see_the_types_of_the_installed_package(environment: Path, tmp_path: Path) -> None:
    lines = ["from image_similarity import Searcher, read_image", "reveal_type(Searcher)", "reveal_type(read_image)"]
    (tmp_path / "script.py").write_text("\n".join([*lines, "Searcher(1)", ""]))
    command: list[str | Path] = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", "cache"]
    command += ["--python-executable", environment / "bin" / "python", "script.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    searcher, reader, wrong, _ = said.splitlines()
    assert "-> image_similarity.searcher.Searcher" in searcher
    assert "numpy.ndarray[" in reader
    assert 'Argument 1 to "Searcher" has incompatible type "int"; expected "str"' in wrong
