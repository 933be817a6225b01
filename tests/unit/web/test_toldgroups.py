"""What a stranger's file tells of duplicates is read whole, or refused with a reason that names no path."""

import json
from typing import Any

import pytest

from src.duplicatetext import as_json
from src.errors import ExpectedError
from src.web.toldgroups import ToldGroups, read_groups
from tests.groups import group_of, made_up

KEEP = {"id": "a.jpg", "width": 80, "height": 60, "bytes": 1000}
SPARE = {"id": "b.jpg", "width": 40, "height": 30, "bytes": 500, "kind": "near", "similarity": 0.97}


def told(**changes: Any) -> ToldGroups:
    keep = {**KEEP, **changes.pop("keep", {})}
    spare = {**SPARE, **changes.pop("spare", {})}
    return read_groups(json.dumps({"groups": [{"keep": keep, "spares": [spare]}], **changes}).encode())


def test_what_json_prints_is_read_with_all_that_is_shown() -> None:
    group = group_of(made_up("a \udcff.jpg"), [made_up("b.jpg", 40, 30, 500)])
    values = {"groups": as_json([group]), "pictures": 7, "threshold": 0.9, "any_orientation": True}
    found = read_groups(json.dumps(values).encode())
    (one,) = found.groups
    keep, spare = one.pictures
    assert (keep.id, keep.path, keep.width, keep.height, keep.bytes) == (
        "a \udcff.jpg", "/nowhere/a \udcff.jpg", 80, 60, 1000,
    )  # fmt: skip
    assert (spare.kind, spare.similarity, spare.orientation, spare.takes_disk) == ("near", 0.97, 1, True)
    assert (one.kind, one.spare_bytes) == ("near", 500)
    assert (found.pictures, found.threshold, found.any_orientation) == (7, 0.9, True)


def test_what_a_group_wins_is_counted_and_not_believed() -> None:
    group = {"keep": KEEP, "spares": [SPARE | {"protected": True}, SPARE | {"id": "c", "takes_disk": False}]}
    (one,) = read_groups(json.dumps({"groups": [group | {"spare_bytes": 10**9}]}).encode()).groups
    assert ([copy.id for copy in one.spares], one.spare_bytes) == (["c"], 0)


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "no whole JSON"),
        (b"\x00\xff\xfe", "no whole JSON"),
        (b"[" * 100_000, "no whole JSON"),
        (b"[]", "the file is no object"),
        (b"{}", '"groups" is not a list'),
        (b'{"groups": {}}', '"groups" is not a list'),
        (b'{"groups": [7]}', "group 1 is no object"),
        (b'{"groups": [{"spares": []}]}', "group 1 has no copies"),
        (b'{"groups": [{"spares": [{}]}]}', "group 1: keep is no object"),
        (b'{"groups": [], "pictures": -1}', '"pictures" is out of range'),
        (b'{"groups": [], "pictures": true}', '"pictures" is not a whole number'),
    ],
)
def test_what_is_of_another_form_is_refused(data: bytes, trouble: str) -> None:
    with pytest.raises(ExpectedError, match=trouble):
        read_groups(data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 7}, {"id": None}, {"id": "a\0b"}, {"path": 7}, {"width": "80"}, {"height": -1}, {"bytes": 1e400},
        {"bytes": 2**60}, {"kind": "alike"}, {"kind": ["near"]}, {"similarity": float("nan")}, {"similarity": 1.5},
        {"similarity": 10**400}, {"similarity": True}, {"orientation": 9}, {"protected": "no"}, {"takes_disk": 1},
        {"id": "a.jpg"},
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    assert told().groups
    with pytest.raises(ExpectedError, match="group 1: spare 1|in two groups"):
        told(spare=wrong)
