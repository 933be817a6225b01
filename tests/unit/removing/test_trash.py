import os
import subprocess
import sys
from pathlib import Path

import pytest

from src.spares import Trash
from tests.sparegroups import write_group
from tests.spareruns import remove_elsewhere

# Files of the same names in two folders go at the same time, each from a process of its own.
RUN = """
import sys
from pathlib import Path
from src.spares import Trash, remove
from tests.sparegroups import group_of
folder = Path(sys.argv[1])
groups = [group_of(folder, f"a{n}.jpg", f"{n}/b.jpg") for n in range(100)]
print("ready", flush=True)
sys.stdin.readline()
print(remove(groups, Trash(), f"{folder}.log", print).done)
"""


def start(folder: Path) -> "subprocess.Popen[str]":
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", RUN, str(folder)], text=True, **pipes)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path


def test_the_trash_keeps_files_of_one_name_of_two_runs_at_once(home: Path) -> None:
    folders = [home / "one", home / "two"]
    for folder in folders:
        for n in range(100):
            write_group(folder, f"a{n}.jpg", f"{n}/b.jpg", content=f"{folder} {n}".encode())
    runs = [start(folder) for folder in folders]
    assert [run.stdout.readline() for run in runs if run.stdout] == ["ready\n"] * 2
    said = [run.stdin and (run.stdin.write("\n"), run.stdin.flush()) and run for run in runs]
    assert [run.communicate()[0] for run in said if run] == ["100\n"] * 2
    kept = {path.read_bytes() for path in (home / ".local/share/Trash/files").iterdir()}
    assert kept == {f"{folder} {n}".encode() for folder in folders for n in range(100)}


@pytest.mark.parametrize("elsewhere", ["", "data"])
def test_the_trash_is_not_in_the_current_folder(home: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: str) -> None:
    for n in range(100):
        write_group(home / "photos", f"a{n}.jpg", f"{n}/b.jpg", content=str(n).encode())
    monkeypatch.setenv("XDG_DATA_HOME", elsewhere)
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.chdir(home / "photos")
    with start(home / "photos") as run:
        assert run.communicate("\n")[0] == "ready\n100\n"
    assert len(os.listdir(home / ".local/share/Trash/files")) == 100
    assert not {"data", "Trash"} & set(os.listdir(home / "photos"))


def test_where_there_is_no_home_a_line_says_so(home: Path) -> None:
    group = write_group(home / "photos", "a.jpg", "b.jpg")
    elsewhere = {"HOME": "/nonexistent"}
    removed, told = remove_elsewhere([group], Trash(), str(home / "log"), environment=elsewhere)
    assert (removed.done, removed.left) == (0, 1)
    assert told == [
        f"{home}/photos/b.jpg is left as it is: the trash cannot take it (No such file or directory: /nonexistent); "
        "--permanently deletes it"
    ]
