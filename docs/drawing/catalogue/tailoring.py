"""Lapels and belts."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.curves import outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.holders import hanger
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.parts import Cord, Panel, Part, Seam, Stitch, across


def lapels(
    cut: Cut, fabric: Fabric, thread: str, pose: Pose, foot: float, over: float, wide: float, notch: float = 9.0
) -> list[Part]:
    """Notched lapels that turn at height `foot`, and the collar above them.

    The left side of the picture lies over the right, as on a woman's coat: it is drawn last.
    """
    n = cut.neck
    parts: list[Part] = []
    stand = outline(
        [(-n - 0.6, 1.0), (-n * 0.6, -2.6), (0, -3.4), (n * 0.6, -2.6), (n + 0.6, 1.0)],
        [(n + 0.6, 1.0), (0, 2.4), (-n - 0.6, 1.0)],
    )
    if pose.holder != "form":
        parts.append(Panel(stand, fabric.darker(0.85), grain=90, round=1.0, crumple=0.1, cast=0.2, inside=0.75))
    if pose.holder == "hanger":
        parts += hanger(cut, collared=True)
    for s in (1, -1):
        end = -s * over
        lapel = outline(
            [(end, foot), (s * n * 0.42, foot * 0.55), (s * (n * 0.92), 1.2)],
            [(s * n * 0.92, 1.2), (s * (n + 0.8), notch - 1.6), (s * wide * 0.66, notch + 0.2)],
            [(s * wide * 0.66, notch + 0.2), (s * wide, notch - 0.9)],
            [
                (s * wide, notch - 0.9),
                (s * wide * 0.90, notch + (foot - notch) * 0.42),
                (s * wide * 0.42, foot * 0.86),
                (end, foot),
            ],
        )
        wing = outline(
            [(s * n * 0.62, -2.8), (s * (n + 1.6), -1.0), (s * (wide * 0.84), notch * 0.42)],
            [(s * wide * 0.84, notch * 0.42), (s * (wide * 0.70), notch - 1.0)],
            [(s * wide * 0.70, notch - 1.0), (s * (n + 0.3), notch - 2.0), (s * n * 0.84, 2.6)],
            [(s * n * 0.84, 2.6), (s * n * 0.62, -2.8)],
        )
        edge = smooth(
            [
                (s * (wide - 0.9), notch + 0.2),
                (s * (wide * 0.90 - 0.8), notch + (foot - notch) * 0.42),
                (s * (wide * 0.42 - 0.6), foot * 0.86),
            ]
        )
        parts += [
            Panel(lapel, fabric, grain=-s * 14, round=1.5, lip=0.22, crumple=0.25, cast=0.6),
            Stitch(edge, thread, 0.32, 0.2, 0.11),
            Panel(wing, fabric, grain=s * 30, round=1.2, lip=0.22, crumple=0.2, cast=0.55),
        ]
        gorge = smooth([(s * n * 0.95, notch - 2.0), (s * wide * 0.72, notch - 0.4)])
        parts.append(Seam([gorge], 0.3, 0.6))
    return parts


def belt(
    fabric: Fabric, y: float, waist: float, thread: str, rng: np.random.Generator, tall: float = 4.6
) -> list[Part]:
    """A cloth belt with a covered buckle and a hanging end."""
    strip = outline(
        [(-waist - 0.4, y - tall / 2), (0, y - tall / 2 + 1.1), (waist + 0.4, y - tall / 2)],
        [(waist + 0.4, y - tall / 2), (waist + 0.5, y + tall / 2)],
        [(waist + 0.5, y + tall / 2), (0, y + tall / 2 + 1.1), (-waist - 0.5, y + tall / 2)],
        [(-waist - 0.5, y + tall / 2), (-waist - 0.4, y - tall / 2)],
    )
    tail = outline(
        [(3.5, y - 1.0), (7.5, y - 0.4)],
        [(7.5, y - 0.4), (9.4, y + 10), (9.0, y + 20)],
        [(9.0, y + 20), (7.0, y + 22)],
        [(7.0, y + 22), (5.0, y + 20)],
        [(5.0, y + 20), (5.4, y + 10), (3.5, y - 1)],
    )
    loop = outline(
        [(0.2, y - 2.0), (6.6, y - 2.0)],
        [(6.6, y - 2.0), (6.6, y + 4.0)],
        [(6.6, y + 4.0), (0.2, y + 4.0)],
        [(0.2, y + 4.0), (0.2, y - 2.0)],
    )
    lines = [
        smooth([(-waist, y - tall / 2 + k), (0, y - tall / 2 + 1.1 + k), (waist, y - tall / 2 + k)])
        for k in (0.6, tall - 0.6)
    ]
    return [
        Panel(
            strip,
            fabric,
            grain=90,
            round=1.3,
            lip=0.25,
            crumple=0.3,
            cast=0.6,
            folds=across(rng, (-waist, y), (waist, y), 2, 8, 0.8, 0.25),
        ),
        *[Stitch(line, thread, 0.32, 0.2, 0.11) for line in lines],
        Panel(tail, fabric, grain=8, round=1.2, lip=0.22, crumple=0.4, cast=0.55),
        Cord(loop, 0.95, "#4a3524", gloss=0.5, cast=0.6),
    ]
