import pickle
import time
from collections.abc import Sequence

import pytest

from src.cluster import describers
from src.cluster.describers import lent_describer
from src.colordescriptor import ColorDescriptor
from src.describer import Describer
from src.description import Recipe, Setup

SETUP = pickle.dumps(Setup(Recipe(ColorDescriptor((8, 12, 3)))))


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Sequence[Describer]:
    """Return those that have ended, in a moment in which nobody needs them."""
    ended: list[Describer] = []
    monkeypatch.setattr(Describer, "__exit__", lambda describer, *_: ended.append(describer))
    monkeypatch.setattr(describers, "IDLE_SECONDS", 0.2)
    return ended


def test_the_next_batch_of_a_run_gets_the_describer_of_the_one_before(ended: Sequence[Describer]) -> None:
    with lent_describer(b"a", SETUP) as first, lent_describer(b"a", SETUP) as beside:
        assert beside is not first
    with lent_describer(b"b", SETUP) as other, lent_describer(b"a", SETUP) as next_one:
        assert next_one in (first, beside) and other not in (first, beside)
    assert not ended


def test_what_nobody_needs_ends(ended: Sequence[Describer]) -> None:
    with lent_describer(b"c", SETUP) as first:
        pass
    end = time.monotonic() + 10
    while first not in ended and time.monotonic() < end:
        time.sleep(0.01)
    assert first in ended
    with lent_describer(b"c", SETUP) as second:
        assert second is not first


def test_after_an_error_a_describer_ends(ended: Sequence[Describer]) -> None:
    with pytest.raises(OSError), lent_describer(b"d", SETUP) as first:
        raise OSError
    assert first in ended
