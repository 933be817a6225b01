"""What all tests have in common: the programs that they start get signals as they would from a terminal."""

import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """See that no signal is ignored: nohup, a job in the background and many a CI do so, and programs inherit it.

    A handler does not reach the program that is started, as SIG_IGN does; and this process survives as before.
    """
    for name in ("SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
