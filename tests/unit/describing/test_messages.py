"""What goes through the pipes of a real worker process, and what is believed of what comes from one."""

import io
import os
import pickle
import struct
from typing import BinaryIO, cast

import cv2
import numpy as np
import pytest

from src.colordescriptor import ColorDescriptor
from src.describing.clock import DECODING, READING, Overdue
from src.describing.messages import (
    LONGEST_MADE,
    LONGEST_TEXT,
    Alive,
    Failed,
    Message,
    NonsenseError,
    Started,
    Task,
    pack,
    read_message,
)
from src.description import Outcome, Recipe, Setup
from src.errors import KINDS
from src.filebytes import content_digest
from src.workerprocess import Process, early_process
from tests.dangerousworks import RAISE, Deed
from tests.pictures import draw_picture

DIGEST = bytes(range(16))


def give(process: Process, *messages: object) -> None:
    assert process.stdin is not None
    for message in messages:
        pickle.dump(message, process.stdin)
    process.stdin.flush()


def take(process: Process) -> Message:
    """Return the next message but those that only show that the worker lives."""
    message = read_message(cast(BinaryIO, process.stdout), 1440)
    return take(process) if message == Alive(None) else message


def test_a_task_is_started_and_then_answered_in_the_order_of_its_pictures() -> None:
    picture = draw_picture(1)
    data = cv2.imencode(".png", picture)[1].tobytes()
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor())), Task((7, 3), (data, b"no picture")))
        assert take(process) == Started((7, 3))
        good, bad = take(process), take(process)
    assert isinstance(good, Outcome) and good.features is not None
    assert (good.number, good.digest) == (7, content_digest(data))
    assert good.features.tolist() == ColorDescriptor().describe(picture).tolist()
    assert bad == Outcome(3, kind="not an image", reason="text, not a picture")


def test_a_content_that_is_known_is_not_described() -> None:
    data = b"not even looked at"
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor()), known=content_digest(data)), Task((0,), (data,)))
        assert take(process) == Started((0,))
        assert take(process) == Outcome(0, content_digest(data))


def test_a_work_is_answered_with_what_it_makes_or_why_it_makes_nothing() -> None:
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor())), Task((5,), (Deed("five"),)), Task((6,), (Deed(RAISE),)))
        assert [take(process) for _ in range(4)] == [
            Started((5,)),
            Outcome(5, made=b"five"),
            Started((6,)),
            Outcome(6, kind="damaged", reason="RuntimeError: something odd"),
        ]


def test_the_pipe_ends_with_the_worker() -> None:
    with early_process() as process:
        give(process, Setup(Recipe(ColorDescriptor())))
        process.kill()
        with pytest.raises(EOFError):
            while True:
                take(process)


def read(data: bytes, dimension: int = 2) -> Message:
    return read_message(io.BytesIO(data), dimension)


@pytest.mark.parametrize(
    "message",
    [
        Failed("there is no OpenCV"),
        Started((5, 7)),
        Alive(None),
        Alive(Overdue(3, READING)),
        Alive(Overdue(1 << 40, DECODING)),
        Outcome(8, DIGEST),
        Outcome(9, made=b""),
        Outcome(1 << 40, made=bytes(range(256)) * 100),
        *(Outcome(9, kind=kind, reason="for that reason") for kind in KINDS),
    ],
)
def test_every_message_arrives_as_it_was(message: Message) -> None:
    assert read(pack(message)) == message


def test_features_arrive_bit_by_bit() -> None:
    features = np.array([0.1, 1e-40], np.float32)
    message = read(pack(Outcome(4, DIGEST, features)))
    assert isinstance(message, Outcome) and message.features is not None
    assert (message.number, message.digest, message.features.tobytes()) == (4, DIGEST, features.tobytes())


def test_texts_are_bounded_and_printable() -> None:
    message = read(pack(Outcome(4, kind="damaged", reason="\x1b[31m\udcff\n" + 5000 * "ü")))
    assert isinstance(message, Outcome)
    assert message.reason.startswith("\\x1b[31m\\xff\\nüüü") and len(message.reason.encode()) <= LONGEST_TEXT + 2
    head = struct.pack("<BI", 1, 3)
    assert read(head + b"\x1b\xff\n") == Failed("\\x1b\N{REPLACEMENT CHARACTER}\\n")


def test_a_reason_of_a_kind_of_ones_own_is_told_under_a_known_one() -> None:
    assert read(pack(Outcome(4, kind="blurred", reason="why"))) == Outcome(4, kind="not described", reason="why")


@pytest.mark.parametrize(
    "data",
    [
        pack(Outcome(4, DIGEST, np.zeros(3, np.float32))),
        pack(Outcome(4, DIGEST, np.zeros(1, np.float32))),
        pickle.dumps([Outcome(4, DIGEST)]),
        struct.pack("<BI", 6, 0xFFFFFFFF),
        struct.pack("<BI", 2, 1 << 20),
        struct.pack("<BI", 2, 9) + bytes(9),
        struct.pack("<BI", 2, 0),
        struct.pack("<BI", 3, 9) + struct.pack("<qB", 1, 7),
        struct.pack("<BI", 4, 9) + struct.pack("<qB", 1, len(KINDS)),
        struct.pack("<BI", 7, LONGEST_MADE + 9),
        struct.pack("<BI", 7, 7) + bytes(7),
        struct.pack("<BI", 0, 0),
        struct.pack("<BI", 99, 1),
    ],
)
def test_what_no_sound_worker_sends_is_refused_before_it_costs_memory(data: bytes) -> None:
    with pytest.raises(NonsenseError):
        read(data)


def test_garbage_is_refused_or_ends() -> None:
    for _ in range(3000):
        stream = io.BytesIO(os.urandom(40))
        with pytest.raises((NonsenseError, EOFError)):
            while True:
                read_message(stream, 2)
