"""Scarves."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.curves import Path, at, outline, polar, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Cord, Fold, Panel, Part, drop, fan


def scarf(fabric: Fabric, pose: Pose, rng: np.random.Generator, fringe: str) -> list[Part]:
    """A wide fringed scarf, looped once, both ends hanging; the arms' angles spread the ends."""
    a, b = pose.arms[0] * 0.25 - 2, pose.arms[1] * 0.25 - 2
    parts: list[Part] = []
    for lean, start, length in ((b, (5.0, 16.0), 74.0 + pose.spread), (-a, (-5.0, 16.0), 66.0 - pose.spread)):
        foot = polar(start, lean, length)
        wide = 11.5
        left = smooth(
            [
                (start[0] - 5.5, start[1]),
                polar(polar(start, lean, length * 0.4), lean - 90, wide * 0.78),
                polar(foot, lean - 90, wide),
            ]
        )
        right = smooth(
            [
                (start[0] + 5.5, start[1]),
                polar(polar(start, lean, length * 0.4), lean + 90, wide * 0.78),
                polar(foot, lean + 90, wide),
            ]
        )
        end = smooth([tuple(right[-1]), polar(foot, lean, 0.8), tuple(left[-1])])
        parts += _fringe(end, lean, rng, fringe)
        folds = drop(rng, smooth([tuple(left[0]), tuple(right[0])]), end[::-1], 7, 1.9, 0.9)
        folds += fan(rng, start, (lean - 14, lean + 14), (15, 40), 5, 1.3, 0.8)
        parts.append(
            Panel(np.vstack([right, end, left[::-1]]), fabric, grain=lean, folds=folds, round=2.0, lip=0.25, cast=0.5)
        )
    return parts + _loop(fabric, rng)


def _loop(fabric: Fabric, rng: np.random.Generator) -> list[Part]:
    """The turn around the neck: the back of the loop, then two rolls across the front."""
    behind = outline(
        [(-14, 4), (-9.5, -5.5), (0, -8), (9.5, -5.5), (14, 4)], [(14, 4), (6, 7), (0, 8), (-6, 7), (-14, 4)]
    )
    inner = outline([(-8.5, 2), (-5.5, -2.6), (0, -3.8), (5.5, -2.6), (8.5, 2)], [(8.5, 2), (0, 9), (-8.5, 2)])
    upper = outline(
        [(-14.5, 2), (-13.5, 11), (-5, 18.5), (4, 20.0), (12, 14), (14.5, 3)],
        [(14.5, 3), (10.5, 1.5), (7.6, 5.5), (0, 9.5), (-7.6, 5.5), (-10.5, 0.5), (-14.5, 2)],
    )
    lower = outline(
        [(-14, 8), (-11, 19), (-2, 25.0), (7, 23.5), (13, 15), (14.3, 7)],
        [(14.3, 7), (8, 15), (0, 18), (-8, 15), (-14, 8)],
    )
    back_folds = [Fold(smooth([(-12, 2 - k), (0, -4 - k), (12, 2 - k)]), 1.0, 0.5) for k in (0, 2)]
    rolls = [
        Fold(
            smooth([(-13 + k, 4 + 1.5 * k), (-5, 13 + 1.6 * k), (4, 14 + 1.6 * k), (12.5 - k, 4 + 1.5 * k)]),
            1.2,
            0.7 * (1 if k % 2 else -0.8),
        )
        for k in range(5)
    ]
    deep = [
        Fold(
            smooth([(-12.5 + k, 11 + k), (-3, 20 + k), (6, 19 + k), (12.5, 10 + k)]), 1.2, 0.7 * (1 if k % 2 else -0.8)
        )
        for k in range(4)
    ]
    return [
        Panel(behind, fabric, grain=90, folds=back_folds, round=2.5, cast=0.3),
        Panel(inner, fabric.darker(0.6), round=1.2, cast=0, inside=0.5),
        Panel(lower, fabric, grain=62, folds=deep, round=2.8, lip=0.3, cast=0.6),
        Panel(upper, fabric, grain=70, folds=rolls, round=2.8, lip=0.3, cast=0.6),
    ]


def _fringe(edge: Path, lean: float, rng: np.random.Generator, colour: str) -> list[Part]:
    """Twisted tassels along an end."""
    parts: list[Part] = []
    for s in np.linspace(0.02, 0.98, 19):
        x, y = at(edge, float(s))
        top = (x, y - 1.0)
        low = polar((x, y), lean + rng.uniform(-9, 9), 7.0 + rng.uniform(-0.6, 0.6))
        mid = polar(((x + low[0]) / 2, (y + low[1]) / 2), 90, rng.uniform(-0.5, 0.5))
        parts.append(Cord(smooth([top, mid, low], 0.4), 0.62, colour, gloss=0.02, cast=0.3))
    return parts
