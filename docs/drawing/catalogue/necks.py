"""Necks: the inside of the back with its label, and rib bands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from docs.drawing.catalogue.curves import Path, band, outline, part, smooth
from docs.drawing.catalogue.fabric import Fabric, linear
from docs.drawing.catalogue.holders import form, hanger
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.parts import Panel, Part, Seam


def back(cut: Cut, fabric: Fabric, pose: Pose, rise: float = 1.6, label: str = "#e9e4d8") -> list[Part]:
    """The inside of the back, seen through the neck, with its label."""
    n, d = cut.neck, cut.drop
    curve = smooth(
        [(-n - 0.6, -0.6), (-n * 0.5, -rise * 0.2 + 0.9), (0, rise), (n * 0.5, -rise * 0.2 + 0.9), (n + 0.6, -0.6)]
    )
    low = smooth([(n + 1.5, 1.0), (n * 0.9, d * 0.7 + 3), (0, d + 3), (-n * 0.9, d * 0.7 + 3), (-n - 1.5, 1.0)])
    tape = band(curve, -1.0)
    parts: list[Part] = [
        Panel(np.vstack([curve, low]), fabric.darker(0.75), round=1.0, cast=0.0, inside=0.62, crumple=0.3),
        Panel(tape, fabric.darker(0.85), round=0.4, lip=0.08, cast=0.25, inside=0.7, crumple=0.0),
        Panel(
            outline(
                [(-1.7, rise + 1.0), (1.7, rise + 1.0)],
                [(1.7, rise + 1.0), (1.7, rise + 3.2)],
                [(1.7, rise + 3.2), (-1.7, rise + 3.2)],
                [(-1.7, rise + 3.2), (-1.7, rise + 1.0)],
            ),
            _paper(fabric, label),
            round=0.3,
            lip=0.05,
            cast=0.3,
            inside=0.8,
            crumple=0.0,
        ),
    ]
    if pose.holder == "hanger":
        return [*parts, *hanger(cut)]
    return form() if pose.holder == "form" else parts


def _paper(fabric: Fabric, code: str) -> Fabric:
    """A smooth label in one colour."""

    return replace(fabric, colour=np.ones_like(fabric.colour) * linear(code), relief=fabric.relief * 0, gloss=0.05)


def neck_rib(edge: Path, fabric: Fabric, width: float, count: int = 46) -> list[Part]:
    """A rib band sewn to the inside of a neck edge; `edge` runs from left to right."""
    strip = band(edge, width)
    turn = int(np.argmax(edge[:, 1]))
    if edge[turn, 1] > 12 and abs(edge[turn, 0]) < 0.1:  # a V-neck: two strips that meet in the middle
        left, right = band(edge[: turn + 1], width), band(edge[turn:], width)
        left[:, 0], right[:, 0] = np.minimum(left[:, 0], 0.5), np.maximum(right[:, 0], -0.1)
        strips = [right, left]
    else:
        strips = [strip]
    lines = []
    for s in np.linspace(0.01, 0.99, count):
        short = part(edge, max(0, s - 0.01), min(1, s + 0.01))
        way = short[-1] - short[0]
        out = np.array([way[1], -way[0]]) / max(float(np.hypot(*way)), 1e-6)
        lines.append(np.vstack([short[0] + out * 0.15, short[0] + out * (width - 0.15)]))
    panels: list[Part] = [Panel(strip, fabric, round=width * 0.6, lip=0.15, crumple=0.0, cast=0.3) for strip in strips]
    return [*panels, Seam(lines, 0.16, 0.22), Seam([edge], 0.2, 0.4)]
