import pytest

from src.duplicategroup import Picture
from src.duplicates.keeping import to_keep


def picture(id_: str, width: int, size: int, mtime_ns: int = 0) -> Picture:
    return Picture(id_, id_, size, mtime_ns, width, 100, id_.encode())


@pytest.mark.parametrize("rule", ["best", "newest", "largest"])
def test_a_protected_thumbnail_does_not_let_its_original_go(rule: str) -> None:
    pictures = [picture("protected/thumbnail", 100, 500, 1), picture("original", 1000, 5000, 2)]
    assert to_keep(pictures, rule, [True, False]) == 1
    assert to_keep(pictures, "oldest", [True, False]) == 0


def test_what_is_protected_is_kept_if_it_is_as_good() -> None:
    pictures = [picture("oldest", 100, 500, 1), picture("newer", 100, 500, 2), picture("newest", 100, 500, 3)]
    assert to_keep(pictures, "best", [False, False, False]) == 0
    assert to_keep(pictures, "best", [False, True, True]) == 1
    assert to_keep(pictures, "newest", [True, True, False]) == 1
    assert to_keep([picture("a", 100, 400), picture("b", 100, 500)], "best", [True, False]) == 1
    assert to_keep([picture("a", 101, 400), picture("b", 100, 500)], "largest", [True, False]) == 0
