"""Step 4, search: the colours of result pictures and figures."""

from collections.abc import Sequence

from .lettering import Colour

BACKGROUND: Colour = (27, 24, 22)
PANEL: Colour = (43, 38, 35)
STAGE: Colour = (17, 15, 14)
TEXT: Colour = (242, 240, 238)
DIM: Colour = (168, 162, 156)
TRACK: Colour = (66, 60, 56)
ACCENT: Colour = (196, 190, 92)

# Of what belongs to a result, by its rank: told apart next to each other and on photos, also by whoever cannot tell red
# from green. They begin again after the last.
OF_RANKS: Sequence[Colour] = (
    (230, 214, 64), (48, 150, 255), (235, 130, 240), (96, 232, 250), (255, 158, 92), (104, 224, 132), (122, 112, 255),
    (236, 236, 236), (214, 108, 150),
)  # fmt: skip

# Ends and middle of a scale, of what matches and what differs. Whoever cannot tell red from green can tell these apart.
ALIKE: Colour = (206, 196, 40)
HALFWAY: Colour = (226, 226, 226)
UNLIKE: Colour = (16, 116, 255)
