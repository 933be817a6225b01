"""Patterns leave out what git would, and what cannot be used stops the walk."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.errors import ExpectedError
from src.imagefiles import find_files
from src.imageignore import MAX_BYTES, exclusions_of, with_ignore_file


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def ids(folder: Path, *exclude: str) -> list[str]:
    return [file.id for file in find_files(str(folder), exclude=exclude).files]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.png", ["a.jpg", "private/c.jpg", "sub/private/d.jpg"]),
        ("private/", ["a.jpg", "b.png", "sub/e.png"]),
        ("private", ["a.jpg", "b.png", "sub/e.png"]),
        ("/private/", ["a.jpg", "b.png", "sub/e.png", "sub/private/d.jpg"]),
        ("./private", ["a.jpg", "b.png", "sub/e.png", "sub/private/d.jpg"]),
        ("sub/**", ["a.jpg", "b.png", "private/c.jpg"]),
        ("*/", ["a.jpg", "b.png"]),
        ("b.png/", ["a.jpg", "b.png", "private/c.jpg", "sub/e.png", "sub/private/d.jpg"]),
        ("[ab].*", ["private/c.jpg", "sub/e.png", "sub/private/d.jpg"]),
        ("*", []),
    ],
)
def test_a_pattern_leaves_out_what_it_names(tmp_path: Path, pattern: str, left: list[str]) -> None:
    make(tmp_path, "a.jpg", "b.png", "private/c.jpg", "sub/private/d.jpg", "sub/e.png")
    assert ids(tmp_path, pattern) == left
    (tmp_path / ".imageignore").write_text(f"# nothing\n\n{pattern}\n")
    assert ids(tmp_path) == (left if pattern != "./private" else ids(tmp_path, "!*"))


def test_what_is_left_out_is_counted_and_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "private/b.jpg", "private/c.jpg", "x.png")
    found = find_files(str(tmp_path), exclude=["private/", "x.*"])
    assert ([file.id for file in found.files], found.excluded, found.hidden) == (["a.jpg"], 2, 0)


def test_a_given_pattern_that_leaves_out_nothing_is_told(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "private/b.jpg", "x.png")
    exclude = ["private", f"{tmp_path.name}/private", "!a.jpg", "*.gif", "x.*"]
    assert find_files(str(tmp_path), exclude=exclude).idle == [f"{tmp_path.name}/private", "*.gif"]
    assert find_files(str(tmp_path)).idle == []


def test_the_last_pattern_and_the_nearest_file_decide_and_the_command_line_before_all(tmp_path: Path) -> None:
    make(tmp_path, "1.png", "keep.png", "sub/1.png", "sub/2.png", "sub/deep/1.png", "sub/deep/3.png")
    (tmp_path / ".imageignore").write_text("*.png\n!keep.png\n")
    (tmp_path / "sub" / ".imageignore").write_text("!1.png\n")
    assert ids(tmp_path) == ["keep.png", "sub/1.png", "sub/deep/1.png"]
    assert ids(tmp_path, "deep/1.png", "!2.png") == ["keep.png", "sub/1.png", "sub/2.png", "sub/deep/1.png"]
    assert ids(tmp_path, "sub/deep/", "!2.png") == ["keep.png", "sub/1.png", "sub/2.png"]


def test_an_ignore_file_is_no_picture_and_counts_as_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    (tmp_path / ".imageignore").write_bytes(b"\xef\xbb\xbfb.jpg\r\nc.jpg")
    make(tmp_path, "b.jpg", "c.jpg")
    for hidden in (False, True):
        found = find_files(str(tmp_path), hidden=hidden)
        assert ([file.id for file in found.files], found.hidden, found.excluded) == (["a.jpg"], 0, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are for Linux")
@pytest.mark.parametrize("name", [b"new\nline/\xff.jpg", b"\xff/new\nline.jpg", b"a\n.jpg", b"#a.jpg"])
def test_names_of_any_bytes_are_left_out(tmp_path: Path, name: bytes) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb"):
        pass
    assert len(ids(tmp_path)) == 1
    assert ids(tmp_path, "*.jpg") == ids(tmp_path, os.fsdecode(name)) == []
    if b"\n" not in name:
        (tmp_path / ".imageignore").write_bytes(b"\\" * name.startswith(b"#") + name)
        assert ids(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="POSIX file systems only")
def test_links_are_left_out_too_whatever_they_lead_to(tmp_path: Path) -> None:
    make(tmp_path, "data/a.jpg", "elsewhere/b.jpg")
    (tmp_path / "data" / "private").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data" / "gone").symlink_to("nowhere")
    found = find_files(str(tmp_path / "data"), exclude=["private/", "gone"])
    assert ([file.id for file in found.files], found.skips, found.excluded) == (["a.jpg"], [], 2)


def refusal(folder: Path, *exclude: str) -> str:
    with pytest.raises(ExpectedError) as caught:
        find_files(str(folder), exclude=exclude)
    return str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="POSIX file systems only")
def test_what_cannot_be_used_stops_the_walk(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.jpg")
    ignore = tmp_path / "sub" / ".imageignore"
    os.mkfifo(ignore)
    assert f"{ignore}: a named pipe, not a file" in refusal(tmp_path)
    ignore.unlink()
    ignore.symlink_to("nowhere")
    assert "it is not there" in refusal(tmp_path)
    ignore.unlink()
    ignore.write_bytes(bytes(MAX_BYTES + 1))
    assert "the limit is" in refusal(tmp_path)
    ignore.write_text("private/\n", encoding="utf-16")
    assert "not plain text" in refusal(tmp_path)
    ignore.write_text("a\n\n[z-a]\n")
    assert f"{ignore}, line 3: '[z-a]' is no pattern" in refusal(tmp_path)
    ignore.unlink()
    ignore.mkdir()
    assert "a folder, not a file" in refusal(tmp_path)
    assert ids(tmp_path, "sub") == []


@pytest.mark.parametrize("pattern", ["", "  ", "!", "[z-a]"])
def test_a_pattern_of_the_command_line_that_means_nothing_is_refused(tmp_path: Path, pattern: str) -> None:
    assert "--exclude" in refusal(tmp_path, pattern)


def test_only_what_is_excluded_needs_the_library(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    code = (
        "import sys; from src.imagefiles import find_files; find_files(sys.argv[1]); print('pathspec' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"


SEGMENTS = ["a", "b", "ab", "*", "**", "*.jpg", "?", "[ab]", "[!a]*", "*b", "b c", "keep", r"\#z", r"\!w", "s*"]
PATTERNS = st.tuples(
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
).map(lambda parts: parts[0] + parts[1] + "/".join(parts[2]) + parts[3])
NAMES = st.lists(st.sampled_from(["a", "b", "ab", "b c", "keep", "#z", "!w", "s"]), min_size=1, max_size=3)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git, to ask it")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(NAMES, min_size=1, max_size=8),
    st.lists(st.lists(PATTERNS, max_size=3), min_size=3, max_size=3),
    st.lists(PATTERNS, max_size=2),
)
def test_what_is_left_is_what_git_would_list(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], ignored: list[list[str]], exclude: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    make(folder, *("/".join(file) + "/x.jpg" for file in files))
    places = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    for place, patterns in zip(places, ignored, strict=False):
        (place / ".imageignore").write_text("\n".join(patterns))
    subprocess.run(["git", "init", "-q", folder], check=True)
    listing = ["git", "-C", str(folder), "ls-files", "-oz", "--exclude-per-directory=.imageignore"]
    said = subprocess.run([*listing, *(f"--exclude={one}" for one in exclude)], capture_output=True, check=True).stdout
    listed = sorted(name for name in os.fsdecode(said).split("\0") if name.endswith("x.jpg"))
    assert ids(folder, *exclude) == listed


@pytest.mark.parametrize("pattern", ["/", "a[", "!"])
def test_a_pattern_that_names_nothing_is_an_error_on_the_command_line_and_in_a_file(
    tmp_path: Path, pattern: str
) -> None:
    with pytest.raises(ExpectedError, match="--exclude '.*' (names nothing|is no pattern)"):
        exclusions_of([pattern])
    (tmp_path / ".imageignore").write_text(f"# notes\n\n{pattern}\n")
    with pytest.raises(ExpectedError, match="line 3: '.*' (names nothing|is no pattern)"):
        with_ignore_file(None, str(tmp_path / ".imageignore"), "")
