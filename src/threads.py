"""How many cores this process may use, and for what."""

import os


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
