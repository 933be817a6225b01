"""Finding files: odd names, links, loops and what is not a file."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.filebytes import read_bytes
from src.imagefiles import find_files

needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file systems only")

ODD_NAMES = [
    "a,b.jpg", '"quoted".jpg', "it's.jpg", "new\nline.jpg", "-rf.jpg", "=1+1.jpg", "+x.jpg", "@x.jpg", " leading.jpg",
    "trailing ", "%s%n.jpg", "$(x).jpg", "\x1b[31mred.jpg", "\N{GRINNING FACE}.jpg", "caf\u00e9.jpg", "cafe\u0301.jpg",
    "X.JPG", "no extension", "x" * 251 + ".jpg",
]  # fmt: skip


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """Give a folder to work in as someone who is not root: root may read everything."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if was_root:
                os.seteuid(0)


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content of " + os.fsencode(name))


def ids(folder: Path, **options: Any) -> list[str]:
    return [file.id for file in find_files(str(folder), **options).files]


def test_files_of_all_levels_are_listed_sorted_by_id(tmp_path: Path) -> None:
    make(tmp_path, "b.jpg", "a/z.jpg", "a/b/c.jpg", "a.jpg", "a-b/x.jpg")
    found = find_files(str(tmp_path))
    assert [file.id for file in found.files] == sorted(["a-b/x.jpg", "a.jpg", "a/b/c.jpg", "a/z.jpg", "b.jpg"])
    assert found.skips == [] and found.hidden == 0


def test_a_found_file_tells_size_time_and_what_to_open(tmp_path: Path) -> None:
    make(tmp_path, "deep/a.jpg")
    (file,) = find_files(str(tmp_path)).files
    status = os.stat(tmp_path / "deep" / "a.jpg")
    assert (file.size, file.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert Path(file.path).read_bytes() == b"content of deep/a.jpg"


@needs_posix
@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_come_back_the_same(tmp_path: Path, name: str) -> None:
    make(tmp_path, name)
    (file,) = find_files(str(tmp_path)).files
    assert file.id == name
    assert read_bytes(file.path) == b"content of " + os.fsencode(name)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are for Linux")
def test_names_that_are_not_utf8_come_back_the_same(tmp_path: Path) -> None:
    raw = b"latin-1 \xe9\xff.jpg"
    with open(os.fsencode(tmp_path) + b"/" + raw, "wb") as file:
        file.write(b"x")
    (found,) = find_files(str(tmp_path)).files
    assert os.fsencode(found.id) == raw
    assert read_bytes(found.path) == b"x"


def test_hidden_entries_are_counted_and_taken_only_on_request(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", ".b.jpg", "._c.jpg", ".thumbnails/d.jpg", "@eaDir/e.jpg", "sub/.f.jpg")
    found = find_files(str(tmp_path))
    assert [file.id for file in found.files] == ["a.jpg"]
    assert found.hidden == 5
    everything = find_files(str(tmp_path), hidden=True)
    assert len(everything.files) == 6 and everything.hidden == 0


@pytest.mark.parametrize(
    "name",
    [
        "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "#recycle", "@Recycle", "@Recently-Snapshot", "#snapshot", "@eaDir",
        "__MACOSX", "System Volume Information", "lost+found",
    ],
)  # fmt: skip
def test_folders_that_a_system_keeps_for_itself_are_hidden(tmp_path: Path, name: str) -> None:
    make(tmp_path, "a.jpg", f"{name}/deleted.jpg", f"sub/{name}/deeper/deleted.jpg", "sub/b.jpg", f"my {name}/c.jpg")
    assert ids(tmp_path) == sorted(["a.jpg", "sub/b.jpg", f"my {name}/c.jpg"])
    assert find_files(str(tmp_path)).hidden == 2
    assert len(ids(tmp_path, hidden=True)) == 5


def test_without_recursion_only_the_files_of_the_folder_are_taken(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "sub/b.jpg", "elsewhere.jpg")
    if os.name == "posix":
        (tmp_path / "link").symlink_to("sub")
    found = find_files(str(tmp_path), recursive=False)
    assert ([file.id for file in found.files], found.skips) == (["a.jpg", "elsewhere.jpg"], [])


def test_files_that_are_not_part_of_the_dataset_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "index.csv", "sub/index.csv")
    left_out = [str(tmp_path / "index.csv"), str(tmp_path / "not yet there.csv")]
    assert [file.id for file in find_files(str(tmp_path), leave_out=left_out).files] == ["a.jpg", "sub/index.csv"]


def test_a_file_is_left_out_by_whatever_path_the_folder_is_reached(tmp_path: Path) -> None:
    make(tmp_path, "data/a.jpg", "data/index.csv")
    detour = str(tmp_path / "data" / ".." / "data")
    left_out = [str(tmp_path / "data" / "index.csv")]
    assert [file.id for file in find_files(detour, leave_out=left_out).files] == ["a.jpg"]


@needs_posix
def test_links_to_files_count_as_files(tmp_path: Path) -> None:
    make(tmp_path, "data/a.jpg", "elsewhere/b.jpg")
    (tmp_path / "data" / "link.jpg").symlink_to(tmp_path / "elsewhere" / "b.jpg")
    found = find_files(str(tmp_path / "data"))
    assert [file.id for file in found.files] == ["a.jpg", "link.jpg"]
    assert found.files[1].size == len(b"content of elsewhere/b.jpg")


@needs_posix
def test_a_link_to_a_folder_is_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "data/a.jpg", "elsewhere/b.jpg")
    (tmp_path / "data" / "one").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data" / "two").symlink_to(tmp_path / "elsewhere")
    found = find_files(str(tmp_path / "data"))
    assert [file.id for file in found.files] == ["a.jpg", "one/b.jpg"]
    assert [(skip.id, skip.kind) for skip in found.skips] == [("two", "link not followed")]


@needs_posix
def test_real_folders_win_over_links_to_them(tmp_path: Path) -> None:
    make(tmp_path, "z/a.jpg")
    (tmp_path / "a-link").symlink_to(tmp_path / "z")
    found = find_files(str(tmp_path))
    assert [file.id for file in found.files] == ["z/a.jpg"]
    assert [skip.id for skip in found.skips] == ["a-link"]


@needs_posix
def test_links_to_parents_do_not_loop(tmp_path: Path) -> None:
    make(tmp_path, "data/sub/a.jpg", "other.jpg")
    (tmp_path / "data" / "sub" / "up").symlink_to("..")
    (tmp_path / "data" / "top").symlink_to("..")
    found = find_files(str(tmp_path / "data"))
    # The link to the parent of the dataset is followed; the dataset within it is not walked again.
    assert [file.id for file in found.files] == ["sub/a.jpg", "top/other.jpg"]
    assert [skip.id for skip in found.skips] == ["sub/up", "top/data"]


@needs_posix
def test_links_without_an_end_are_skips(tmp_path: Path) -> None:
    (tmp_path / "dangling.jpg").symlink_to("nowhere")
    (tmp_path / "ring1").symlink_to("ring2")
    (tmp_path / "ring2").symlink_to("ring1")
    found = find_files(str(tmp_path))
    assert found.files == []
    assert [skip.id for skip in found.skips] == ["dangling.jpg", "ring1", "ring2"]
    assert {skip.kind for skip in found.skips} == {"link not followed"}
    assert found.skips[0].reason == "a link that leads nowhere"


@needs_posix
def test_pipes_and_sockets_are_skips_and_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        found = find_files(str(tmp_path))
    assert [(skip.id, skip.reason) for skip in found.skips] == [
        ("pipe.jpg", "a named pipe, not a file"),
        ("socket.jpg", "a socket, not a file"),
    ]


@needs_posix
def test_a_folder_without_permission_is_a_skip(unprivileged_folder: Path) -> None:
    make(unprivileged_folder, "closed/a.jpg", "open.jpg")
    (unprivileged_folder / "closed").chmod(0)
    try:
        found = find_files(str(unprivileged_folder))
    finally:
        (unprivileged_folder / "closed").chmod(0o700)
    assert [file.id for file in found.files] == ["open.jpg"]
    assert [(skip.id, skip.kind) for skip in found.skips] == [("closed", "no permission")]


@needs_posix
def test_a_tree_deeper_than_any_path_is_a_skip_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        for _ in range(30):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("a.jpg").write_bytes(b"x")
    finally:
        os.chdir(tmp_path)
    found = find_files(str(tmp_path))
    assert found.files == []
    assert [skip.reason for skip in found.skips] == ["its path is longer than the system can open"]


def test_a_thousand_levels_need_no_recursion(tmp_path: Path) -> None:
    deepest = tmp_path / "/".join("d" * 400)
    try:
        deepest.mkdir(parents=True)
        make(deepest, "a.jpg")
    except OSError:
        pytest.skip("paths of this length are too long here")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        assert len(find_files(str(tmp_path)).files) == 1
    finally:
        sys.setrecursionlimit(limit)


def test_files_may_vanish_during_the_walk(tmp_path: Path) -> None:
    make(tmp_path, *(f"{i}/{j}.jpg" for i in range(20) for j in range(20)))
    stop = threading.Event()

    def shuffle() -> None:
        while not stop.is_set():
            for i in range(20):
                (tmp_path / f"{i}" / "0.jpg").unlink()
                (tmp_path / f"{i}").rename(tmp_path / f"moved{i}")
                (tmp_path / f"moved{i}").rename(tmp_path / f"{i}")
                make(tmp_path, f"{i}/0.jpg")

    other = threading.Thread(target=shuffle)
    other.start()
    try:
        for _ in range(30):
            find_files(str(tmp_path))
    finally:
        stop.set()
        other.join()


@pytest.mark.parametrize("name, error", [("missing", FileNotFoundError), ("a.jpg", NotADirectoryError)])
def test_a_dataset_that_is_no_folder_raises(tmp_path: Path, name: str, error: type[OSError]) -> None:
    make(tmp_path, "a.jpg")
    with pytest.raises(error):
        find_files(str(tmp_path / name))


def test_finding_files_loads_no_picture_library() -> None:
    code = "import sys, src.imagefiles; sys.exit(bool({'cv2', 'numpy', 'PIL'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_part_of_a_folder_holds_what_a_walk_over_all_finds_there(tmp_path: Path) -> None:
    for name in ("a.jpg", "b/1.jpg", "b/c/2.jpg", "b/.c/3.jpg", "bc/4.jpg", "outside/5.jpg"):
        (tmp_path / "top" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "top" / name).touch()
    (tmp_path / "top/outside").rename(tmp_path / "outside")
    (tmp_path / "top/b/in").symlink_to("../bc")
    (tmp_path / "top/b/out").symlink_to(tmp_path / "outside")
    (tmp_path / "top/way").symlink_to("b")
    top, everything = str(tmp_path / "top"), find_files(str(tmp_path / "top"))
    for part in ("b", "b/c", "b/out", "b/.c", "b/in", "way", "bc", "none", ""):
        wanted = [file for file in everything.files if not part or file.id.startswith(f"{part}/")]
        assert find_files(top, only=[part]).files == wanted, part
    assert find_files(top, only=["bc", "b/c"]).files == find_files(top, only=["b/c", "bc"]).files
    assert [file.id for file in find_files(top, only=["bc", "b/c"]).files] == ["b/c/2.jpg", "bc/4.jpg"]
    assert find_files(top, only=[]).files == []
