import pytest

from tests.smallindex import NAMES, append, opened


def test_ids_are_those_of_a_list_also_where_rows_were_appended(path: str) -> None:
    append(path, 7, "new, 1.jpg")
    append(path, 8, "0.jpg")
    ids, wanted = opened(path).ids, [*NAMES, "new, 1.jpg", "0.jpg"]
    places = [None, *range(-7, 8)]
    for start in places:
        for stop in places:
            for step in (None, 1, 2, -1):
                assert ids[start:stop:step] == wanted[start:stop:step]
    assert [ids[place] for place in range(-6, 6)] == [wanted[place] for place in range(-6, 6)]
    with pytest.raises(IndexError):
        ids[6]
