"""Works are done one by one as they come, in real processes that are killed, crash, hang and lie."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from src.colordescriptor import ColorDescriptor
from src.describer import WorkerFailed, WorkQueue
from src.describing import apart, workqueue
from src.describing.messages import Failed, Message, Started, pack
from src.description import Outcome, Recipe, Setup, Work
from src.errors import CRASHED, DAMAGED, NO_MEMORY, TOO_SLOW, ExpectedError, UnreadableImage
from src.imagereader import Reading
from src.workerprocess import Process, start_process
from tests.dangerousworks import CRASH, FREEZE, HANG, LIE, RAISE, SLOW, Deed, Takes
from tests.processes import needs_proc
from tests.quickclocks import quick_clocks
from tests.unit.test_describer import AlwaysCrashing

RECIPE = Recipe(ColorDescriptor(), Reading(50.0))
ANSWER_SECONDS = 60.0
# A decoder may take this, and four times as much without a word: a process starts within that on a busy machine, too.
DECODE_SECONDS = 0.5


@pytest.fixture(scope="module", autouse=True)
def clocks() -> Iterator[None]:
    with quick_clocks():
        yield


@contextmanager
def queue_of(recipe: Recipe = RECIPE, threads: int = 2, seconds: float = 20.0) -> Iterator[WorkQueue]:
    queue = WorkQueue(Setup(recipe, threads, decode_seconds=seconds))
    try:
        yield queue
    finally:
        queue.close()


@pytest.fixture(scope="module")
def queue() -> Iterator[WorkQueue]:
    """Share one queue: whatever a test does to it, it serves the next one."""
    with queue_of() as one:
        yield one


def made(future: "Future[bytes]") -> str:
    return future.result(ANSWER_SECONDS).decode()


def kind_of(future: "Future[bytes]") -> str:
    error = future.exception(ANSWER_SECONDS)
    assert isinstance(error, UnreadableImage), error
    return error.kind


def submit(queue: WorkQueue, *names: str) -> "list[Future[bytes]]":
    return [queue.submit(Deed(name)) for name in names]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + ANSWER_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_works_of_many_threads_are_all_done(queue: WorkQueue) -> None:
    done: dict[str, str] = {}

    def ask(first: int) -> None:
        names = [f"{first}-{number}" for number in range(50)]
        for name, future in zip(names, submit(queue, *names), strict=True):
            done[name] = made(future)

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 400 and all(name == value for name, value in done.items())


def test_a_crash_costs_the_work_that_crashes_and_no_other(queue: WorkQueue) -> None:
    before = queue.state().restarts
    futures = submit(queue, "one", CRASH, "two", SLOW, CRASH, "three", RAISE)
    assert [made(futures[place]) for place in (0, 2, 3, 5)] == ["one", "two", SLOW, "three"]
    assert [kind_of(futures[place]) for place in (1, 4, 6)] == [CRASHED, CRASHED, DAMAGED]
    assert queue.state()[:3] == (0, 0, 0) and 1 <= queue.state().restarts - before <= 2


def test_what_no_sound_process_makes_is_not_believed(queue: WorkQueue) -> None:
    liar, other = submit(queue, LIE, "other")
    assert (kind_of(liar), made(other)) == (CRASHED, "other")


def test_slow_works_are_refused_and_the_others_do_not_wait_for_it() -> None:
    with queue_of(seconds=DECODE_SECONDS) as queue:
        slow = submit(queue, *[HANG] * 3)
        others = submit(queue, "one", "two")
        assert [made(other) for other in others] == ["one", "two"]
        assert sum(future.done() for future in slow) <= 2
        assert [kind_of(future) for future in slow] == [TOO_SLOW] * 3


def test_a_hang_that_stops_all_threads_is_noticed_too() -> None:
    with queue_of(seconds=DECODE_SECONDS) as queue:
        frozen, other = submit(queue, FREEZE, "other")
        assert made(other) == "other"
        assert kind_of(frozen) == TOO_SLOW


def kill(queue: WorkQueue) -> None:
    until(lambda: queue._link is not None)
    os.kill(queue._link.process.pid, signal.SIGKILL)  # type: ignore[union-attr]


def test_a_worker_that_is_killed_costs_nothing() -> None:
    with queue_of() as queue:
        kill(queue)  # before it has begun
        assert made(queue.submit(Deed("one"))) == "one"
        kill(queue)  # while it has nothing to do
        future = queue.submit(Deed(SLOW))
        until(lambda: queue.state().begun == 1)
        kill(queue)
        assert made(queue.submit(Deed("two"))) == "two" and not future.done()
        assert made(future) == SLOW
        assert queue.state().restarts == 3


def test_a_worker_that_is_killed_while_uploads_go_to_it_costs_nothing() -> None:
    with queue_of() as queue:
        futures = [queue.submit(Deed(str(number), bytes(20_000_000))) for number in range(3)]
        kill(queue)
        assert [made(future) for future in futures] == ["0", "1", "2"]


def test_a_work_that_is_cancelled_while_it_waits_is_not_begun() -> None:
    with queue_of(threads=1) as queue:
        first, *others = submit(queue, SLOW, *[str(number) for number in range(10)], CRASH)
        assert all(other.cancel() for other in others)
        assert made(first) == SLOW
        assert made(queue.submit(Deed("last"))) == "last"
        assert queue.state().restarts == 0


class Starts:
    """Starts worker processes in place of the module's own, and keeps them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: Callable[[int], Process]) -> None:
        self.processes: list[Process] = []
        self.count = 0
        self._start = start
        for module in (workqueue, apart):
            monkeypatch.setattr(module, "start_process", self)

    def __call__(self) -> Process:
        self.count += 1
        self.processes.append(self._start(self.count))
        return self.processes[-1]


def test_closing_answers_all_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(monkeypatch, lambda _: start_process())
    with queue_of(threads=1) as queue:
        futures = submit(queue, CRASH, HANG, HANG, HANG)
        until(lambda: queue.state().restarts == 1 and queue.state().begun == 1)
        queue.close()
        for future in (*futures, queue.submit(Deed("late"))):
            assert isinstance(future.exception(1), (WorkerFailed, UnreadableImage))
    until(lambda: all(process.poll() is not None for process in starts.processes))


def test_where_no_process_works_all_are_told_so_and_later_ones_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(monkeypatch, lambda _: start_process())
    with queue_of(Recipe(AlwaysCrashing())) as queue:
        futures = submit(queue, "one", "two")
        assert all(isinstance(future.exception(ANSWER_SECONDS), WorkerFailed) for future in futures)
        count = starts.count
        assert count <= 4
        assert isinstance(queue.submit(Deed("later")).exception(ANSWER_SECONDS), WorkerFailed)
        assert starts.count == count + 1


@pytest.mark.parametrize("error", [ExpectedError("no more processes"), MemoryError()])
def test_a_process_that_cannot_be_started_now_may_be_later(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(count: int) -> Process:
        if count <= 2:
            raise error
        return start_process()

    Starts(monkeypatch, start)
    with queue_of() as queue:
        until(lambda: isinstance(queue.submit(Deed("one")).exception(ANSWER_SECONDS), WorkerFailed))
        assert made(queue.submit(Deed("two"))) == "two"


# Reads the first words of its master, as a worker does, and then sends what it was told to. It need not understand
# them, which would take as long as a worker needs to start.
HOSTILE = """import pickle, sys, time
class Anything(tuple):
    def __new__(cls, *parts): return super().__new__(cls, parts)
class Reader(pickle.Unpickler):
    def find_class(self, *_): return Anything
for _ in "setup", "task": Reader(sys.stdin.buffer).load()
sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))
sys.stdout.buffer.flush()
time.sleep(1000)
"""


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([b"\xff" * 1000], id="nonsense"),
        pytest.param([Started((7,))], id="a work that it has not got"),
        pytest.param([Started((0, 0))], id="begun twice"),
        pytest.param([Outcome(0, made=b"one")], id="a work that it has not begun with"),
        pytest.param([Started((0,)), Failed("no reason")], id="failed in the middle"),
        pytest.param([Started((0,)), Outcome(0, made=b"two")], id="what the work does not make"),
        pytest.param([Started((0,)), Outcome(0, bytes(16))], id="what is no answer to a work"),
    ],
)
def test_a_worker_that_lies_is_replaced(messages: list[Message | bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(message if isinstance(message, bytes) else pack(message) for message in messages)
    command, root, pipe = [sys.executable, "-c", HOSTILE, data.hex()], Path(__file__).parents[3], subprocess.PIPE

    def start(count: int) -> Process:
        return subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe) if count == 1 else start_process()

    starts = Starts(monkeypatch, start)
    with queue_of() as queue:
        assert made(queue.submit(Deed("one"))) == "one"
        assert starts.count <= 3


def test_what_takes_much_memory_is_done_apart_and_what_takes_too_much_is_refused() -> None:
    with queue_of() as queue:
        small, large = (queue.submit(Takes(nbytes, 1000)) for nbytes in (10**6, 500_000_000))
        huge = queue.submit(Takes(10**9, 10**9))
        assert made(small) != made(large)
        assert kind_of(huge) == NO_MEMORY
        assert made(queue.submit(Takes(0, 1000))) == made(small)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit it")
def test_the_system_refuses_what_a_decoder_takes_beyond_what_its_header_asks_for(queue: WorkQueue) -> None:
    before = queue.state().restarts
    apart, refused = (queue.submit(Takes(1000, nbytes)) for nbytes in (300_000_000, 700_000_000))
    assert made(apart) and kind_of(refused) == NO_MEMORY
    # What has a process of its own is not refused for what it asks for.
    assert made(queue.submit(Takes(10**9, 1000)))
    assert queue.state().restarts == before


@needs_proc
def test_a_worker_that_has_kept_much_memory_is_replaced_by_one_that_is_ready() -> None:
    with queue_of(threads=1) as queue:
        old = made(queue.submit(Takes(0, 1000)))
        queue.submit(Takes(0, 60_000_000, is_kept=True))
        assert made(queue.submit(Takes(0, 60_000_000, is_kept=True))) == old
        asked = []
        while made(queue.submit(Takes(0, 1000))) == old:
            asked.append(time.monotonic())
            time.sleep(0.01)
            assert len(asked) < 1000
        assert queue.state()[3:] == (0, 1)
        assert time.monotonic() - asked[-1] < 0.5  # starting takes longer


def test_works_wait_here_and_not_in_the_worker(queue: WorkQueue) -> None:
    blocking = submit(queue, SLOW, SLOW)
    futures: list[Future[bytes]] = [queue.submit(Deed(str(number), bytes(8_000_000))) for number in range(6)]
    with queue._changed:
        assert sum(job.nbytes for job in queue._given.values()) <= workqueue.BYTES_AHEAD + 8_001_000
    assert not wait([*blocking, *futures], ANSWER_SECONDS).not_done


def test_a_work_that_cannot_be_sent_costs_itself(queue: WorkQueue) -> None:
    class Local(Work):
        def run(self, *_: object) -> bytes:
            return b""

    class TooLarge(Work):
        def run(self, *_: object) -> bytes:
            return b""

        def __reduce__(self) -> str:
            raise MemoryError

    for work in (Local(), TooLarge()):
        assert isinstance(queue.submit(work).exception(ANSWER_SECONDS), WorkerFailed)
    assert made(queue.submit(Deed("next"))) == "next"


def test_no_more_works_wait_for_a_process_of_their_own_than_can_be_done_soon(
    queue: WorkQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_WAITING", 1)
    futures = [queue.submit(Takes(500_000_000, 1000)) for _ in range(5)]
    errors = [future.exception(ANSWER_SECONDS) for future in futures]
    assert 1 <= errors.count(None) <= 3
    assert all(isinstance(error, WorkerFailed) for error in errors if error is not None)
    assert made(queue.submit(Deed("next"))) == "next"
