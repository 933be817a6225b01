import shlex
from pathlib import Path
from types import ModuleType

import pytest

from src import __version__
from src.commands import console, index, search
from tests.pictures import write_picture, write_pictures
from tests.programs import run

NAMES = {"index.py": index, "image-similarity index": index, "search.py": search, "image-similarity search": search}
DOORS = ["index.py", "search.py"]


@pytest.mark.parametrize(("name", "command"), NAMES.items())
def test_every_command_tells_the_version(name: str, command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with console.named(name):
        assert command.main(["--version"]) == 0
    assert capsys.readouterr() == (f"image-similarity {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["index.py", "--index", "x.csv", "--data", "x"], ["search.py", "--index", "x.csv", "-q", "x.jpg", "--lim", "3"]],
)
def test_an_abbreviated_option_is_refused(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    (*_, last) = ended.stderr.decode().splitlines()
    assert last == f"{arguments[0]}: error: unrecognized arguments: {' '.join(arguments[-2:])}"


def examples(name: str, command: ModuleType, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with console.named(name):
        assert command.main(["--help"]) == 0
    options, separator, shown = capsys.readouterr().out.partition("\nexamples:\n  ")
    assert options.startswith(f"usage: {name} [-h]")
    assert separator
    return shown.rstrip("\n").split("\n  ")


@pytest.mark.parametrize(("name", "command"), NAMES.items())
def test_help_ends_with_examples_in_the_words_that_the_program_was_called_by(
    name: str, command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = examples(name, command, capsys)
    assert 2 <= len(shown) <= 3
    call = f"python {name}" if name in DOORS else name
    assert all(example.startswith(f"{call} --") for example in shown)


def test_the_examples_are_commands_that_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pictures(tmp_path / "data", ["a.jpg", "b.jpg"])
    write_picture(tmp_path / "photo.jpg", 1)
    monkeypatch.chdir(tmp_path)
    for name in DOORS:
        for example in examples(name, NAMES[name], capsys):
            python, door, *arguments = shlex.split(example.partition(" < ")[0])
            assert (python, door) == ("python", name)
            if "--add" in arguments:
                write_picture(tmp_path / "data" / "new.jpg", 2)
            stdin = (tmp_path / "photo.jpg").read_bytes() if "<" in example else None
            ended = run(door, *arguments, stdin=stdin)
            assert ended.returncode == 0, ended.stderr


def test_a_name_lasts_as_long_as_its_context(capsys: pytest.CaptureFixture[str]) -> None:
    before = console.program_name()
    with console.named("image-similarity"):
        with console.named("image-similarity index"):
            console.complain("no")
        console.complain("no")
    assert capsys.readouterr().err == "image-similarity index: no\nimage-similarity: no\n"
    assert console.program_name() == before
