"""Step 1, describe: one picture, from its bytes to its feature vector. There is no other way.

Files are described by it in the process that may die, queries in the program's own; uploads would be, too.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .descriptor import Descriptor
from .distance import by_name
from .errors import NO_MEMORY, NOT_DESCRIBED, UnreadableImage
from .imagefiles import FoundFile
from .imagereader import READER_VERSION, MemoryBudget, Reading, decode_image, name_format

if TYPE_CHECKING:
    from .imagepart import Cut, Part

# No picture within the size limit takes a tenth of this.
DECODE_SECONDS = 20.0
# A disk that spins up, or a share whose server starts anew, answers within this.
READ_SECONDS = 60.0

OPENCV_NO_MEMORY = -4  # cv2.Error.StsNoMem, which is no MemoryError

LARGE_BYTES = 12_000_000  # 4 megapixels; of smaller pictures all threads may hold one at any time


class Description(NamedTuple):
    """What a picture is described by, and the picture."""

    features: NDArray[np.float32]
    """Shape (dimension,)."""
    picture: NDArray[np.uint8]
    """What was described, shape (height, width, 3), perhaps smaller than in the file."""
    whole: NDArray[np.uint8] | None = None
    """The whole picture, where only a part of it was described."""
    cut: "Cut | None" = None
    """That part."""


class Recipe:
    """What makes feature vectors of pictures: a descriptor, and how pictures are read for it.

    Of a reading, limits and resolution count; how many pixels are needed is up to the descriptor. Pickled, a recipe is
    the descriptor's class and options, from which the other process makes a descriptor of its own. ValueError is raised
    if the descriptor names a distance that does not exist.
    """

    def __init__(self, descriptor: Descriptor, reading: Reading | None = None) -> None:
        self.descriptor = descriptor
        pixels, side = descriptor.fewest_pixels, descriptor.shortest_side
        self.reading = (reading or Reading())._replace(fewest_pixels=pixels, shortest_side=side)
        self._distance = by_name(descriptor.distance)

    def __reduce__(self) -> tuple[object, ...]:
        return _remake, (type(self.descriptor), dict(self.descriptor.options), self.reading)

    @property
    def key(self) -> str:
        """Names all that makes the feature vectors of a picture: vectors of another key are not the same."""
        key = f"{self.descriptor.name}, reader {READER_VERSION}"
        return f"{key}, full resolution" if self.reading.full_resolution else key

    def describe(self, data: bytes, budget: MemoryBudget | None = None, part: "Part | None" = None) -> Description:
        """Describe an encoded picture, the content of a file, or a part of it, within the memory that threads share.

        Raises
        ------
        UnreadableImage
            If the bytes give no picture, or the descriptor no vector that its distance can compare, or the part lies
            outside of the picture.
        """
        if part is not None:
            return self._describe_part(data, part, budget)
        picture = decode_image(data, self.reading, budget)
        with _room_to_describe(picture, budget):
            return Description(self._features_of(picture), picture)

    def _describe_part(self, data: bytes, part: "Part", budget: MemoryBudget | None) -> Description:
        """Describe a part, which must have as many pixels as a whole picture: so all of it is decoded in full."""
        from .imagepart import reduced  # most queries are whole

        whole = decode_image(data, self.reading._replace(full_resolution=True), budget)
        cut = part.cut(whole.shape[1], whole.shape[0])
        if cut.is_whole:
            del whole
            return self.describe(data, budget)
        # As the part would be read if it were a file of its own.
        scale = self.reading.scale(cut.width, cut.height) if name_format(data) == "JPEG" else 1
        with _room_to_describe(whole, budget):
            with _memory_told():
                picture = reduced(cut.of(whole), scale)
                shown = reduced(whole, self.reading.scale(cut.of_width, cut.of_height))
            return Description(self._features_of(picture), picture, shown, cut)

    def _features_of(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        with _memory_told():
            features = np.asarray(self.descriptor.describe(picture), np.float32)
        try:
            self.check(features)
        except ValueError as error:
            raise UnreadableImage(NOT_DESCRIBED, f"{self.descriptor.name} gives no vector of it: {error}") from error
        return features

    def is_blank(self, features: NDArray[np.float32]) -> bool:
        """Tell whether a feature vector says so little of its picture that it can never be found."""
        return self._distance.is_blank is not None and self._distance.is_blank(features)

    def check(self, features: NDArray[np.float32]) -> None:
        """Raise ValueError unless the descriptor's distance can compare this vector with its others."""
        self._distance.check(features, self.descriptor.dimension)


def _room_to_describe(picture: NDArray[np.uint8], budget: MemoryBudget | None) -> AbstractContextManager[None]:
    """Hold the ten bytes a pixel of a descriptor: the picture, its colours together and apart, and the regions.

    Of pictures that are not large, each thread keeps these.
    """
    is_large = budget is not None and picture.nbytes > LARGE_BYTES
    return budget.reserve(4 * picture.nbytes) if budget is not None and is_large else nullcontext()


@contextmanager
def _memory_told() -> Iterator[None]:
    """Say in the words of this project that there is not enough memory, whatever OpenCV calls it."""
    try:
        yield
    except Exception as error:
        if not (isinstance(error, MemoryError) or getattr(error, "code", None) == OPENCV_NO_MEMORY):
            raise
        raise UnreadableImage(NO_MEMORY, "not enough memory to describe it") from error


def _remake(descriptor: type[Descriptor], options: dict[str, object], reading: Reading) -> Recipe:
    return Recipe(descriptor(**options), reading)


class Setup(NamedTuple):
    """How many pictures are to be described."""

    recipe: Recipe
    threads: int = 1
    known: bytes = b""
    """Digests of file contents whose feature vectors are known, one after the other."""
    decode_seconds: float = DECODE_SECONDS
    """A file that takes longer to decode is left out: of computing, or four times as much of waiting."""
    read_seconds: float = READ_SECONDS
    """A file of which no byte comes for so long is left out."""
    most_memory: int = 0
    """Bytes that pictures may take together; what needs more is refused as NO_MEMORY. 0 for all that there are."""
    refuses_early: bool = True
    """Whether what a picture may need by its header counts; else it is what it takes, which the system limits."""
    recorder: "Recorder | None" = None
    """What describers on other machines are to give their vectors to, if they are not to send them back."""


class Outcome(NamedTuple):
    """What became of a picture: either its digest, with features unless the content was known, or a skip."""

    number: int
    digest: bytes = b""
    features: NDArray[np.float32] | None = None
    kind: str = ""
    reason: str = ""
    made: bytes | None = None
    """What a `Work` has made of its pictures."""
    recorded: "tuple[str, str, int, int] | None" = None
    """Where a `Recorder` has put the features: a `Place`."""


class Recorder(Protocol):
    """Keeps what is described where that is done; it is pickled on its way there."""

    def record(self, files: Sequence[FoundFile], outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Keep the features of some files; return the outcomes without them.

        Raises
        ------
        OSError
            If they cannot be written.
        """

    def check(self, outcomes: Sequence[Outcome]) -> None:
        """Raise OSError unless what was recorded of these is found from here, where the index is written."""


class Work(ABC):
    """What else than to describe is done with pictures in the process that may die. It is pickled on its way there."""

    @abstractmethod
    def run(self, recipe: Recipe, budget: MemoryBudget) -> bytes:
        """Do it within the memory that threads share; what it makes goes back as bytes.

        Raises
        ------
        UnreadableImage
            If a picture is none.
        """

    def check(self, made: bytes, recipe: Recipe) -> None:  # noqa: B027  # most works make what needs no check
        """Raise ValueError for what no sound process makes of it."""


Source = FoundFile | bytes | Work
"""A picture to describe, a file or the content of one; or what else is to be done."""

Describe = Callable[[Sequence[FoundFile], Setup], Generator[Outcome, None, None]]
"""Who describes: yields an outcome for each file, in their order. See `describer.describe_files`."""
