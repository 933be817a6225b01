"""Zips."""

from __future__ import annotations

from docs.drawing.catalogue.curves import Path, outline
from docs.drawing.catalogue.parts import Button, Cord, Part, Stitch


def zip_line(line: Path, metal: str = "#b8b4a8", tape: str = "#2a2a2c") -> list[Part]:
    """A zip: tape, two rows of teeth, a slider at the upper end with its pull."""
    x, y = float(line[0, 0]), float(line[0, 1])
    pull = outline([(x - 0.5, y + 1.6), (x + 0.5, y + 1.6), (x + 0.6, y + 4.4), (x - 0.6, y + 4.4), (x - 0.5, y + 1.6)])
    return [
        Cord(line, 1.5, tape, gloss=0.02, cast=0.3),
        Stitch(line + [0.16, 0], metal, 0.3, 0.26, 0.34),
        Stitch(line - [0.16, -0.28], metal, 0.3, 0.26, 0.34),
        Button((x, y + 1.2), 0.7, metal, holes=0, gloss=0.8),
        Cord(pull, 0.3, metal, gloss=0.8),
    ]
