"""How a picture is to be read: how large it may be, and how much of it is needed."""

from typing import NamedTuple


class Reading(NamedTuple):
    """How a picture is read.

    A large JPEG is decoded at 1/2, 1/4 or 1/8 of its width and height as long as what is needed remains, which is many
    times faster.
    """

    max_megapixels: float = 100.0
    """A picture of more (10**6 pixels) is refused from its header."""
    full_resolution: bool = False
    """Whether pictures are always decoded in full."""
    fewest_pixels: int = 700_000
    """How many pixels a reduced picture keeps at least; the default fills a screen's tile."""
    shortest_side: int = 1
    """How many pixels its shorter side keeps at least."""

    def scale(self, width: int, height: int) -> int:
        """Return by what width and height of a picture may be divided: 8, 4, 2 or 1."""
        for scale in () if self.full_resolution else (8, 4, 2):
            if width * height >= self.fewest_pixels * scale**2 and min(width, height) >= self.shortest_side * scale:
                return scale
        return 1


FULL_RESOLUTION = Reading(full_resolution=True)
