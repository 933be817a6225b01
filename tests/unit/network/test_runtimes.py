"""Both runtimes give the same of the same network, and say in one line what they cannot run."""

import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.network.runtimes import ONNXRUNTIME, OPENCV, NoNetwork, load, name_runtime
from tests.networks import write_model
from tests.programs import ROOT

BLOB = np.random.default_rng(1).random((1, 3, 32, 32), np.float32)
MEANS = BLOB.reshape(1, 3, 2, 16, 2, 16).mean(axis=(3, 5))


@pytest.fixture(params=[ONNXRUNTIME, OPENCV])
def runtime(request: pytest.FixtureRequest) -> str:
    if request.param == ONNXRUNTIME:
        pytest.importorskip("onnxruntime")
    wanted: str = request.param
    return wanted


def test_a_network_gives_its_output(runtime: str) -> None:
    output = load(write_model({"map": (1, 3, 2, 2)}), wanted=runtime).run(BLOB)
    assert output.dtype == np.float32
    assert np.allclose(output, MEANS, atol=1e-6)


def test_of_several_outputs_one_must_be_named(runtime: str) -> None:
    data = write_model({"map": (1, 3, 2, 2), "vector": (1, 12)})
    with pytest.raises(NoNetwork, match="it has several outputs: map, vector"):
        load(data, wanted=runtime)
    with pytest.raises(NoNetwork, match="it has no output 'tensor', only map, vector"):
        load(data, "tensor", runtime)
    assert load(data, "vector", runtime).run(BLOB).shape == (1, 12)
    assert load(data, "map", runtime).run(BLOB).shape == (1, 3, 2, 2)


@pytest.mark.parametrize("data", [b"", b"no network at all, but a text", b"\x08\x08" * 50])
def test_what_is_no_network_is_said_in_one_line(runtime: str, data: bytes) -> None:
    with pytest.raises(NoNetwork) as refused:
        load(data, wanted=runtime)
    assert len(str(refused.value).splitlines()) == 1


def test_a_network_that_is_cut_is_none(runtime: str) -> None:
    whole = write_model({"map": (1, 3, 2, 2)})
    with pytest.raises(NoNetwork):
        load(whole[: len(whole) // 2], wanted=runtime).run(BLOB)


def test_a_network_that_cannot_take_the_picture_says_so(runtime: str) -> None:
    runner = load(write_model({"map": (1, 3, 2, 2)}), wanted=runtime)
    with pytest.raises(NoNetwork) as refused:
        runner.run(BLOB[:, :, :20, :20])
    assert len(str(refused.value).splitlines()) == 1


def test_threads_share_a_network(runtime: str) -> None:
    runner = load(write_model({"map": (1, 3, 2, 2)}), wanted=runtime)
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(30):
            if not np.allclose(runner.run(BLOB * number), MEANS * number, atol=1e-5):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_answer_stays_when_the_next_one_comes(runtime: str) -> None:
    runner = load(write_model({"map": (1, 3, 2, 2)}), wanted=runtime)
    first = runner.run(BLOB)
    runner.run(BLOB * 2)
    assert np.allclose(first, MEANS, atol=1e-6)


def test_the_runtime_is_named_with_its_version() -> None:
    assert name_runtime(OPENCV) == f"opencv {cv2.__version__}"
    onnxruntime = pytest.importorskip("onnxruntime")
    assert name_runtime() == name_runtime(ONNXRUNTIME) == f"onnxruntime {onnxruntime.__version__}"


def test_onnxruntime_that_cannot_be_loaded_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('libonnxruntime.so: cannot open shared object file')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from src.network.runtimes import *; print(name_runtime())"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said == f"opencv {cv2.__version__}\n"
