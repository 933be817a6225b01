"""How many cores this process may use, and for what."""

import os
from collections.abc import Callable
from itertools import pairwise
from threading import Thread


def usable_cores() -> int:
    """Return the number of cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_thread_for_algebra() -> None:
    """Have numpy multiply matrices in one thread, if it is not loaded yet and nobody wants it otherwise.

    Small matrices gain little by more, and where other programs run, threads that wait for each other lose much: 3.5 s
    became 65 s, where seven others ran on two cores.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def share(count: int, threads: int, work: Callable[[range], object]) -> None:
    """Do work on the numbers 0..count, an equal run of them in each of some threads."""
    import numpy as np  # not before `one_thread_for_algebra`

    threads = max(min(threads, count), 1)
    ends = [count * part // threads for part in range(threads + 1)]
    own, *others = [range(*both) for both in pairwise(ends)]
    errors: list[BaseException] = []

    def run(numbers: range) -> None:
        try:
            # Each thread has its own; in a damaged file, anything may stand where numbers should.
            with np.errstate(all="ignore"):
                work(numbers)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    started = [Thread(target=run, args=(numbers,)) for numbers in others]
    for thread in started:
        thread.start()
    run(own)
    for thread in started:
        thread.join()
    if errors:
        raise errors[0]
