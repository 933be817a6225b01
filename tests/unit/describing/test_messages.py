"""What goes through the pipes of a real worker process, message by message."""

import pickle
from typing import Any

import cv2
import pytest

from src.colordescriptor import ColorDescriptor
from src.describing.messages import Alive, Started, Task
from src.description import Outcome, Recipe, Setup
from src.filebytes import content_digest
from src.workerprocess import Process, early_process
from tests.pictures import draw_picture


def give(process: Process, *messages: object) -> None:
    assert process.stdin is not None
    for message in messages:
        pickle.dump(message, process.stdin)
    process.stdin.flush()


def take(process: Process) -> Any:
    """Return the next message but those that only show that the worker lives."""
    assert process.stdout is not None
    message = pickle.load(process.stdout)
    return take(process) if message == Alive(None) else message


def test_a_task_is_started_and_then_answered_in_the_order_of_its_pictures() -> None:
    picture = draw_picture(1)
    data = cv2.imencode(".png", picture)[1].tobytes()
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor())), Task((7, 3), (data, b"no picture")))
        assert take(process) == Started((7, 3))
        good, bad = take(process)
    assert (good.number, good.digest) == (7, content_digest(data))
    assert good.features.tolist() == ColorDescriptor().describe(picture).tolist()
    assert bad == Outcome(3, kind="not an image", reason="text, not a picture")


def test_a_content_that_is_known_is_not_described() -> None:
    data = b"not even looked at"
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor()), known=content_digest(data)), Task((0,), (data,)))
        assert take(process) == Started((0,))
        assert take(process) == [Outcome(0, content_digest(data))]


def test_the_pipe_ends_with_the_worker() -> None:
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor())))
        process.kill()
        with pytest.raises(EOFError):
            while True:
                take(process)
