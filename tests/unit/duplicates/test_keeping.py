import pytest

from src.duplicategroup import Picture
from src.duplicates.keeping import RULES, to_keep


def picture(name: str, width: int = 80, size: int = 1000, mtime_ns: int = 5) -> Picture:
    return Picture(name, f"/nowhere/{name}", size, mtime_ns, width, 60, bytes(16))


def kept(rule: str, *pictures: Picture, protected: str = "") -> str:
    return pictures[to_keep(pictures, rule, [one.id in protected for one in pictures])].id


def test_the_best_has_most_pixels_then_most_bytes_then_the_oldest_time_then_the_first_name() -> None:
    assert kept("best", picture("a", 80, 9000), picture("b", 90, 10)) == "b"
    assert kept("best", picture("a", size=1000), picture("b", size=1001, mtime_ns=9)) == "b"
    assert kept("best", picture("a", mtime_ns=5), picture("b", mtime_ns=4)) == "b"
    assert kept("best", picture("b"), picture("c"), picture("a")) == "a"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("oldest", "old"), ("newest", "new"), ("largest", "heavy"), ("smallest", "light"), ("shortest-name", "x")],
)
def test_a_rule_chooses_by_what_its_name_says(rule: str, expected: str) -> None:
    pictures = [
        picture("best one", 200), picture("old", mtime_ns=1), picture("new", mtime_ns=9), picture("heavy", size=5000),
        picture("light", size=10), picture("x"),
    ]  # fmt: skip
    assert kept(rule, *pictures) == expected
    assert kept(rule, *reversed(pictures)) == expected


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "best"])
def test_among_equals_the_best_is_kept_and_then_the_first_by_id(rule: str) -> None:
    assert kept(rule, picture("a", 80), picture("b", 90)) == "b"
    assert kept(rule, picture("b"), picture("a")) == "a"


@pytest.mark.parametrize("rule", RULES)
def test_a_protected_picture_is_kept_whatever_the_rule_and_the_rule_chooses_among_several(rule: str) -> None:
    others = picture("a", 99, 99_999, 1), picture("b", 99, 1, 99), picture("longer", 10, 500, 50)
    assert kept(rule, *others, protected="longer") == "longer"
    assert kept(rule, *others, protected="ab longer") == kept(rule, *others)


def test_an_unknown_rule_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="no rule 'nicest'.*'best'.*'shortest-name'"):
        to_keep([picture("a")], "nicest", [False])
