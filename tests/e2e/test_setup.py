"""The Makefile sets up a machine, from packages made here: a real make, venv and pip, no network.

The `opencv-python` made here needs a shared library that is nowhere, just as the real one does on a bare machine.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LIBRARY = "libonly-with-windows.so.1"
# name -> the lowest version allowed, for opencv_python and opencv_python_headless alike
PACKAGES = {
    name.lower().replace("-", "_"): version
    for file in ("requirements.txt", "requirements-web.txt")
    for name, version in re.findall(r"^([\w-]+)>=([\d.]+)", (PROJECT / file).read_text(), re.MULTILINE)
}
PACKAGES["opencv_python_headless"] = PACKAGES["opencv_python"]
MODULES = {
    "opencv_python": f"import ctypes\nctypes.CDLL({LIBRARY!r})\nPACKAGE = 'opencv-python'\n",
    "opencv_python_headless": "PACKAGE = 'opencv-python-headless'\n",
}

Done = subprocess.CompletedProcess[str]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="on Linux only, opencv-python needs libraries of the system"),
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


def make_wheel(folder: Path, name: str, version: str) -> None:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if name in MODULES:
        files["cv2/__init__.py"] = MODULES[name]
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


class Kit:
    """A checkout in which the doors only say which OpenCV they got."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PIP_"))},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PYTHON": sys.executable,
        }

    def create(self) -> None:
        self.folder.mkdir()
        for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "requirements-web.txt"):
            shutil.copy(PROJECT / name, self.folder)
        (self.folder / "index.py").write_text("import cv2\nprint('indexed by', cv2.PACKAGE)\n")
        (self.folder / "duplicates.py").write_text("print('{}')\n")
        (self.folder / "serve.py").write_text("import sys\nprint('served', *sys.argv[1:])\n")
        (self.folder / "search.py").write_text("import sys\nprint('searched', *sys.argv[1:], file=sys.stderr)\n")

    def make(self, *arguments: str, **environment: str) -> Done:
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name, version in PACKAGES.items():
        make_wheel(folder, name, version)
    return folder


@pytest.fixture
def new_kit(tmp_path: Path, wheels: Path) -> Kit:
    kit = Kit(tmp_path / "kit", wheels)
    kit.create()
    return kit


@pytest.fixture(scope="module")
def first_demo(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> tuple[Kit, Done]:
    kit = Kit(tmp_path_factory.mktemp("bare") / "kit", wheels)
    kit.create()
    return kit, kit.make("demo")


@pytest.fixture
def ready_kit(first_demo: tuple[Kit, Done], tmp_path: Path, wheels: Path) -> Kit:
    kit = Kit(tmp_path / "kit", wheels)
    shutil.copytree(first_demo[0].folder, kit.folder, symlinks=True)
    return kit


def test_a_bare_machine_gets_the_headless_opencv_and_one_line_about_it(
    first_demo: tuple[Kit, Done],
) -> None:
    kit, demo = first_demo
    assert demo.returncode == 0, demo.stderr
    assert "indexed by opencv-python-headless\n" in demo.stdout
    told = [line for line in demo.stdout.splitlines() if "No windows" in line]
    assert len(told) == 1
    assert LIBRARY in told[0]
    assert "apt-get install libgl1" in told[0]
    installed = {path.name for path in kit.folder.glob(".venv/lib/python*/site-packages/opencv*.dist-info")}
    assert installed == {f"opencv_python_headless-{PACKAGES['opencv_python']}.dist-info"}


def searches(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("searched")]


def test_demo_opens_no_window_where_nobody_can_press_a_key_and_says_where_the_pictures_are(
    first_demo: tuple[Kit, Done],
) -> None:
    found = searches(first_demo[1].stderr)
    assert len(found) == 2
    outputs = [line.split("--output ")[1].split()[0] for line in found]
    assert first_demo[1].stdout.splitlines()[-1] == "The result pictures: " + " ".join(outputs)


def test_demo_on_a_terminal_searches_once_more_for_the_windows(ready_kit: Kit) -> None:
    screen, terminal = os.openpty()
    demo = subprocess.run(
        ["make", "demo"],
        cwd=ready_kit.folder,
        env=ready_kit.environment,
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    os.close(terminal)
    os.close(screen)
    found = searches(demo.stderr)
    assert len(found) == 3
    assert "--output" not in found[-1]


def test_a_second_run_installs_nothing(ready_kit: Kit) -> None:
    demo = ready_kit.make("demo", PIP_FIND_LINKS="/nowhere")
    assert demo.returncode == 0, demo.stderr
    assert "Setting up" not in demo.stdout
    assert "No windows" not in demo.stdout


def test_serve_installs_what_it_needs_once_and_serves_the_sample_with_its_duplicates(ready_kit: Kit) -> None:
    for setting_up in (True, False):
        made = ready_kit.make("serve")
        assert made.returncode == 0, made.stderr
        assert ("Setting up the service" in made.stdout) == setting_up
        assert "Setting up .venv" not in made.stdout
        served = made.stdout.splitlines()[-1].split()
        assert served[:3] == ["served", "--index", "index1.csv"]
        assert (ready_kit.folder / served[served.index("--duplicates") + 1]).read_text() == "{}\n"
    assert list(ready_kit.folder.glob(".venv/lib/python*/site-packages/granian-*.dist-info"))


def test_once_the_library_is_there_the_opencv_with_windows_comes_back(ready_kit: Kit, tmp_path: Path) -> None:
    some_library = importlib.util.find_spec("_ctypes")
    assert some_library is not None
    assert some_library.origin is not None
    shutil.copy(some_library.origin, tmp_path / LIBRARY)
    demo = ready_kit.make("demo", LD_LIBRARY_PATH=str(tmp_path))
    assert demo.returncode == 0, demo.stderr
    assert "indexed by opencv-python\n" in demo.stdout


def test_a_killed_set_up_is_done_again(new_kit: Kit) -> None:
    begun = subprocess.Popen(
        ["make", "demo"],
        cwd=new_kit.folder,
        env=new_kit.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (new_kit.folder / ".venv/bin/python").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    demo = new_kit.make("demo")
    assert demo.returncode == 0, demo.stderr
    assert "indexed by opencv-python-headless\n" in demo.stdout


@pytest.mark.parametrize(
    ("refused", "complaint"),
    [("version_info", "is not Python 3.10 or newer"), ("ensurepip", "apt-get install python3-venv")],
)
def test_a_python_that_will_not_do_is_named_in_one_line(new_kit: Kit, refused: str, complaint: str) -> None:
    python = new_kit.folder / "somepython"
    python.write_text(f'#!/bin/sh\ncase "$2" in *{refused}*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    demo = new_kit.make("demo", PYTHON=str(python))
    assert demo.returncode != 0
    assert demo.stdout == ""
    assert len(demo.stderr.splitlines()) == 1
    assert complaint in demo.stderr
    assert str(python) in demo.stderr
