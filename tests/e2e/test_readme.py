"""What the README and its pages say is so: commands run and print what is shown, links lead somewhere."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import PYTHON, ROOT, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a user has: the programs and the sample catalogue."""
    folder = tmp_path_factory.mktemp("readme") / "checkout"
    for name in ("src", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("index.py", "search.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run_in(checkout: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    ended = subprocess.run(
        [*PYTHON, *command], cwd=checkout, capture_output=True, text=True, timeout=60, check=False, env={"PATH": ""}
    )
    assert ended.returncode == 0, ended.stderr
    return ended


def test_every_command_runs_and_prints_what_is_shown(checkout: Path) -> None:
    printed = ""
    checked = 0
    for kind, text in BLOCK.findall(README):
        if kind == "console":
            (command,) = text.splitlines()
            program, *arguments = shlex.split(command.removeprefix("$ "))
            assert program == "python"
            ended = run_in(checkout, *arguments)
            printed = ended.stdout
            if arguments[0] == "index.py":
                (shown,) = re.findall(r"^    (indexed .*)", README, re.MULTILINE)
                without_seconds = [re.sub(r"\d+\.\d s", "", line) for line in (shown, ended.stderr.strip())]
                assert without_seconds[0] == without_seconds[1]
        elif kind == "python":
            printed = run_in(checkout, "-c", text).stdout
        elif kind == "":
            assert text == printed
            checked += 1
    assert checked == 2
    assert (checkout / "coat.jpg").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("program", "heading"),
    [("index.py", "Index a folder"), ("search.py", "Search"), ("duplicates.py", "Duplicates"), ("serve.py", "Serve")],
)
def test_the_tables_name_every_option_and_no_other(program: str, heading: str) -> None:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    documented = set(re.findall(r"--[a-z-]+", "".join(re.findall(r"^\| `.*", section, re.MULTILINE))))
    offered = set(re.findall(r"--[a-z-]+", run(program, "--help").stdout.decode())) - {"--help"}
    assert documented == offered


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_and_figures_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in
                re.findall(r"^#+ (.*)", text, re.MULTILINE)}  # fmt: skip
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) > (5 if page.name == "README.md" else -1)
    for target in targets:
        assert target[1:] in headings if target.startswith("#") else (page.parent / target).exists(), target


def test_make_has_the_targets_that_are_named() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake (\w+)", "".join(re.findall(r"`make[^`]*`|^make.*", README, re.MULTILINE))))
    assert {"demo", "test", "check"} <= named <= targets
