import os
import time

import pytest

from src.workerprocess import early_process


def test_a_process_that_gets_nothing_to_do_ends_with_the_context() -> None:
    with early_process() as process:
        assert process.poll() is None
    assert process.returncode is not None


def test_a_process_whose_master_goes_away_ends_by_itself() -> None:
    with early_process() as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_process_that_is_dead_does_not_keep_the_context_from_ending() -> None:
    with early_process() as process:
        process.kill()
        process.wait()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the environment of a process is read from /proc")
def test_memory_is_kept_unless_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "12345")
    with early_process() as process:
        path, text = f"/proc/{process.pid}/environ", b""
        while b"MALLOC" not in text:  # until the new program is there
            time.sleep(0.01)
            with open(path, "rb") as file:
                text = file.read()
    assert b"MALLOC_MMAP_THRESHOLD_=33554432" in text.split(b"\0")
    assert b"MALLOC_TRIM_THRESHOLD_=12345" in text.split(b"\0")
