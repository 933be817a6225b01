"""Measures and poses of garments."""

from __future__ import annotations

from dataclasses import dataclass

from docs.drawing.catalogue.curves import Point


@dataclass(frozen=True)
class Pose:
    """How a garment is laid out: angles in degrees, lengths in centimetres, pairs are (left, right)."""

    arms: tuple[float, float] = (14.0, 14.0)
    elbows: tuple[float, float] = (-4.0, -4.0)
    spread: float = 0.0
    knees: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    sway: float = 0.0
    body: float = 1.0  # 1 worn by an invisible form, 0 laid flat on a table
    holder: str = ""  # what is seen in the neck: "" nothing, "hanger", "form"


@dataclass(frozen=True)
class Cut:
    """Measures of an upper garment: half widths across, heights from the base of the neck."""

    shoulder: float = 19.0
    slope: float = 4.5
    neck: float = 8.0
    drop: float = 8.5
    chest: float = 23.0
    armhole: float = 22.0
    waist: float = 21.5
    waist_at: float = 42.0
    hem: float = 22.8
    length: float = 65.0
    dip: float = 1.0
    sleeve: float = 21.0
    cuff: float = 8.0
    elbow: float = 0.0  # half width at the elbow; 0 takes it between armhole and cuff

    @property
    def tip(self) -> Point:
        """Shoulder tip on the right."""
        return self.shoulder, self.slope

    @property
    def pit(self) -> Point:
        """Armpit on the right."""
        return self.chest, self.armhole
