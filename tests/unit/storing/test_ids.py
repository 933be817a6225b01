import time
from collections.abc import Sequence

import numpy as np
import pytest

from src.storing.ids import Ids, Names
from src.storing.nametext import packed_name
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


def names(ids: Sequence[str]) -> Names:
    texts = [packed_name(one) for one in ids]
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    return Names(np.frombuffer(b"".join(texts), np.uint8), ends)


def test_every_id_of_several_files_is_found() -> None:
    parts = [NAMES, [], ["y.jpg", "\udc80\udcff.png", "é.jpg"], ["last.jpg"]]
    ids, wanted = Ids([names(part) for part in parts]), sum(parts, [])
    assert list(ids) == ids[:] == wanted
    assert ids[3:6] == wanted[3:6]
    for row, image_id in enumerate(wanted):
        assert ids.find(image_id) == ids.index(image_id) == row
        assert image_id in ids
    for missing in ("", "a.jp", "ajpg", "\udc80", b"a.jpg", None):
        assert missing not in ids
    with pytest.raises(ValueError, match="'none.jpg' is not in the index"):
        ids.index("none.jpg")
    with pytest.raises(ValueError, match="is not in the index"):
        ids.index(wanted[1], 2)


def test_of_equal_ids_the_first_is_found() -> None:
    ids = Ids([names(["b.jpg", "a.jpg", "a.jpg"]), names(["a.jpg", "b.jpg"])])
    assert (ids.find("a.jpg"), ids.find("b.jpg")) == (1, 0)


def test_an_id_is_found_among_many_at_once() -> None:
    ids = Ids([names([f"photos/{number:06}.jpg" for number in range(100_000)])])
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert ids.find("photos/090000.jpg") == 90_000
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
