"""An index means the same files in every locale: what it holds are the bytes that the file system has."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pictures import write_picture, write_pictures
from tests.programs import PYTHON, ROOT

NAMES = [
    "\N{LATIN SMALL LETTER A WITH DIAERESIS}.jpg",
    "a\u0300 nbsp \u00e0",
    "\u65e5\u672c/x.png",
    "plain.jpg",
    "\udcff.jpg",
]
FOLDER = "Gr\u00f6\u00dfe"


@pytest.fixture(scope="module")
def latin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make a locale whose encoding is Latin-1."""
    folder = tmp_path_factory.mktemp("locales")
    name = "de_DE.ISO-8859-1"
    if shutil.which("localedef") is None:
        pytest.skip("there is no localedef")
    command = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(folder / name)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("localedef has no German")
    return {"LOCPATH": str(folder), "LC_ALL": name, "PYTHONUTF8": "0"}


UTF8 = {"LC_ALL": "C.UTF-8"}
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(locale: dict[str, str], program: str, *arguments: str | bytes | Path) -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "PYTHONUTF8")}
    command = [*PYTHON, str(ROOT / program), *(os.fsdecode(argument) for argument in arguments)]
    ended = subprocess.run(command, env={**environment, **locale}, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("encoding", ["Latin-1", "ASCII"])
def test_an_index_is_the_same_whatever_the_locale_it_was_written_in(
    tmp_path: Path, request: pytest.FixtureRequest, encoding: str
) -> None:
    other: dict[str, str] = request.getfixturevalue("latin") if encoding == "Latin-1" else ASCII
    folder = tmp_path / FOLDER
    for seed, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_picture(folder / name, seed)
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    run(UTF8, "index.py", "-d", folder, "-i", here)
    run(other, "index.py", "-d", folder, "-i", there)
    assert sorted(there.read_bytes().splitlines()) == sorted(here.read_bytes().splitlines())
    assert all(os.fsencode(name) in there.read_bytes() for name in NAMES)
    # Each finds by the other's index what it finds by its own, with the cache and without.
    for remove_cache in (False, True):
        for locale, index in ((UTF8, there), (other, here)):
            if remove_cache:
                os.remove(f"{index}.cache")
            queries = [os.fsencode(folder / name) for name in NAMES]
            printed = run(locale, "search.py", "-i", index, "-q", *queries, "-r", folder, "-n", "1", "--print0")
            assert printed.split(b"\0") == [*queries, b""]
    # And each takes up the other's, with nothing to do.
    before = there.read_bytes()
    run(other, "index.py", "-d", folder, "-i", there)
    assert b"(0 new, 0 changed, 0 removed, 0 moved" in run_and_tell(UTF8, folder, there)
    assert sorted(there.read_bytes().splitlines()) == sorted(before.splitlines())


def run_and_tell(locale: dict[str, str], folder: Path, index: Path) -> bytes:
    command = [*PYTHON, str(ROOT / "index.py"), "-d", str(folder), "-i", str(index)]
    return subprocess.run(command, env={**os.environ, **locale}, capture_output=True, timeout=60, check=True).stderr


def test_shards_that_are_in_another_order_in_another_locale_are_searched_and_brought_up_to_date(tmp_path: Path) -> None:
    folder, shards = tmp_path / FOLDER, tmp_path / "shards"
    names = ["\udcff.jpg", "\U0001f457.jpg"]  # the bytes of the first are the larger ones
    write_pictures(folder, names)
    run(UTF8, "index.py", "-d", folder, "-i", shards, "--shard-size", "1")
    queries = [os.fsencode(folder / name) for name in names]
    for _ in range(2):
        assert run(ASCII, "search.py", "-i", shards, "-q", *queries, "-n", "1", "--print0").split(b"\0") == [
            *queries,
            b"",
        ]
        assert b"indexed 2 (0 new, 0 changed, 0 removed, 0 moved" in run_and_tell(ASCII, folder, shards)
