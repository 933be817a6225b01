import numpy as np
import pytest

from src.duplicategroup import Picture
from src.duplicates.keeping import RULES, to_keep
from src.fingerprint import COLOUR


def picture(name: str, width: int = 80, size: int = 1000, mtime_ns: int = 5) -> Picture:
    return Picture(name, f"/nowhere/{name}", size, mtime_ns, width, 60, bytes(16))


def kept(rule: str, *pictures: Picture, protected: str = "", grey: str = "") -> str:
    colours = np.zeros((len(pictures), COLOUR, COLOUR, 3), np.uint8)
    colours[[one.id not in grey for one in pictures], ..., 2] = 200
    return pictures[to_keep(pictures, rule, [one.id in protected for one in pictures], colours)].id


def test_the_best_has_most_pixels_then_most_bytes_then_the_oldest_time_then_the_shortest_name() -> None:
    assert kept("best", picture("a", 80, 9000), picture("b", 90, 10)) == "b"
    assert kept("best", picture("a", size=1000), picture("b", size=1001, mtime_ns=9)) == "b"
    assert kept("best", picture("a", mtime_ns=5), picture("b", mtime_ns=4)) == "b"
    assert kept("best", picture("b"), picture("c"), picture("a")) == "a"
    assert kept("best", picture("a (1).jpg"), picture("b.jpg"), picture("Backup/b.jpg")) == "b.jpg"


def test_colours_do_not_go_for_a_copy_in_grey_that_has_more_bytes_or_is_protected() -> None:
    grey, coloured, larger = picture("g", size=2000), picture("c"), picture("l", 90)
    assert kept("best", grey, coloured, grey="g") == "c"
    assert kept("best", grey, coloured, grey="g", protected="g") == "c"
    assert kept("best", larger, coloured, grey="l") == "l"
    assert kept("largest", grey, coloured, grey="g") == "g"


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


@pytest.mark.parametrize("rule", ["best", "newest", "largest"])
def test_a_protected_thumbnail_does_not_let_its_original_go(rule: str) -> None:
    pictures = picture("thumbnail", 80, 500, 1), picture("original", 800, 5000, 2)
    assert kept(rule, *pictures, protected="thumbnail") == "original"
    assert kept("oldest", *pictures, protected="thumbnail") == "thumbnail"


def test_what_is_protected_is_kept_if_it_is_as_good_and_the_rule_chooses_among_several() -> None:
    pictures = picture("1st", mtime_ns=1), picture("2nd", mtime_ns=2), picture("3rd", mtime_ns=3)
    assert kept("best", *pictures) == "1st"
    assert kept("best", *pictures, protected="2nd 3rd") == "2nd"
    assert kept("newest", *pictures, protected="1st 2nd") == "2nd"
    assert kept("best", picture("a", size=400), picture("b", size=500), protected="a") == "b"
    assert kept("largest", picture("a", 81, 400), picture("b", 80, 500), protected="a") == "a"


def test_an_unknown_rule_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="no rule 'nicest'.*'best'.*'shortest-name'"):
        to_keep([picture("a")], "nicest", [False], np.zeros((1, COLOUR, COLOUR, 3), np.uint8))
