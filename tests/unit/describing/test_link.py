"""A worker that somebody has taken over: it costs its pictures at worst, or the run, with a word that says so."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from src import describer
from src.colordescriptor import ColorDescriptor
from src.describer import Describer, WorkerFailed
from src.describing import link
from src.describing.clock import DECODING, Overdue
from src.describing.messages import Alive, Message, Started, Task, pack
from src.description import Outcome, Recipe, Setup
from src.errors import CRASHED
from src.workerprocess import Process
from tests.quickclocks import quick_clocks

DIGEST = bytes(range(16))
# Reads the first words of its master, as a worker does, and then sends what it was told to, perhaps over and over.
HOSTILE = """import pickle, sys, time
pickle.load(sys.stdin.buffer), pickle.load(sys.stdin.buffer)
data, again = bytes.fromhex(sys.argv[1]), sys.argv[2] == "True"
while True:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    if not again:
        time.sleep(1000)
"""
SOURCES = [b"one", b"two"]


@pytest.fixture(scope="module", autouse=True)
def clocks() -> Iterator[None]:
    with quick_clocks():
        yield


class Bomb:
    """Makes a folder where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.path),)


def spawn(code: str, *arguments: str) -> Process:
    # What it reads is of classes of ours.
    command, root, pipe = [sys.executable, "-c", code, *arguments], Path(__file__).parents[3], subprocess.PIPE
    return subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)


def hostile(data: bytes, *, again: bool) -> Process:
    return spawn(HOSTILE, data.hex(), str(again))


def describe(
    monkeypatch: pytest.MonkeyPatch, *messages: Message | bytes, again: bool = False, sources: list[bytes] = SOURCES
) -> list[Outcome]:
    """Have pictures described by workers that all send just this."""
    data = b"".join(message if isinstance(message, bytes) else pack(message) for message in messages)
    monkeypatch.setattr(describer, "start_process", lambda: hostile(data, again=again))
    with Describer(Setup(Recipe(ColorDescriptor()), 2, decode_seconds=0.5)) as one:
        return list(one.describe(sources))


def test_what_would_run_if_it_were_unpickled_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "run"))
    with pytest.raises(WorkerFailed, match="nonsense"):
        describe(monkeypatch, bomb)
    pickle.loads(bomb)
    assert (tmp_path / "run").is_dir()  # it would have been


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x06\xff\xff\xff\xff", id="a huge length"),
        pytest.param(bytes(1000), id="zeros"),
        pytest.param(b"\xff" * 1000, id="ones"),
        pytest.param(b"Traceback (most recent call last):\n" * 100, id="text"),
        pytest.param(pack(Started((7,))), id="a picture that it has not got"),
        pytest.param(pack(Outcome(0, kind="damaged", reason="")), id="a picture that it has not begun with"),
        pytest.param(pack(Alive(Overdue(7, DECODING))), id="a picture that nobody knows is overdue"),
    ],
)
def test_nonsense_instead_of_work_ends_the_run_with_a_word(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerFailed, match="^the describing process fails: it makes the describing process send nons"):
        describe(monkeypatch, data)


def test_an_endless_stream_ends_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerFailed, match="nonsense"):
        describe(monkeypatch, b"\x55" * 4096, again=True)


def false_features(number: float) -> Outcome:
    return Outcome(0, DIGEST, np.full(1440, number, np.float32))


@pytest.mark.parametrize(
    "claimed",
    [
        pytest.param(false_features(float("nan")), id="not a number"),
        pytest.param(false_features(float("inf")), id="infinity"),
        pytest.param(false_features(-1), id="a number that is not legal"),
        pytest.param(Outcome(0, DIGEST), id="a content that nobody knows"),
        pytest.param(Outcome(-5, DIGEST), id="a negative number"),
        pytest.param(Outcome(2**62, kind="damaged", reason="no"), id="a huge number"),
        pytest.param(Started((0,)), id="begun twice"),
    ],
)
def test_false_claims_cost_the_pictures_they_are_made_of(claimed: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    (outcome,) = describe(monkeypatch, Started((0,)), claimed, sources=SOURCES[:1])
    assert outcome.kind == CRASHED and "nonsense" in outcome.reason


def test_what_it_says_is_told_in_printable_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"\x1b]0;title\x07\xff"
    with pytest.raises(WorkerFailed) as caught:
        describe(monkeypatch, b"\x01" + len(text).to_bytes(4, "little") + text)
    assert str(caught.value).isprintable()


def test_a_worker_that_lives_for_ever_and_does_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer, "LONGEST_WAIT", 0.5)
    with pytest.raises(WorkerFailed, match="more than 0.5 seconds"):
        describe(monkeypatch, Alive(None), again=True)


def test_a_worker_that_closes_its_pipe_and_lives_on_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os, time; os.close(1); time.sleep(1000)"
    monkeypatch.setattr(describer, "start_process", lambda: spawn(code))
    with pytest.raises(WorkerFailed), Describer(Setup(Recipe(ColorDescriptor()), decode_seconds=0.1)) as one:
        list(one.describe(SOURCES))


def test_a_worker_that_takes_no_work_does_not_make_the_master_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer, "start_process", lambda: spawn("import time; time.sleep(1000)"))
    with pytest.raises(WorkerFailed), Describer(Setup(Recipe(ColorDescriptor()), decode_seconds=0.1)) as one:
        list(one.describe([bytes(5_000_000)]))


def test_messages_of_a_worker_that_sends_without_end_are_not_piled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer, "start_process", lambda: hostile(pack(Alive(None)) * 100, again=True))
    with Describer(Setup(Recipe(ColorDescriptor()))) as one:
        outcomes = one.describe(SOURCES)
        worker = one._start_worker()
        worker.send(Task((0,), (b"",)))
        time.sleep(0.5)
        assert worker._incoming.qsize() <= link.MOST_MESSAGES
        outcomes.close()  # type: ignore[attr-defined]
