"""Step 4, search: Ctrl-C while a window is open, wherever the program is just then."""

import signal
import threading
from types import FrameType


class Interrupts:
    """Notes what ends a program (Ctrl-C and the like) until it can end; a context manager.

    Python raises KeyboardInterrupt in whatever it runs next. If that is what a window calls because the mouse was
    moved, OpenCV drops the exception, and nothing ends.
    """

    def __init__(self) -> None:
        self._is_noted = False
        self._handled: list[signal.Signals] = []

    def __enter__(self) -> "Interrupts":
        # Only there can it be said what a signal does; and only what would raise the exception is of interest.
        if threading.current_thread() is threading.main_thread():
            names = ("SIGINT", "SIGTERM", "SIGHUP")
            known = [signal.Signals[name] for name in names if hasattr(signal, name)]
            self._handled = [one for one in known if signal.getsignal(one) is signal.default_int_handler]
        for one in self._handled:
            signal.signal(one, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._handled:
            signal.signal(one, signal.default_int_handler)

    def check(self) -> None:
        """Raise KeyboardInterrupt if the program is to end."""
        if self._is_noted:
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._is_noted = True
