"""Where little is given: memory, processes, room for what is printed, or ways in which Python finds modules."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import write_picture, write_pictures
from tests.programs import PYTHON, ROOT, run

NAMES = [f"{number}.jpg" for number in range(6)]
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits are those of Linux")
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no disk that is always full")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", NAMES)
    return tmp_path / "photos"


def limited(
    limit: Callable[[], None] | None, program: str, *arguments: object, stdout: str = os.devnull, stderr: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program below a limit, or with its output sent elsewhere, with Python's own buffers."""
    command = [*PYTHON, str(ROOT / program), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "PYTHONUNBUFFERED")}
    with open(stdout, "wb") as out, open(stderr or os.devnull, "wb") as err:
        return subprocess.run(
            command, stdout=out, stderr=err if stderr else subprocess.PIPE, text=True, env=environment, timeout=60,
            preexec_fn=limit, check=False,
        )  # fmt: skip


@needs_linux
@pytest.mark.parametrize("megabytes", [100, 150, 200, 250, 300, 350, 400, 450, 500, 700, 1000])
def test_little_memory_is_enough_or_told_in_one_line(photos: Path, megabytes: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    index = photos.parent / "index.csv"
    for program, arguments in {"index.py": ("-d", photos), "search.py": ("-q", photos / "1.jpg")}.items():
        ended = limited(limit, program, "-i", index, *arguments)
        assert ended.returncode in (0, 1)
        assert "Traceback" not in ended.stderr
        assert ended.returncode == 0 or len(ended.stderr.splitlines()) == 1, ended.stderr
    assert megabytes < 700 or ended.returncode == 0


@needs_linux
def test_a_picture_that_finds_no_memory_is_not_called_damaged(photos: Path) -> None:
    index = photos.parent / "index.csv"
    for name in ("large.jpg", "large.png"):
        write_picture(photos / name, 1, 5000, 6000)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (520 << 20, 520 << 20))

    ended = limited(limit, "index.py", "-d", photos, "-i", index, "--full-resolution")
    assert ended.returncode == 0
    skips = [line for line in ended.stderr.splitlines() if line.startswith("skipping large")]
    assert len(skips) == 2, ended.stderr
    assert all("not enough memory" in line for line in skips)


@needs_linux
@pytest.mark.skipif(not shutil.which("setpriv") or os.geteuid() != 0, reason="to be another user needs root")
@pytest.mark.parametrize("processes", [1, 2, 3, 4, 5, 6, 7, 40])
def test_few_processes_are_enough_or_told_in_one_line(photos: Path, processes: int) -> None:
    # A user without any process yet, who may read what we may.
    photos.parent.chmod(0o777)
    user = ["--reuid", "54321", "--regid", "54321", "--clear-groups"]
    may_read = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    index = str(photos.parent / "index.csv")
    program = [*PYTHON, str(ROOT / "index.py"), "-d", str(photos), "-i", index, "--jobs", "3"]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))

    command = ["setpriv", *user, *may_read, *program]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=limit, check=False)
    (line,) = ended.stderr.splitlines()
    assert (ended.returncode, "indexed 6" in line) in ((0, True), (1, False)), line
    assert processes < 40 or ended.returncode == 0


def test_far_too_many_jobs_are_as_many_as_make_sense(photos: Path) -> None:
    ended = run("index.py", "-d", photos, "-i", photos.parent / "index.csv", "--jobs", "100000")
    assert ended.returncode == 0, ended.stderr


@needs_full
def test_work_that_is_done_is_done_even_if_nobody_can_be_told(photos: Path) -> None:
    index = photos.parent / "index.csv"
    (photos / "broken.jpg").write_bytes((photos / "1.jpg").read_bytes()[:500])
    assert limited(None, "index.py", "-d", photos, "-i", index, stderr="/dev/full").returncode == 0
    assert limited(None, "search.py", "-i", index, "-q", photos / "1.jpg", stderr="/dev/full").returncode == 0
    assert limited(None, "search.py", "-i", index, "-q", photos / "none", stderr="/dev/full").returncode == 1
    assert limited(None, "search.py", "--nonsense", stderr="/dev/full").returncode == 2


@needs_full
def test_results_that_are_lost_are_an_error_in_one_line(photos: Path) -> None:
    index = photos.parent / "index.csv"
    assert limited(None, "index.py", "-d", photos, "-i", index).returncode == 0
    for arguments in (["-q", photos / "1.jpg"], ["-q", photos / "1.jpg", "--json"], ["--help"], ["--version"]):
        ended = limited(None, "search.py", "-i", index, *arguments, stdout="/dev/full")
        assert (ended.returncode, ended.stderr) == (
            1, "search.py: standard output cannot be written: No space left on device\n"
        )  # fmt: skip


@pytest.mark.parametrize("flags", [["-I"], ["-P"], []])
def test_modules_are_found_where_python_does_not_look_beside_programs(
    photos: Path, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if flags == ["-P"] and sys.version_info < (3, 11):
        pytest.skip("Python 3.10 does not know -P")
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    monkeypatch.chdir(photos)
    # Of what lies in the current folder, nothing is loaded.
    for name in ("src", "cv2", "numpy", "random"):
        (photos / f"{name}.py").write_text("raise SystemExit('loaded from the current folder')\n", encoding="utf-8")
    index = photos.parent / "index.csv"
    for program, arguments in (("index.py", ["-d", "."]), ("search.py", ["-q", "1.jpg"])):
        command = [sys.executable, *flags, str(ROOT / program), "-i", str(index), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr
