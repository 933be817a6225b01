import os
import subprocess
from pathlib import Path

import pytest

from src import __version__
from src.commands import console, program
from tests.pictures import write_pictures
from tests.programs import PYTHON, ROOT, run


def call(*arguments: str) -> int:
    with console.named("image-similarity"):
        return program.main(list(arguments))


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_has_a_line_for_each_verb(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*arguments) == 0
    said, complaints = capsys.readouterr()
    assert said.startswith("usage: image-similarity [-h]")
    assert complaints == ""
    listed = dict(line.split(maxsplit=1) for line in said.split("\n  VERB\n")[1].split("\n\n")[0].splitlines())
    assert listed == program.VERBS


@pytest.mark.parametrize("verb", program.VERBS)
def test_every_verb_is_a_command_with_its_own_help_and_version(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(verb, "--help") == 0
    assert capsys.readouterr().out.startswith(f"usage: image-similarity {verb} [-h]")
    assert call(verb, "--version") == 0
    assert capsys.readouterr().out == f"image-similarity {__version__}\n"
    assert call(verb, "--vers") == 2
    assert f"image-similarity {verb}: error: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["inde"], ["--inde"], ["--vers"], ["--"], ["--", "index"], ["-i", "x", "index"]])
def test_what_begins_with_no_verb_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*arguments) == 2
    assert "image-similarity: error: " in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out == f"image-similarity {__version__}\n"


def test_an_error_is_named_after_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("search", "--index", str(tmp_path / "no.csv"), "--query", "x.jpg") == 1
    assert capsys.readouterr().err.startswith(f"image-similarity search: {tmp_path / 'no.csv'} does not exist")


def test_the_verbs_do_what_the_programs_do(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", ["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
    for name, caller in (("program", ["index.py"]), ("verb", ["-m", "src.commands", "index"])):
        arguments = ["--dataset", str(tmp_path / "photos"), "--index", str(tmp_path / f"{name}.csv")]
        ended = subprocess.run([*PYTHON, *caller, *arguments], cwd=ROOT, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr.startswith(b"indexed 4 (4 new")
    assert (tmp_path / "verb.csv").read_bytes() == (tmp_path / "program.csv").read_bytes()
    arguments = ["--index", str(tmp_path / "verb.csv"), "--query", str(tmp_path / "photos" / "c.jpg"), "--no-window"]
    ended = subprocess.run(
        [*PYTHON, "-m", "src.commands", "search", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert ended.stdout == run("search.py", *arguments).stdout
    assert len(ended.stdout.splitlines()) == 3


def test_python_m_names_itself_in_help_and_errors() -> None:
    command = [*PYTHON, "-m", "src.commands"]
    helped = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert helped.stdout.startswith("usage: python -m src.commands [-h]")
    failed = subprocess.run(
        [*command, "index", "-d", "no", "-i", os.devnull], cwd=ROOT, capture_output=True, check=False
    )
    assert failed.returncode == 1
    assert failed.stderr.startswith(b"python -m src.commands index: ")
