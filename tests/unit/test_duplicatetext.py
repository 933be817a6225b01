from pathlib import Path

import pytest

from src.duplicategroup import FILE, NEAR, PICTURE, Copy, Group, Picture
from src.duplicatetext import (
    as_json,
    as_lines,
    known_as_json,
    known_as_lines,
    read_decisions,
    summary,
    summary_of_known,
)
from src.errors import ExpectedError


def picture(name: str, size: int = 2_000_000, mtime_ns: int = 0) -> Picture:
    return Picture(name, f"photos/{name}", size, mtime_ns, 400, 300, name.encode())


GROUP = Group(
    picture("a.jpg", 3_000_000),
    (
        Copy(picture("b.jpg", 3_000_000), FILE, 1.0, takes_disk=False),
        Copy(picture("c.png"), PICTURE, 1.0),
        Copy(picture("d.jpg"), NEAR, 0.9876, orientation=6),
        Copy(picture("e\n.jpg"), NEAR, 0.99999, is_protected=True),
    ),
)
PROTECTED = Group(picture("x.jpg"), (Copy(picture("y.jpg"), FILE, 1.0, is_protected=True),))


def test_a_group_has_a_head_and_a_line_a_picture_the_one_to_keep_first() -> None:
    assert list(as_lines([GROUP, PROTECTED])) == [
        "near: 3 spares take 4.0 MB",
        "keep\t-\t-\t400x300\t3000000\tphotos/a.jpg",
        "spare\tfile\t1.000\t400x300\t3000000\tphotos/b.jpg\ttakes no disk of its own",
        "spare\tpicture\t1.000\t400x300\t2000000\tphotos/c.png",
        "spare\tnear\t0.988\t400x300\t2000000\tphotos/d.jpg\tturned right",
        "protected\tnear\t0.999\t400x300\t2000000\tphotos/e\\n.jpg",
        "",
        "file: no spares, all are protected",
        "keep\t-\t-\t400x300\t2000000\tphotos/x.jpg",
        "protected\tfile\t1.000\t400x300\t2000000\tphotos/y.jpg",
    ]


def test_no_groups_are_no_lines() -> None:
    assert not list(as_lines([]))


def test_json_has_all_that_is_known_of_a_group() -> None:
    keep, spare = picture("a.jpg", mtime_ns=1_700_000_000 * 10**9 + 5), picture("b.jpg")
    (values,) = as_json([Group(keep, (Copy(spare, NEAR, 0.9, orientation=3),))])
    assert values == {
        "kind": "near",
        "keep": {
            "id": "a.jpg",
            "path": "photos/a.jpg",
            "width": 400,
            "height": 300,
            "bytes": 2_000_000,
            "modified": "2023-11-14T22:13:20Z",
        },
        "spares": [
            {
                "id": "b.jpg",
                "path": "photos/b.jpg",
                "kind": "near",
                "similarity": 0.9,
                "orientation": 3,
                "width": 400,
                "height": 300,
                "bytes": 2_000_000,
                "modified": "1970-01-01T00:00:00Z",
                "protected": False,
                "takes_disk": True,
            }
        ],
        "spare_bytes": 2_000_000,
    }
    assert list(values["spares"][0]) == [
        "id", "path", "kind", "similarity", "orientation", "width", "height", "bytes", "modified", "protected",
        "takes_disk",
    ]  # fmt: skip


def test_a_time_that_no_calendar_has_is_none() -> None:
    (values,) = as_json([Group(picture("a", mtime_ns=2**62), (Copy(picture("b", mtime_ns=10**21), FILE, 1.0),))])
    assert values["keep"]["modified"] == "2116-02-20T23:53:38Z"
    assert values["spares"][0]["modified"] is None


def test_the_sum_counts_what_may_go() -> None:
    assert summary([GROUP, PROTECTED], 1200) == ("2 groups of duplicates among 1,200 pictures: 3 spares take 4.0 MB")
    one = Group(picture("a"), (Copy(picture("b", 999), NEAR, 0.9),))
    assert summary([one], 2) == "1 group of duplicates among 2 pictures: 1 spare takes 999 bytes"
    assert summary([], 1) == "no duplicates among 1 picture"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xff", b"[" * 100_000, b"[]", b"3", b'{"groups": 3}'])
def test_what_is_no_file_of_decisions_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    path.write_bytes(content)
    with pytest.raises(ExpectedError, match=r"decisions.json (is not JSON|has no list \"groups\")") as error:
        read_decisions(str(path))
    assert len(str(error.value).splitlines()) == 1


def test_pictures_of_a_folder_are_known_or_new_and_known_ones_say_of_what() -> None:
    new, copy = picture("new.jpg"), Copy(picture("b.jpg"), NEAR, 0.95, orientation=2)
    found = [(new, None), (copy.picture, Group(picture("a.jpg"), (copy,)))]
    assert list(known_as_lines(found, lambda keep, copy: [f"{keep.id} and {copy.picture.id}"])) == [
        "new\t-\t-\t400x300\t2000000\tphotos/new.jpg",
        "known\tnear\t0.950\t400x300\t2000000\tphotos/b.jpg\tphotos/a.jpg\tmirrored",
        "\ta.jpg and b.jpg",
    ]
    values = known_as_json(found)
    assert [one["id"] for one in values["new"]] == ["new.jpg"]
    assert [(one["id"], one["kind"], one["copy_of"]["id"]) for one in values["known"]] == [("b.jpg", "near", "a.jpg")]
    assert summary_of_known(found, "import") == "1 of 2 pictures of import is known: 1 near"
    assert summary_of_known(found[:1], "import") == "0 of 1 picture of import are known"


def test_what_explains_a_copy_follows_its_line() -> None:
    lines = list(as_lines([PROTECTED], lambda keep, copy: ["all\tof it", "more"]))
    assert lines[2:] == ["protected\tfile\t1.000\t400x300\t2000000\tphotos/y.jpg", "\tall\\tof it", "\tmore"]
    (values,) = as_json([PROTECTED], lambda keep, copy: ["all of it"])
    assert values["spares"][0]["explanation"] == ["all of it"]
