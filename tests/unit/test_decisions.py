import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from src.decisions import HEAD, Content, decided, read_pairs, remember_pairs
from src.duplicategroup import FILE, NEAR, PICTURE, Copy, Group, Picture
from src.duplicatetext import as_json, read_decisions
from src.errors import ExpectedError


def picture(name: str, digest: bytes = b"") -> Picture:
    return Picture(name, f"photos/{name}", 10, 0, 4, 3, digest or os.fsencode(name))


GROUPS = [
    Group(picture("a"), (Copy(picture("b", b"same"), PICTURE, 1.0), Copy(picture("c", b"same"), NEAR, 0.9))),
    Group(picture("x"), (Copy(picture("y"), NEAR, 0.8, is_protected=True),)),
]


A, B, C = (Content(bytes([number]) * 16, f"{name}.jpg") for number, name in enumerate("abc"))
AB, BC = frozenset((A.digest, B.digest)), frozenset((B.digest, C.digest))


def copy_of(keep: Picture, other: Picture) -> Copy:
    return Copy(other, FILE if keep.digest == other.digest else NEAR, 0.5)


def decide(folder: Path, *groups: Any) -> tuple[list[Group], list[tuple[str, str]]]:
    path = folder / "decisions.json"
    path.write_text(json.dumps({"groups": list(groups), "pictures": "whatever"}))
    found = decided("decisions.json", read_decisions(str(path)), GROUPS, copy_of)
    return found.groups, [(one.id, other.id) for one, other in found.different]


def test_what_json_prints_is_a_decision_for_all_of_it(tmp_path: Path) -> None:
    assert decide(tmp_path, *as_json(GROUPS)) == (GROUPS, [])


@pytest.mark.parametrize("name", ["b", "photos/b", "photos/../photos/b", {"id": "b"}, {"path": "photos/b", "id": "?"}])
def test_a_picture_is_named_by_id_or_path(name: Any, tmp_path: Path) -> None:
    assert decide(tmp_path, {"keep": "a", "spares": [name]}) == ([GROUPS[0]._replace(copies=GROUPS[0].copies[:1])], [])


def test_an_object_with_a_path_is_not_taken_for_another_picture_of_that_id(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match="^decisions.json: group 1: 'other/b' is in no group that is found now"):
        decide(tmp_path, {"keep": "a", "spares": [{"path": "other/b", "id": "b"}]})


def test_another_one_may_be_kept_and_what_the_rest_is_to_it_is_said_anew(tmp_path: Path) -> None:
    groups, _ = decide(tmp_path, {"keep": "c", "spares": ["a", "b"]})
    assert groups == [
        Group(GROUPS[0].copies[1].picture, (Copy(picture("a"), NEAR, 0.5), Copy(picture("b", b"same"), FILE, 0.5)))
    ]


def test_of_several_that_are_kept_a_spare_belongs_to_the_same_file(tmp_path: Path) -> None:
    groups, _ = decide(tmp_path, {"keep": ["a", {"id": "c"}], "spares": ["b"]})
    assert groups == [Group(picture("c", b"same"), (Copy(picture("b", b"same"), FILE, 0.5),))]


def test_what_is_not_named_stays_out_of_it(tmp_path: Path) -> None:
    assert decide(tmp_path, {"keep": "a"}, {"spares": [], "keep": None}, {}) == ([], [])


def test_what_is_different_is_a_copy_of_no_other_of_its_group(tmp_path: Path) -> None:
    groups, pairs = decide(tmp_path, {"keep": "a", "spares": ["b"], "different": ["c"]}, {"different": ["x"]})
    assert [[copy.picture.id for copy in group.copies] for group in groups] == [["b"]]
    assert pairs == [("c", "a"), ("c", "b"), ("x", "y")]


def test_files_of_one_content_that_are_both_different_from_the_rest_stay_copies(tmp_path: Path) -> None:
    _, pairs = decide(tmp_path, {"keep": "a", "different": ["b", "c"]})
    assert pairs == [("b", "a"), ("c", "a")]


@pytest.mark.parametrize(
    ("groups", "trouble"),
    [
        ([{"keep": "a", "spares": ["nobody"]}], "group 1: 'nobody' is in no group that is found now"),
        ([{"keep": "a", "spares": ["a\0"]}], "group 1: 'a\0' is in no group that is found now"),
        ([{"keep": "a", "spares": ["b", "photos/b"]}], "group 1: 'photos/b' is named a second time"),
        ([{"keep": "a", "spares": ["b"]}, {"keep": "b"}], "group 2: 'b' is named a second time"),
        ([{"spares": ["b"]}], "group 1 keeps nothing"),
        ([{"keep": [], "spares": ["b"]}], "group 1 keeps nothing"),
        ([{"keep": "x", "spares": ["b"]}], "group 1: 'b' is not a copy of what is kept"),
        ([{"keep": "a", "spares": "b"}], 'group 1: "spares" is not a list'),
        ([{"keep": "a", "spares": [3]}], 'group 1: "spares" holds what is neither a name nor'),
        ([{"keep": {"name": "a"}, "spares": ["b"]}], 'group 1: "keep" holds what is neither a name nor'),
        ([["a", "b"]], "group 1 is not an object"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_as_a_whole(groups: list[Any], trouble: str, tmp_path: Path) -> None:
    with pytest.raises(ExpectedError) as error:
        decide(tmp_path, *groups)
    assert trouble in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_name_that_is_an_id_here_and_a_path_there_is_refused(tmp_path: Path) -> None:
    groups = [Group(picture("a"), (Copy(picture("photos/a"), NEAR, 0.9),))]
    path = tmp_path / "decisions.json"
    path.write_text('{"groups": [{"keep": "a", "spares": ["photos/a"]}]}')
    with pytest.raises(ExpectedError, match="is the id of one picture and the path of another one"):
        decided(str(path), read_decisions(str(path)), groups, copy_of)


def test_names_of_any_bytes_come_back_from_json(tmp_path: Path) -> None:
    groups = [Group(picture("a\udcff"), (Copy(picture("b\n"), NEAR, 0.9),))]
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps({"groups": as_json(groups)}))
    assert decided(str(path), read_decisions(str(path)), groups, copy_of).groups == groups


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pairs.txt"


def test_pairs_are_remembered_once_in_any_order(path: Path) -> None:
    assert read_pairs(str(path)) == frozenset()
    assert remember_pairs(str(path), [(A, B)]) == 1
    assert remember_pairs(str(path), [(B, A), (B, C), (C, B)]) == 1
    assert read_pairs(str(path)) == {AB, BC}
    assert path.read_bytes().startswith(HEAD)
    assert path.read_text().splitlines()[1] == f"{'00' * 16} {'01' * 16}\ta.jpg\tb.jpg"


def test_a_person_may_edit_the_file(path: Path) -> None:
    remember_pairs(str(path), [(A, B), (B, C)])
    head, first, second = path.read_text().splitlines()
    path.write_bytes(f"{head}\r\n\r\n# seen\r\n{second}".encode())
    assert read_pairs(str(path)) == {BC}
    remember_pairs(str(path), [(A, B)])
    assert read_pairs(str(path)) == {AB, BC}
    assert path.read_text().splitlines() == [head, "", "# seen", second, first]


@pytest.mark.parametrize("length", range(0, 170, 7))
def test_a_file_that_was_cut_by_a_crash_goes_on(length: int, path: Path) -> None:
    remember_pairs(str(path), [(A, B)])
    whole = path.read_bytes()
    path.write_bytes(whole[:length])
    assert read_pairs(str(path)) <= {AB}
    remember_pairs(str(path), [(B, C), (A, B)])
    assert read_pairs(str(path)) == {AB, BC}
    assert path.read_bytes().count(HEAD) == 1


@pytest.mark.parametrize("content", [b"my notes\n", b"\x89PNG", HEAD[:20] + b"\nnotes\n"])
def test_files_of_others_are_neither_read_nor_written(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    for use in (lambda: read_pairs(str(path)), lambda: remember_pairs(str(path), [(A, B)])):
        with pytest.raises(ExpectedError, match="is no file of --ignore"):
            use()
    assert path.read_bytes() == content


@pytest.mark.parametrize("line", ["nonsense", "00 11", f"{'00' * 16} {'00' * 16}", f"{'00' * 16}"])
def test_a_damaged_line_is_named(line: str, path: Path) -> None:
    path.write_bytes(HEAD + f"# a remark\n{line}\n".encode())
    with pytest.raises(ExpectedError, match="line 3 is not a pair"):
        read_pairs(str(path))


def test_the_same_file_twice_stays_a_duplicate(path: Path) -> None:
    with pytest.raises(ExpectedError, match="'b.jpg' and 'x.jpg' are the same file"):
        remember_pairs(str(path), [(A, B), (B, B._replace(name="x.jpg"))])
    assert not path.exists()


def test_names_of_any_bytes_stay_in_their_line(path: Path) -> None:
    remember_pairs(str(path), [(A._replace(name="a\n\udcff"), B)])
    assert read_pairs(str(path)) == {AB}


def test_two_runs_at_once_lose_no_pair(path: Path) -> None:
    pairs = [
        (Content(bytes([one, other]) * 8, "x"), Content(b"\xff" * 16, "y")) for one in range(4) for other in range(9)
    ]
    threads = [threading.Thread(target=remember_pairs, args=(str(path), [pair])) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_pairs(str(path))) == len(pairs)
    assert path.read_bytes().count(HEAD) == 1
