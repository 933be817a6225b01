"""Pictures that strangers send: each costs itself at most, and the service stands as it stood."""

import os
import re
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.encodedpictures import by_opencv, png, scene
from tests.processes import descendants
from tests.servers import COAT, Server, index_here, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

SCENE = scene(300, 400)
PNG, JPEG = by_opencv(SCENE, ".png"), by_opencv(SCENE, ".jpg")
MOST_BYTES = 1_000_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("uploads")
    (folder / "data").mkdir()
    (folder / "data" / "scene.png").write_bytes(PNG)
    with serving(folder, index_here(folder / "data", folder / "index.csv")) as server:
        yield server


def large(side: int) -> bytes:
    """Encode a picture that is no bomb, as it has some noise, and is too large to be decoded beside others."""
    picture = cv2.resize(SCENE, (side, side))
    picture[:400, :400] = np.random.default_rng(1).integers(0, 255, (400, 400, 3))
    return by_opencv(picture, ".png", cv2.IMWRITE_PNG_COMPRESSION, 1)


def declared(width: int, height: int) -> bytes:
    return png(width, height, 8, 2, bytes(100))


def cases() -> dict[str, tuple[bytes, int]]:
    """Return uploads and the status of their answers."""
    # Of noise alone, a decoder may take any size for that of its frame.
    frame = struct.pack("<HHBBBBHHHHBB", 400, 300, 0, 0, 0, ord(","), 0, 0, 400, 300, 0, 8)
    gif = b"GIF89a" + frame + np.random.default_rng(1).bytes(200)
    return {
        "a PNG": (PNG, 200),
        "a JPEG": (JPEG, 200),
        "24 megapixels": (large(4900), 200),
        "nothing": (b"", 400),
        "text": (b"Dear Sir or Madam", 415),
        "a page": (b"<!DOCTYPE html><script>alert(1)</script>", 415),
        "zeros": (bytes(100_000), 415),
        "half a PNG": (PNG[: len(PNG) // 2], 422),
        "half a JPEG": (JPEG[: len(JPEG) // 2], 422),
        "a head": (PNG[:20], 422),
        "nonsense in a GIF": (gif, 422),
        "no width": (declared(0, 100), 422),
        "900 megapixels": (declared(30_000, 30_000), 413),
        "51 megapixels": (declared(51_000, 1000), 413),
        "a bomb": (declared(7000, 7000), 413),
    }


def resident(processes: list[int]) -> int:
    total = 0
    for process in processes:
        with suppress(OSError):
            total += int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return total * os.sysconf("SC_PAGE_SIZE")


def test_nasty_pictures_are_refused_by_the_right_word_and_cost_nothing_else(server: Server) -> None:
    serving_process = descendants(server.process.pid)[0]
    uploads = cases()
    peak, is_over = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not is_over.wait(0.05):
            peak = max(peak, resident([server.process.pid, *descendants(server.process.pid)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(8) as eight:
            for run in (map, eight.map):
                responses = list(run(lambda one: server.client.post("/api/search", content=one[0]), uploads.values()))
                for (name, (_, status)), response in zip(uploads.items(), responses, strict=True):
                    assert response.status_code == status, (name, response.text)
                    if status == 200:
                        assert response.json()["answers"][0]["results"][0]["id"] == "scene.png"
                    else:
                        assert re.match("the (picture|file) |that is ", response.json()["detail"]), name
                        assert not re.search("--|pip|bomb|decode", response.json()["detail"]), name
    finally:
        is_over.set()
        watcher.join()
    assert 0 < peak < MOST_BYTES
    assert descendants(server.process.pid)[0] == serving_process


def wait_until_pictures_wait(server: Server) -> None:
    while not re.search(
        "^image_similarity_pictures_waiting [1-9]", server.client.get("/api/metrics").text, re.MULTILINE
    ):
        pass


def test_a_process_that_is_killed_in_the_middle_of_uploads_costs_nothing(server: Server) -> None:
    slow = large(2600)
    describing = descendants(server.process.pid)[1]
    with ThreadPoolExecutor(8) as eight:
        answers = [eight.submit(server.client.post, "/api/search", content=slow) for _ in range(8)]
        wait_until_pictures_wait(server)
        os.kill(describing, signal.SIGKILL)
        assert [answer.result().status_code for answer in answers] == [200] * 8
    assert server.client.post("/api/search", content=COAT.read_bytes()).status_code == 200
