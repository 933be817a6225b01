import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from src.commands import completion, console, program
from tests.programs import PYTHON, ROOT

# What readline does when somebody presses the tab key.
COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
"$(complete -p image-similarity | sed 's/.*-F \\([^ ]*\\).*/\\1/')" image-similarity "${@: -1}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def print_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    # However it is called: what is completed is the name that is installed.
    with console.named("python -m src.commands"):
        code = program.main(["--print-completion", shell])
    return code, *capsys.readouterr()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_verbs_options_and_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, script, complaints = print_completion("bash", capsys)
    assert (code, complaints) == (0, "")
    (tmp_path / "script").write_text(script)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photo.jpg").touch()

    def complete(*words: str) -> list[str]:
        command = ["bash", "--norc", "-c", COMPLETE, "bash", "./script", "image-similarity", *words]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
        return said.split()

    assert complete("") == list(program.VERBS)
    assert complete("sea") == ["search"]
    assert complete("search", "--li") == ["--limit"]
    assert complete("index", "--dataset", "ph") == ["photos"]
    assert complete("search", "--query", "photo.") == ["photo.jpg"]
    assert complete("--print-completion", "") == list(completion.SHELLS)


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_every_shell_gets_every_option(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, script, complaints = print_completion(shell, capsys)
    assert (code, complaints) == (0, "")
    for option in ("print-completion", "dataset", "max-distance"):
        assert option in script


def test_an_unknown_shell_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_completion("cmd", capsys)[0] == 2


def test_without_the_extra_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    said = "python -m src.commands: --print-completion needs shtab: pip install shtab\n"
    assert print_completion("bash", capsys) == (1, "", said)


def test_nothing_else_needs_the_extra(tmp_path: Path) -> None:
    (tmp_path / "shtab.py").write_text("raise AssertionError('imported')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from src.commands.program import main; main(['--help'])"
    ended = subprocess.run([*PYTHON, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert ended.stdout.startswith(b"usage: ")
