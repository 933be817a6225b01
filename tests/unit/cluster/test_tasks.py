"""Waiting for what a task returns, whatever happens at the moment in which patience ends."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from distributed import Future, TimeoutError

from src.cluster.tasks import result_of
from src.cluster.workers import Workers


class Waited:
    """A future of which the first wait is in vain; then it has a status, and gives something."""

    def __init__(self, status: str, made: Any) -> None:
        self.status, self._made, self._waits = status, made, 0

    def result(self, timeout: float | None = None) -> Any:
        self._waits += 1
        if self._waits == 1:
            raise TimeoutError
        if isinstance(self._made, Exception):
            raise self._made
        return self._made


def waited_for(status: str, made: Any) -> Any:
    workers = SimpleNamespace(address="tcp://a:1", look=lambda: None)
    return result_of(cast("Future", Waited(status, made)), cast("Workers", workers))


@pytest.mark.parametrize("status", ["pending", "finished"])
def test_a_task_that_ends_just_when_patience_does_has_its_result(status: str) -> None:
    assert waited_for(status, 5) == 5


def test_what_a_task_raises_just_then_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        waited_for("error", ZeroDivisionError())
