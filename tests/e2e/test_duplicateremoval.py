"""duplicates.py as a process that gets rid of spares: what goes, what stays, and who is asked."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import cv2
import pytest

from tests.programs import PYTHON, ROOT, fail, run, succeed

GARMENT = "Breton_Striped_Long-Sleeve_Teeimg_00000026.jpg"
SPARES = {"b.jpg", "sub/c.jpg", "sub/near.png"}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three times the same file, and a near copy; nothing but them, so that a run takes a moment."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "sub/c.jpg"):
        shutil.copy(ROOT / "data" / GARMENT, folder / name)
    os.utime(folder / "a.jpg", (1e9, 1e9))  # the oldest
    picture = cv2.imread(str(folder / "a.jpg"))
    assert picture is not None
    cv2.imwrite(str(folder / "sub" / "near.png"), cv2.resize(picture, (150, 150), interpolation=cv2.INTER_AREA))
    return folder


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def rid(photos: Path, *options: str | os.PathLike[str]) -> "subprocess.CompletedProcess[bytes]":
    ended = run("duplicates.py", "--dataset", photos, "--log", photos.parent / "log", *options)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended


def test_spares_are_moved_with_their_folders_and_brought_back(photos: Path, tmp_path: Path) -> None:
    before = {name: (photos / name).read_bytes() for name in names(photos)}
    said = rid(photos, "--move-to", tmp_path / "spares").stderr.decode().splitlines()
    assert said[-1].startswith("3 spares moved, ")
    assert said[-1].endswith(f"; {tmp_path / 'log'} tells of each")
    assert (names(photos), names(tmp_path / "spares")) == ({"a.jpg"}, SPARES)
    ended = run("duplicates.py", "--undo", tmp_path / "log")
    assert (ended.returncode, ended.stderr) == (0, b"3 pictures brought back\n")
    assert {name: (photos / name).read_bytes() for name in names(photos)} == before


def test_the_same_files_become_links_and_near_ones_stay(photos: Path) -> None:
    said = rid(photos, "--link", "--json").stdout
    removed = json.loads(said)["removed"]
    size = 2 * (photos / "a.jpg").stat().st_size
    assert removed == {"done": 2, "left": 0, "passed": 1, "bytes": size, "log": str(photos.parent / "log")}
    assert {(photos / name).stat().st_ino for name in ("b.jpg", "sub/c.jpg")} == {(photos / "a.jpg").stat().st_ino}
    assert names(photos) == {"a.jpg", *SPARES}
    again = json.loads(run("duplicates.py", "--dataset", photos, "--kind", "file", "--json").stdout)
    assert (again["spares"], again["spare_bytes"]) == (2, 0)


def test_deleting_wants_a_yes_where_nobody_can_be_asked(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "add --yes" in fail("duplicates.py", "--dataset", photos, "--delete")
    assert names(photos) == {"a.jpg", *SPARES}
    trash = photos.parent / "data" / "Trash" / "files"
    monkeypatch.setenv("XDG_DATA_HOME", str(photos.parent / "data"))
    assert b"3 spares put into the trash" in rid(photos, "--delete", "--yes").stderr
    assert names(photos) == {"a.jpg"}
    assert names(trash) == {"b.jpg", "c.jpg", "near.png"}


@pytest.mark.parametrize(("answer", "goes"), [("y\n", SPARES), ("\n", set()), ("\x04", set())])
def test_somebody_at_a_terminal_is_asked(answer: str, goes: set[str], photos: Path) -> None:
    ours, theirs = os.openpty()
    options = ["--delete", "--permanently", "--quiet", "--dataset", str(photos), "--log", str(photos.parent / "log")]
    command = [*PYTHON, str(ROOT / "duplicates.py"), *options]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(ours, 1000)
        os.write(ours, answer.encode())
        assert process.wait(30) == 0
    os.close(ours)
    assert b"delete for good 3 pictures, " in said
    assert names(photos) == {"a.jpg", *SPARES - goes}
    assert (photos.parent / "log").exists() == bool(goes)


def test_protected_folders_lose_nothing_and_keep_what_is_there(photos: Path, tmp_path: Path) -> None:
    lines = rid(photos, "--protect", photos / "sub", "--delete", "--permanently", "--yes").stdout.decode().splitlines()
    assert [line.split("\t")[0] for line in lines[1:]] == ["keep", "spare", "spare", "protected"]
    assert names(photos) == {"sub/c.jpg", "sub/near.png"}
    # Misspelt, it would protect nothing.
    assert "/sud is no folder: nothing can be protected there" in fail(
        "duplicates.py", "--dataset", photos, "--protect", photos / "sud", "--delete", "--yes"
    )


def test_a_name_that_is_empty_names_no_folder(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos.parent)
    for option in ("--move-to", "--protect"):
        ended = run("duplicates.py", "--dataset", photos, option, "")
        assert ended.returncode == 2
        assert ended.stderr.endswith(f"duplicates.py: error: {option} names nothing\n".encode())
    assert names(photos) == {"a.jpg", *SPARES}


def test_decisions_are_carried_out_and_nothing_else(photos: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.json"
    found = json.loads("\n".join(succeed("duplicates.py", "--dataset", photos, "--json")))
    (group,) = found["groups"]
    # Somebody likes another one best.
    group["keep"], *group["spares"] = group["spares"][0], group["keep"]
    decisions.write_text(json.dumps(found))
    rid(photos, "--apply", decisions, "--move-to", tmp_path / "spares")
    assert names(tmp_path / "spares") == {"a.jpg"}
    assert names(photos) == SPARES


@pytest.mark.parametrize(
    ("spares", "trouble"),
    [
        (["b.jpg", "nobody.jpg"], "group 1: 'nobody.jpg' is in no group that is found now; nothing was done"),
        (["b.jpg", "b.jpg"], "group 1: 'b.jpg' is named a second time; nothing was done"),
    ],
)
def test_decisions_that_do_not_fit_touch_nothing(spares: list[str], trouble: str, photos: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.json"
    decisions.write_text(json.dumps({"groups": [{"keep": "a.jpg", "spares": spares}]}))
    ways = ("--move-to", tmp_path / "spares", "--log", tmp_path / "log")
    said = fail("duplicates.py", "--dataset", photos, "--apply", decisions, *ways)
    assert said == f"duplicates.py: {decisions}: {trouble}\n"
    assert names(tmp_path) == {"decisions.json", *(f"photos/{name}" for name in {"a.jpg", *SPARES})}


def test_who_reads_only_the_first_line_does_not_stop_the_rest(photos: Path, tmp_path: Path) -> None:
    command = [*PYTHON, str(ROOT / "duplicates.py"), "--dataset", str(photos), "--move-to", str(tmp_path / "spares")]
    command += ["--log", str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(30) == 0
    assert names(tmp_path / "spares") == SPARES


def test_what_only_a_link_of_the_dataset_leads_to_stays(photos: Path, tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    for name in ("d.jpg", "e.jpg"):
        shutil.copy(photos / "a.jpg", others / name)
    (photos / "linked").symlink_to(others)
    rid(photos, "--delete", "--permanently", "--yes")
    assert names(others) == {"d.jpg", "e.jpg"}
    assert names(photos) == {"a.jpg"}
