"""Works that really crash, hang, freeze and eat memory in the worker process, as pictures of strangers may."""

import ctypes
import os
import time
from dataclasses import dataclass

from src.description import Recipe, Work
from src.imagereader import MemoryBudget

CRASH, HANG, FREEZE, SLOW, RAISE, LIE = "crash", "hang", "freeze", "slow", "raise", "lie"
_KEPT: list[bytes] = []


@dataclass(frozen=True)
class Deed(Work):
    """Does what it is called, and makes its name; what it carries makes it as large as an upload."""

    name: str
    carried: bytes = b""

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Do it."""
        if self.name == CRASH:
            ctypes.string_at(0)
        while self.name == HANG:
            pass
        if self.name == FREEZE:
            ctypes.PyDLL(None).sleep(1000)  # a C function that keeps Python's global lock
        if self.name == SLOW:
            time.sleep(1)
        if self.name == RAISE:
            raise RuntimeError("something odd")
        return self.name.encode()

    def check(self, made: bytes, recipe: Recipe) -> None:
        """Raise ValueError for what it does not make."""
        if self.name == LIE or made != self.name.encode():
            raise ValueError(made)


@dataclass(frozen=True)
class Takes(Work):
    """Takes memory, of which it has reserved some; makes the number of its process."""

    reserved: int
    taken: int
    is_kept: bool = False

    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Do it."""
        with budget.reserve(self.reserved):
            memory = b"\1" * self.taken
            if self.is_kept:
                _KEPT.append(memory)
            return str(os.getpid()).encode()
