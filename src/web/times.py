"""The service: how long the parts of an answer took, for whoever asks; browsers show it."""

import time


class Times:
    """Counts from when it is made."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._told: list[str] = []

    def took(self, part: str) -> None:
        """Say that a part has ended; waiting for its turn counts."""
        now = time.perf_counter()
        self._told.append(f"{part};dur={1000 * (now - self._last):.2f}")
        self._last = now

    @property
    def headers(self) -> dict[str, str]:
        """What a response bears."""
        return {"Server-Timing": ", ".join(self._told)}
