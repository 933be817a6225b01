"""The service: an HTTP server that outlives its serving process. Whoever connects while there is none waits for it."""

import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from ..errors import ExpectedError

# Before a serving process is started anew, and each time twice as long as long as none lasts.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
LASTING_SECONDS = 10.0
# Whatever keeps it from ending, it has ended so long after it was told to.
ENDING_SECONDS = 1.8

_Holder: Any = SocketHolder  # it comes without the types of its parameters


class LastingServer(MPServer):
    """Starts its one serving process anew however often it ends.

    Parameters
    ----------
    listener : socket
        Where it is to listen; bound, and kept as long as this.
    options
        Those of granian.
    """

    def __init__(self, listener: socket.socket, **options: Any) -> None:
        # granian itself would end where two processes do so within seconds.
        super().__init__(**options, workers=1, respawn_failed_workers=False)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # granian would open another one for each process, which refuses connections as soon as that has ended.
        self._ssp, self._sso = None, self._listener.dup()
        self._shd = _Holder(self._sso.fileno(), False, self.backlog)

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """End, as a signal asks. The loop may hold the lock of its event, for which this thread would wait for ever."""
        self.interrupt_signal = True
        for work in (self.main_loop_interrupt.set, _end_at_last):
            threading.Thread(target=work, daemon=True).start()

    def keep_serving(self, load: Callable[[], Any], has_answered: Callable[[], bool]) -> None:
        """Serve until it is interrupted.

        Parameters
        ----------
        load : callable
            Returns the application, in the serving process.
        has_answered : callable
            Tells whether a serving process has ever answered.

        Raises
        ------
        ExpectedError
            If two have ended before one has.
        """
        pause = FIRST_PAUSE
        while not self.interrupt_signal:
            begun = time.monotonic()
            try:
                self.serve(target_loader=load, wrap_loader=False)
            except SystemExit:  # the process has ended, which granian has told
                if pause > FIRST_PAUSE and not has_answered():
                    raise ExpectedError("the process that serves has ended twice before it has answered") from None
            if time.monotonic() - begun > LASTING_SECONDS:
                pause = FIRST_PAUSE
            self.interrupt_children.clear()
            self.main_loop_interrupt.clear()
            # A signal before this line has set the one, and a later one sets the other.
            if not self.interrupt_signal:
                self.main_loop_interrupt.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _end_at_last() -> None:
    time.sleep(ENDING_SECONDS)
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(0)
