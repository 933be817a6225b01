"""The worker process really crashes, hangs and raises here: by descriptors that do so on pictures of certain sizes."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.describer import Describer, WorkerFailed
from src.description import Outcome, Recipe, Setup, Source
from src.descriptors import Descriptor
from src.errors import COULD_NOT_LOOK
from src.imagefiles import FoundFile, find_files
from src.imagereader import read_image
from src.workerprocess import start_process
from tests.pictures import draw_picture, write_picture
from tests.processes import descendants, needs_proc
from tests.quickclocks import quick_clocks
from tests.stuckdisk import stuck_disk


@pytest.fixture(scope="module", autouse=True)
def clocks() -> Iterator[None]:
    with quick_clocks():
        yield


# Twice as long as a worker may be silent in these tests.
STOPPED_SECONDS = 4.4
CRASHING, HANGING, RAISING, FREEZING, SLOW = 13, 17, 19, 23, 27


class DangerousDescriptor:
    """Fails on pictures of some widths, as decoders fail on some files."""

    name = "dangerous"
    dimension = 1
    distance = "chi-squared"
    parts: Sequence[str] = ()
    fewest_pixels = shortest_side = 1
    options: Mapping[str, Any] = {}

    def describe(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        width = image.shape[1]
        if width == CRASHING:
            ctypes.string_at(0)
        if width == SLOW:
            time.sleep(1)
        if width == HANGING:
            time.sleep(1000)
        if width == FREEZING:
            # A C function that keeps Python's global lock, as some decoders do.
            ctypes.PyDLL(None).sleep(1000)
        if width == RAISING:
            raise RuntimeError("something odd")
        return np.array([width], np.float32)

    def describe_many(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.stack([self.describe(image) for image in images])

    def recognises(self, features: NDArray[np.float32]) -> bool:
        return features.shape == (1,)


class AlwaysCrashing(DangerousDescriptor):
    """Crashes as soon as another process makes it."""

    options: Mapping[str, Any] = {"crash": True}

    def __init__(self, *, crash: bool = False) -> None:
        if crash:
            os._exit(3)


def write_widths(folder: Path, widths: list[int]) -> list[FoundFile]:
    for number, width in enumerate(widths):
        write_picture(folder / f"{number:03}.png", number, 20, width)
    return find_files(str(folder)).files


def describe(descriptor: Descriptor, files: Sequence[Source], threads: int = 3, seconds: float = 20) -> list[Outcome]:
    with Describer(Setup(Recipe(descriptor), threads, decode_seconds=seconds)) as describer:
        return list(describer.describe(files))


def test_outcomes_come_in_the_order_of_the_files_with_their_own_features(tmp_path: Path) -> None:
    files = write_widths(tmp_path, [20 + number * 7 % 50 for number in range(150)])
    outcomes = describe(ColorDescriptor(), files)
    assert [outcome.number for outcome in outcomes] == list(range(150))
    for file, outcome in zip(files, outcomes, strict=True):
        np.testing.assert_array_equal(outcome.features, ColorDescriptor().describe(read_image(file.path)))


def test_a_crash_costs_the_file_that_crashes_and_no_other(tmp_path: Path) -> None:
    widths = [30, 31, CRASHING, 33, 34, 35, CRASHING, CRASHING, 38, 39] * 3
    outcomes = describe(DangerousDescriptor(), write_widths(tmp_path, widths))
    for width, outcome in zip(widths, outcomes, strict=True):
        if width == CRASHING:
            assert outcome.reason == "it crashes the decoder (signal 11)"
            assert outcome.kind in COULD_NOT_LOOK
        else:
            assert outcome.features is not None
            assert outcome.features[0] == width


def test_a_hang_costs_the_file_that_hangs_and_no_other(tmp_path: Path) -> None:
    widths = [30, HANGING, 32, 33, HANGING, 35]
    outcomes = describe(DangerousDescriptor(), write_widths(tmp_path, widths), seconds=0.5)
    for width, outcome in zip(widths, outcomes, strict=True):
        if width == HANGING:
            assert outcome.reason == "it takes more than 0.5 seconds to decode"
            assert outcome.kind in COULD_NOT_LOOK
        else:
            assert outcome.features is not None
            assert outcome.features[0] == width


def test_a_hang_that_stops_all_threads_is_noticed_too(tmp_path: Path) -> None:
    widths = [30, 31, FREEZING, 33]
    outcomes = describe(DangerousDescriptor(), write_widths(tmp_path, widths), threads=2, seconds=0.5)
    assert [outcome.features is None for outcome in outcomes] == [width == FREEZING for width in widths]
    assert outcomes[2].reason == "it takes more than 0.5 seconds to decode"


def test_an_exception_costs_its_file(tmp_path: Path) -> None:
    good, bad = describe(DangerousDescriptor(), write_widths(tmp_path, [30, RAISING]), threads=1)
    assert good.features is not None
    assert (bad.features, bad.reason) == (None, "RuntimeError: something odd")


def test_a_worker_that_cannot_start_is_an_error_and_no_endless_loop(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match="the describing process fails"):
        describe(AlwaysCrashing(), write_widths(tmp_path, [30]))


def test_a_content_that_is_known_or_comes_twice_is_described_once(tmp_path: Path) -> None:
    for number in range(4):
        write_picture(tmp_path / f"{number}.png", 1)
    first, *others = describe(ColorDescriptor(), find_files(str(tmp_path)).files, threads=1)
    assert first.features is not None
    assert [(other.digest, other.features) for other in others] == [(first.digest, None)] * 3


def test_a_file_that_vanishes_or_changes_on_the_way_is_a_skip(tmp_path: Path) -> None:
    files = write_widths(tmp_path, [30, 31, 32])
    os.remove(files[0].path)
    write_picture(files[1].path, 9, 20, 40)
    outcomes = describe(ColorDescriptor(), files)
    assert outcomes[0].kind == "not there"
    assert outcomes[1].reason == "it was changed while it was being indexed"
    assert outcomes[2].features is not None


def upload(width: int) -> bytes:
    return bytes(cv2.imencode(".png", draw_picture(width, 20, width))[1].tobytes())


def test_uploads_are_described_like_files_and_among_them(tmp_path: Path) -> None:
    (file,) = write_widths(tmp_path, [40])
    outcomes = describe(ColorDescriptor(), [upload(30), file, b"text", Path(file.path).read_bytes()], threads=1)
    expected = [draw_picture(30, 20, 30), draw_picture(0, 20, 40)]
    for picture, outcome in zip(expected, outcomes, strict=False):
        np.testing.assert_array_equal(outcome.features, ColorDescriptor().describe(picture))
    assert (outcomes[2].features, outcomes[2].reason) == (None, "text, not a picture")
    assert (outcomes[3].features, outcomes[3].digest) == (None, outcomes[1].digest)


def test_a_crash_on_an_upload_costs_only_that_upload() -> None:
    widths = [30, 31, CRASHING, 33, 34]
    outcomes = describe(DangerousDescriptor(), [upload(width) for width in widths], threads=2)
    assert outcomes.pop(2).reason == "it crashes the decoder (signal 11)"
    assert [outcome.features for outcome in outcomes] == [[30], [31], [33], [34]]


def test_one_describer_serves_again_after_a_crash() -> None:
    with Describer(Setup(Recipe(DangerousDescriptor()))) as describer:
        for _ in range(2):
            (bad,) = describer.describe([upload(CRASHING)])
            (good,) = describer.describe([upload(30)])
            assert bad.features is None and good.features == [30]
        assert list(describer.describe([])) == []


@pytest.fixture
def own_worker() -> Callable[[], int]:
    """Tell the number of the only worker process that this one has started since; others are of other tests."""
    others = set(descendants(os.getpid()))

    def find() -> int:
        (worker,) = set(descendants(os.getpid())) - others
        return worker

    return find


@needs_proc
def test_a_worker_that_somebody_kills_once_costs_nothing(tmp_path: Path, own_worker: Callable[[], int]) -> None:
    files = write_widths(tmp_path, [30, SLOW, 31, SLOW, 32])
    for threads in (1, 2):
        killer = threading.Timer(0.8, lambda: os.kill(own_worker(), signal.SIGKILL))
        killer.start()
        outcomes = describe(DangerousDescriptor(), files, threads=threads)
        killer.join()
        assert [outcome.features for outcome in outcomes] == [[30], [SLOW], [31], [SLOW], [32]]


@needs_proc
def test_a_worker_that_is_killed_before_it_does_anything_costs_nothing(tmp_path: Path) -> None:
    process = start_process()
    process.kill()
    process.wait()
    with Describer(Setup(Recipe(DangerousDescriptor())), process) as describer:
        (outcome,) = describer.describe(write_widths(tmp_path, [30]))
    assert outcome.features == [30]


@needs_proc
def test_a_worker_that_is_stopped_for_long_costs_nothing(tmp_path: Path, own_worker: Callable[[], int]) -> None:
    files = write_widths(tmp_path, [SLOW])

    def stop() -> None:
        worker = own_worker()
        os.kill(worker, signal.SIGSTOP)
        time.sleep(STOPPED_SECONDS)
        os.kill(worker, signal.SIGCONT)

    stopper = threading.Timer(0.8, stop)
    stopper.start()
    # It may be silent for 2.2 seconds, and be overdue after 2.
    (outcome,) = describe(DangerousDescriptor(), files, threads=1, seconds=0.5)
    stopper.join()
    assert outcome.features == [SLOW]


RUN = """
import sys
from src.describer import Describer
from src.description import Recipe, Setup
from src.imagefiles import find_files
from tests.quickclocks import quick_clocks
from tests.unit.test_describer import DangerousDescriptor
with quick_clocks(), Describer(Setup(Recipe(DangerousDescriptor()), decode_seconds=0.5)) as describer:
    print("ready", flush=True)
    for outcome in describer.describe(find_files(sys.argv[1]).files):
        print(outcome.features, outcome.reason)
"""


@needs_proc
def test_a_run_that_is_stopped_for_long_costs_nothing(tmp_path: Path) -> None:
    write_widths(tmp_path, [SLOW])
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        time.sleep(0.8)
        os.killpg(run.pid, signal.SIGSTOP)
        time.sleep(STOPPED_SECONDS)
        os.killpg(run.pid, signal.SIGCONT)
        assert run.stdout.read() == f"[{SLOW}.] \n"


STUCK_RUN = """
import sys
from src.describer import Describer
from src.description import Recipe, Setup
from src.imagefiles import find_files
from tests.quickclocks import quick_clocks
from tests.unit.test_describer import DangerousDescriptor
with quick_clocks(), Describer(Setup(Recipe(DangerousDescriptor()), 2, read_seconds=1)) as describer:
    for outcome in describer.describe(find_files(sys.argv[1]).files):
        print(f"{outcome.features} {outcome.kind}: {outcome.reason}")
"""


@pytest.mark.skipif(not os.path.exists("/dev/fuse"), reason="the system has no FUSE")
def test_a_disk_that_does_not_answer_costs_its_files_and_not_the_run(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "disk").mkdir()
    write_widths(tmp_path / "files", [30, 31, 32, 33])
    for name in ("001", "002"):
        os.rename(tmp_path / "files" / f"{name}.png", tmp_path / "files" / f"stuck{name}.png")
    with stuck_disk(tmp_path / "files", tmp_path / "disk"):
        # As a program, which has to end as well while its worker cannot.
        command = [sys.executable, "-c", STUCK_RUN, str(tmp_path / "disk")]
        root = Path(__file__).parents[2]
        ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    reason = "cannot be read: nothing of it has come for 1 seconds: its disk does not answer"
    assert ended.stdout.splitlines() == ["[30.] : ", "[33.] : ", f"None {reason}", f"None {reason}"]
    assert ended.stderr == ""
