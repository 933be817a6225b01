"""Step 1, describe: what `describer` and its worker process say to each other.

To the worker go a `Setup`, then a `Task` for every few pictures, pickled: it may trust us. We do not trust it. It
decodes what strangers have made, and may have been taken over by that. So what comes back is numbers, bytes and text of
known lengths, and nothing that could run. Each message is its type, the length of its body, and its body:

- `Failed`: why the worker cannot work at all, as UTF-8.
- `Started`: the numbers of the pictures of a task.
- `Alive`, every second: which picture takes too long, if one does, and at what.
- `Outcome`, for each picture: its number and the digest of its content, then its features, nothing if the content is
  known, or else why it is a skip; for a `Work`, its number and what it has made.
"""

import struct
from typing import BinaryIO, NamedTuple

import numpy as np

from ..description import Outcome, Source
from ..errors import KINDS, NOT_DESCRIBED
from ..filebytes import DIGEST_BYTES
from ..printable import printable
from .clock import DECODING, READING, Overdue

# Pictures go to the worker in batches, as every message costs a little; more would make threads wait at the end.
LARGEST_BATCH = 8
# Of longer texts the end is cut off.
LONGEST_TEXT = 2000
# What a work makes: a picture of a few thousand pixels a side, say.
LONGEST_MADE = 32_000_000

_HEAD = struct.Struct("<BI")
_NUMBER = struct.Struct("<q")
_ALIVE = struct.Struct("<qB")
_OUTCOME = struct.Struct(f"<q{DIGEST_BYTES}s")
_SKIP = struct.Struct("<qB")
_FAILED, _STARTED, _LIVES, _SKIPPED, _KNOWN, _DESCRIBED, _MADE = range(1, 8)
_NOBODY = -1
_DOING = (READING, DECODING)
_FEATURE = np.dtype("<f4")


class Task(NamedTuple):
    """Pictures to describe, by one thread."""

    numbers: tuple[int, ...]
    sources: tuple[Source, ...]


class Failed(NamedTuple):
    """The worker cannot work."""

    reason: str


class Started(NamedTuple):
    """A thread begins with the first of these pictures."""

    numbers: tuple[int, ...]


class Alive(NamedTuple):
    """Sent every second by a worker that is able to send anything."""

    overdue: Overdue | None
    """A picture that takes too long."""


class Died(NamedTuple):
    """What is found in place of a message when the worker is gone."""

    code: int


class Nonsense(NamedTuple):
    """What is found in place of a message that no sound worker sends."""

    what: str


Message = Failed | Started | Alive | Outcome
"""What a worker may send."""


class NonsenseError(ValueError):
    """A message that no sound worker sends."""


def no_thread(error: RuntimeError) -> str:
    """Return what either side says where the system starts no thread."""
    return f"no thread can be started here: the limit of processes or of memory is too low ({error})"


def pack(message: Message) -> bytes:
    """Return a message as it is sent."""
    kind, body = _pack_body(message)
    return _HEAD.pack(kind, len(body)) + body


def _pack_body(message: Message) -> tuple[int, bytes]:
    if isinstance(message, Failed):
        return _FAILED, _pack_text(message.reason)
    if isinstance(message, Started):
        return _STARTED, b"".join(map(_NUMBER.pack, message.numbers))
    if isinstance(message, Alive):
        number, doing = message.overdue or (_NOBODY, DECODING)
        return _LIVES, _ALIVE.pack(number, _DOING.index(doing))
    if message.kind:
        # A descriptor of one's own may have words of its own for it.
        kind = message.kind if message.kind in KINDS else NOT_DESCRIBED
        return _SKIPPED, _SKIP.pack(message.number, KINDS.index(kind)) + _pack_text(message.reason)
    if message.made is not None:
        return _MADE, _NUMBER.pack(message.number) + message.made
    head = _OUTCOME.pack(message.number, message.digest)
    if message.features is None:
        return _KNOWN, head
    return _DESCRIBED, head + message.features.astype(_FEATURE, copy=False).tobytes()


def _pack_text(text: str) -> bytes:
    return printable(text)[:LONGEST_TEXT].encode()[:LONGEST_TEXT]


def read_message(stream: BinaryIO, dimension: int) -> Message:
    """Read the next message, of a worker whose feature vectors have so many numbers.

    Raises
    ------
    EOFError
        If there is none.
    NonsenseError
        If it is of no form that this module knows. What it claims is left to be judged.
    """
    kind, length = _HEAD.unpack(_read_exactly(stream, _HEAD.size))
    described = _OUTCOME.size + dimension * _FEATURE.itemsize
    shortest, longest = {
        _FAILED: (0, LONGEST_TEXT),
        _STARTED: (_NUMBER.size, LARGEST_BATCH * _NUMBER.size),
        _LIVES: (_ALIVE.size, _ALIVE.size),
        _SKIPPED: (_SKIP.size, _SKIP.size + LONGEST_TEXT),
        _KNOWN: (_OUTCOME.size, _OUTCOME.size),
        _DESCRIBED: (described, described),
        _MADE: (_NUMBER.size, _NUMBER.size + LONGEST_MADE),
    }.get(kind, (1, 0))
    if not shortest <= length <= longest:
        raise NonsenseError(f"a message {kind} of {length} bytes")
    body = _read_exactly(stream, length)
    try:
        return _unpack(kind, body)
    except (struct.error, IndexError) as error:
        raise NonsenseError(f"a message {kind} of another form") from error


def _unpack(kind: int, body: bytes) -> Message:
    if kind == _FAILED:
        return Failed(_unpack_text(body))
    if kind == _STARTED:
        return Started(tuple(number for (number,) in _NUMBER.iter_unpack(body)))
    if kind == _LIVES:
        number, doing = _ALIVE.unpack(body)
        return Alive(None if number == _NOBODY else Overdue(number, _DOING[doing]))
    if kind == _SKIPPED:
        number, place = _SKIP.unpack_from(body)
        return Outcome(number, kind=KINDS[place], reason=_unpack_text(body[_SKIP.size :]))
    if kind == _MADE:
        return Outcome(_NUMBER.unpack_from(body)[0], made=body[_NUMBER.size :])
    number, digest = _OUTCOME.unpack_from(body)
    features = np.frombuffer(body, _FEATURE, offset=_OUTCOME.size) if kind == _DESCRIBED else None
    return Outcome(number, digest, features)


def _unpack_text(body: bytes) -> str:
    return printable(body.decode(errors="replace"))


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data
