"""What shops put clothes on: a wooden hanger, a clip hanger, a linen dress form."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.curves import band, mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric, cloud, paint, plain
from docs.drawing.catalogue.measures import Cut
from docs.drawing.catalogue.parts import Button, Cord, Panel, Part, Seam

STEEL = "#b9b9b6"


def wood(code: str = "#b98d5e") -> Fabric:
    """Lacquered beech, its grain along x."""
    rng = np.random.default_rng(7)

    tone = 1 + 0.10 * cloud(rng, 3, 40) + 0.05 * cloud(rng, 5, 120)
    return Fabric(paint(code, tone), 0.004 * cloud(rng, 3, 60), 18.0, gloss=0.25, polish=18, drape=0.0)


def hanger(cut: Cut, collared: bool = False) -> list[Part]:
    """A wooden hanger inside the shoulders; `collared` leaves out what a collar's wings cover."""
    reach = cut.neck * 0.78 if collared else cut.shoulder * 0.8
    right = [(3.0, -1.0), (reach, 0.9)] if collared else [(3.0, -1.0), (cut.neck, 1.2), (reach, cut.slope + 1.5)]
    bar = smooth([*[(-x, y) for x, y in reversed(right)], (0, -1.9), *right])
    return [*hook(-1.6), Panel(band(bar, -2.4), wood(), round=1.1, lip=0.2, crumple=0.0, cast=0.5)]


def hook(foot: float) -> list[Part]:
    """The steel hook above a hanger, its foot at height `foot`."""
    line = smooth(
        [
            (0, foot),
            (0, foot - 3.6),
            (0.6, foot - 4.8),
            (2.4, foot - 5.9),
            (3.1, foot - 7.8),
            (1.8, foot - 9.8),
            (-0.3, foot - 9.9),
            (-1.9, foot - 8.4),
        ],
        0.3,
    )
    return [Cord(line, 0.42, STEEL, gloss=0.9, cast=0.0)]


def clips(waist: float) -> list[Part]:
    """A steel bar with two clips that hold a waistband; lies on top of the garment."""
    parts: list[Part] = [
        *hook(-5.0),
        Cord(smooth([(-waist - 1, -5.0), (waist + 1, -5.0)]), 0.5, STEEL, gloss=0.9, cast=0.0),
    ]
    for x in (-waist * 0.72, waist * 0.72):
        clip = outline(
            [(x - 1.3, -5.4), (x + 1.3, -5.4)],
            [(x + 1.3, -5.4), (x + 1.7, 2.8)],
            [(x + 1.7, 2.8), (x - 1.7, 2.8)],
            [(x - 1.7, 2.8), (x - 1.3, -5.4)],
        )
        parts += [
            Panel(clip, wood("#3a3633"), round=0.6, lip=0.25, crumple=0.0, cast=0.5),
            Button((x, -1.4), 0.5, STEEL, holes=0, gloss=0.8),
        ]
    return parts


def form() -> list[Part]:
    """A dress form covered in linen, with a wooden cap on its neck."""
    linen = plain("#cbb99c", np.random.default_rng(11), rough=0.09)
    right = smooth(
        [
            (4.6, -9.0),
            (4.9, -4.0),
            (6.2, -0.6),
            (11.0, 2.4),
            (17.4, 5.4),
            (18.8, 9.0),
            (17.6, 17.0),
            (18.6, 25.0),
            (16.5, 34.0),
            (14.2, 42.0),
            (17.0, 54.0),
        ]
    )
    top = smooth([(-4.6, -9.0), (0, -8.2), (4.6, -9.0)])
    shape = np.vstack([top, right, mirror(right)])
    cap = outline(
        [(-4.4, -9.2), (-3.6, -10.8), (0, -11.4), (3.6, -10.8), (4.4, -9.2)], [(4.4, -9.2), (0, -8.3), (-4.4, -9.2)]
    )
    knob = outline([(-1.0, -11.0), (-1.3, -13.0), (0, -14.4), (1.3, -13.0), (1.0, -11.0)])
    return [
        Panel(shape, linen, round=7.0, crumple=0.0, cast=0.0),
        Seam([smooth([(0, -8.4), (0, 50)])], 0.2, 0.35),
        Panel(knob, wood("#8a5f38"), round=1.3, crumple=0.0, cast=0.0),
        Panel(cap, wood("#8a5f38"), round=2.0, crumple=0.0, cast=0.3),
    ]


def stand(foot: float) -> list[Part]:
    """The pole under a dress form, from its hips down to height `foot`."""
    return [Cord(smooth([(0, 40.0), (0, foot)]), 2.2, "#6d4a2c", gloss=0.3, cast=0.0)]
