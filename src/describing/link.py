"""Step 1, describe: the worker process as its master sees it. It may crash, hang, or be anybody's."""

import pickle
import queue
import threading
from contextlib import suppress

from ..description import Setup
from ..errors import ExpectedError
from ..workerprocess import Process, end_process, is_stopped
from .clock import TICK_SECONDS, AwakeClock
from .messages import Died, Message, Nonsense, NonsenseError, Task, no_thread, read_message

# How many messages may wait for us. A worker that sends more has to wait itself.
MOST_MESSAGES = 1000


class WorkerFailed(ExpectedError):
    """The worker cannot work at all; says why."""


class WorkerLink:
    """Sends to a worker process and receives from it, by a thread each: neither can be made to wait for ever.

    Attributes
    ----------
    silence : float
        Seconds awake since the worker has sent anything, those left out in which it was stopped.
    waiting : float
        Seconds awake since it was last said to have got on: see `got_on`.
    """

    def __init__(self, setup: Setup, process: Process) -> None:
        self.process = process
        self.silence = self.waiting = 0.0
        self._clock = AwakeClock()
        self._dimension = setup.recipe.descriptor.dimension
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.Queue[Message | Died | Nonsense] = queue.Queue(MOST_MESSAGES)
        self._is_ended = False
        try:
            self.send(setup)
            for work in (self._listen, self._speak):
                threading.Thread(target=work, daemon=True).start()
        except RuntimeError as error:
            self.end()
            raise WorkerFailed(no_thread(error)) from None
        except WorkerFailed:
            self.end()
            raise

    @property
    def has_spoken(self) -> bool:
        """Whether there is a message to receive."""
        return not self._incoming.empty()

    def send(self, message: Setup | Task) -> int:
        """Give the worker a message of so many bytes; if it is dead, `receive` will tell."""
        try:
            data = pickle.dumps(message)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise WorkerFailed(f"the describing process cannot be told of the descriptor: {error}") from None
        self._outgoing.put(data)
        return len(data)

    def receive(self, longest_silence: float, longest_wait: float) -> Message | Died | Nonsense | None:
        """Take the next message, or Died after the last one; None if the worker is silent or gets nowhere too long."""
        while self.silence <= longest_silence and self.waiting <= longest_wait:
            try:
                message = self._incoming.get(timeout=TICK_SECONDS)
            except queue.Empty:
                passed = self._clock.tick()
                self.waiting += passed
                if not is_stopped(self.process):
                    self.silence += passed
            else:
                self.waiting += self._clock.tick()
                self.silence = 0.0
                return message
        return None

    def got_on(self) -> None:
        """Say that the worker has done some of its work."""
        self.waiting = 0.0

    def end(self) -> None:
        """End the worker; whoever waits for its next message is told at once."""
        self._is_ended = True
        self._outgoing.put(None)
        end_process(self.process)
        with suppress(queue.Full):  # then nobody waits
            self._incoming.put_nowait(Died(0))

    def _speak(self) -> None:
        with suppress(OSError, ValueError):  # it is dead
            while (data := self._outgoing.get()) is not None:
                self.process.stdin.write(data)  # type: ignore[union-attr]
                self.process.stdin.flush()  # type: ignore[union-attr]
                del data  # it may be large, and the next one may be long in coming

    def _listen(self) -> None:
        last: Died | Nonsense
        try:
            while self._hand_over(read_message(self.process.stdout, self._dimension)):  # type: ignore[arg-type]
                pass
            return
        except NonsenseError as error:
            last = Nonsense(str(error))
        except (EOFError, OSError, ValueError):
            last = Died(self.process.wait())
        self._hand_over(last)

    def _hand_over(self, message: Message | Died | Nonsense) -> bool:
        while not self._is_ended:
            with suppress(queue.Full):
                self._incoming.put(message, timeout=TICK_SECONDS)
                return True
        return False
