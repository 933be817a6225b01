"""What the Dockerfile and compose.yaml say is so: files are there, commands are right, versions lie in their ranges."""

import importlib
import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from src.commands import serve
from src.commands.program import VERBS

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text()


def instructions(name: str) -> list[str]:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", "")
    return [line.partition(" ")[2] for line in text.splitlines() if line.split()[:1] == [name]]


def check_command(verb: str, *arguments: str) -> None:
    """Have the parser of a verb read its arguments; it exits if they are wrong."""
    assert verb in VERBS
    importlib.import_module(f"src.commands.{verb}").parse(list(arguments))


def test_what_is_copied_is_there_and_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    let_in = [line[1:] for line in lines if line.startswith("!")]
    copied = [name for line in instructions("COPY") if "--from=" not in line for name in line.split()[:-1]]
    for name in copied:
        assert list(ROOT.glob(name)), name
        assert any(fnmatch(name, pattern) for pattern in let_in), name
    assert {name for name in let_in if not any(fnmatch(one, name) for one in copied)} == set()


def test_the_sample_is_indexed_by_commands_that_are_right_and_served() -> None:
    (command,) = [line for line in instructions("RUN") if "image-similarity" in line]
    for one in command.split("&&"):
        program, *arguments = shlex.split(one.partition(">")[0])
        assert program == "image-similarity"
        check_command(*arguments)
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["image-similarity"]
    verb, *arguments = json.loads(instructions("CMD")[0])
    served = serve.parse(arguments)
    assert (verb, served.host) == ("serve", "0.0.0.0")
    assert f"--index {served.index} " in command
    assert command.endswith(f"> {served.duplicates}")
    (check,) = instructions("HEALTHCHECK")
    assert f"http://127.0.0.1:{served.port}/api/health" in check
    assert instructions("EXPOSE") == [f"{served.port}"]


def test_nobody_is_root() -> None:
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert f"chown {user} /index" in instructions("RUN")[-1]


def test_the_services_that_are_composed_are_right_and_may_do_little() -> None:
    commands = [json.loads(line) for line in re.findall(r"^ +command: (.*)", COMPOSE, re.MULTILINE)]
    assert [command[0] for command in commands] == ["index", "serve"]
    for command in commands:
        check_command(*command)
    assert len(re.findall(r"<<: \*common", COMPOSE)) == len(commands)
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "mem_limit: "):
        assert line in COMPOSE.partition("\nservices:")[0]
    assert 'ports: ["127.0.0.1:8000:8000"]' in COMPOSE


@pytest.mark.parametrize("page", ["README.md", "docs/service.md"])
def test_the_commands_that_a_page_tells_are_right(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(r"^docker run .* image-similarity (\S+ .+)$", text, re.MULTILINE)
    commands += [f"serve {arguments}" for arguments in re.findall(r"^python serve\.py (.+)$", text, re.MULTILINE)]
    assert commands
    for command in commands:
        check_command(*shlex.split(command))


def requirements(name: str) -> dict[str, Requirement]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-web.txt"])
def test_what_the_container_has_lies_in_the_ranges(file: str) -> None:
    pinned = requirements("requirements-container.txt")
    assert "opencv-python" not in pinned
    for name, wanted in requirements(file).items():
        one = pinned["opencv-python-headless" if name == "opencv-python" else name]
        (version,) = [part.version for part in one.specifier if part.operator == "=="]
        assert wanted.specifier.contains(version), name
