import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ImageFont

from src.viewing import typefaces
from src.viewing.typefaces import covers, find_face

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there fontconfig is not asked")


@pytest.fixture
def fontconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in the place of fontconfig's, to be written."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(typefaces, "_usual_paths", lambda: ())
    monkeypatch.setattr(typefaces, "LONGEST_WAIT_SECONDS", 0.3)
    for kept in (typefaces._fonts, find_face):
        kept.cache_clear()
    yield tmp_path / "fc-match"
    for kept in (typefaces._fonts, find_face):
        kept.cache_clear()


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def latin_typeface(folder: Path) -> Path:
    """A typeface as a file: the one that Pillow brings."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont) and isinstance(font.path, io.BytesIO)
    (folder / "latin.ttf").write_bytes(font.path.getvalue())
    return folder / "latin.ttf"


def test_the_first_typeface_that_has_the_letters_is_taken(fontconfig: Path) -> None:
    latin = latin_typeface(fontconfig.parent)
    # The first does not say that it has them, the second is not there, and the third says so of too many.
    lines = [f"{latin}\\t30-39", "/none.ttf\\t20-7e", f"{latin}\\t20-7e 4e00-9fff"]
    write(fontconfig, "\n".join(f"printf '{line}\\n'" for line in lines))

    face = find_face("AB", 20)
    assert face is not None
    assert face.font.size == 20
    assert find_face("连衣", 20) is None, "whatever fontconfig says of it"


@pytest.mark.parametrize(
    "script",
    ["exit 1", "echo '/x.ttf'; exit 0", "printf 'no\\tsense-\\n\\377\\tzz\\n'", "sleep 60", "head -c 99 /dev/zero"],
)
def test_without_an_answer_there_is_no_typeface(fontconfig: Path, script: str) -> None:
    write(fontconfig, script)
    started = time.monotonic()

    assert find_face("连", 20) is None
    assert find_face("衣", 21) is None
    assert time.monotonic() - started < 5


def test_fontconfig_is_asked_once(fontconfig: Path) -> None:
    write(fontconfig, f"echo asked >> {fontconfig.parent}/log")
    for letter in "连衣裙":
        assert find_face(letter, 20) is None
    assert (fontconfig.parent / "log").read_text() == "asked\n"


def test_a_typeface_covers_what_it_can_draw() -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert covers(font, "Jeans 1.jpg")
    assert covers(font, "a\ufe0f\u200d"), "what chooses a form is no letter"
    assert not covers(font, "a连")
