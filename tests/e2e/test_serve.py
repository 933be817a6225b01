"""The service as a process: it starts, answers as search.py does, stops, and goes on when its serving process ends."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.processes import descendants
from tests.programs import PYTHON, ROOT, fail, succeed
from tests.servers import COAT, index_here, serving

# What the system takes to end processes, on a machine that is busy.
PATIENCE = 10.0


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_here(ROOT / "data", tmp_path_factory.mktemp("index") / "index1.csv")


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{process}").exists())


def test_a_picture_is_answered_as_search_py_answers_it(index: Path, tmp_path: Path) -> None:
    said = succeed("search.py", "--index", index, "--query", COAT, "--json", "--limit", "5")
    wanted = json.loads("\n".join(said))["answers"][0]["results"]
    with serving(tmp_path, index) as server:
        form = server.client.post("/api/search", files={"image": COAT.read_bytes()}, data={"limit": "5"})
        body = server.client.post("/api/search?limit=5", content=COAT.read_bytes())
    for response in (form, body):
        (answer,) = response.json()["answers"]
        for mine, right in zip(answer["results"], wanted, strict=True):
            assert {name: mine[name] for name in ("rank", "distance", "similarity", "id", "gone")} == {
                name: right[name] for name in ("rank", "distance", "similarity", "id", "gone")
            }


def test_it_says_where_it_serves_once_it_answers_and_nothing_else(index: Path, tmp_path: Path) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as one:
            port = one.getsockname()[1]
    except OSError:
        pytest.skip("this machine has no IPv6")
    command = [*PYTHON, str(ROOT / "serve.py"), "--index", str(index), "--host", "::1", "--port", str(port)]
    address = f"http://[::1]:{port}"
    with (
        (tmp_path / "said").open("wb+") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            answered = httpx.get(f"{address}/api/health").status_code
        finally:
            process.send_signal(signal.SIGINT)
        assert (line, answered) == (f"serving {index} (225 images) at {address} (Ctrl-C stops)\n", 200)
        assert (process.communicate(timeout=PATIENCE)[0], process.returncode) == ("", 0)
        said.seek(0)
        assert said.read() == b""


def test_it_ends_at_once_with_a_request_on_the_way_and_leaves_no_process(index: Path, tmp_path: Path) -> None:
    # Each takes its seconds to end: they do so at the same time.
    with ThreadPoolExecutor(3) as threads:
        ends = (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
        list(threads.map(lambda number: stop_in_the_middle(index, tmp_path, number), ends))  # raises what one raises


def stop_in_the_middle(index: Path, folder: Path, number: signal.Signals) -> None:
    with serving(folder, index, "--quiet") as server:
        processes = descendants(server.process.pid)
        assert len(processes) >= 2
        with socket.create_connection(("127.0.0.1", httpx.URL(server.address).port or 0)) as half:
            half.sendall(
                b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf of a picture"
            )
            assert server.client.post("/api/search", content=COAT.read_bytes()).status_code == 200
            begun = time.monotonic()
            assert server.stop(number) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
            wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in processes))
            assert time.monotonic() - begun < 2 + PATIENCE / 4
        assert server.log == ""


def test_started_with_nohup_it_outlives_its_terminal(index: Path, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with serving(tmp_path, index, "--quiet") as server:
            for process in [server.process.pid, *descendants(server.process.pid)]:
                os.kill(process, signal.SIGHUP)
            assert server.client.post("/api/search", content=COAT.read_bytes()).status_code == 200
            assert server.stop() == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_serving_process_is_replaced_however_often_it_is_killed_and_clients_wait(index: Path, tmp_path: Path) -> None:
    with serving(tmp_path, index) as server:
        greeting = f"serving {index} (225 images) at {server.address} (Ctrl-C stops)"
        wait_until(lambda: server.log == f"{greeting}\n")
        for _ in range(2):
            kill(descendants(server.process.pid)[0])
            response = httpx.post(f"{server.address}/api/search", content=COAT.read_bytes(), timeout=PATIENCE)
            assert response.status_code == 200
        kill(descendants(server.process.pid)[0])
        # It pauses, or has just started another one.
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 2 + PATIENCE / 4
        assert server.log.splitlines() == [greeting, *["serve.py: Unexpected exit from worker-1"] * 3]


def test_a_port_that_another_listens_at_is_told_in_a_line(index: Path) -> None:
    with socket.socket() as other:
        # Another service, which would share it.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = fail("serve.py", "--index", index, "--port", str(port))
    assert said.startswith(f"serve.py: cannot listen at http://127.0.0.1:{port}: the port is in use: ")


def test_what_cannot_be_served_is_told_in_a_line(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.csv"
    damaged.write_text("a.jpg,1,2\nb.jpg,1\n")
    assert str(damaged) in fail("serve.py", "--index", damaged)


def test_a_library_that_is_not_there_is_told_with_how_to_install_it(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "granian.py").write_text("raise ModuleNotFoundError('not there', name='granian')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = fail("serve.py", "--index", index)
    assert said.startswith("serve.py: serving needs granian: pip install -r requirements-web.txt")
