"""Jeans and cut-off shorts."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import flip
from docs.drawing.catalogue.curves import Point, beside, outline, part, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Button, Cord, Panel, Part, Seam, Stitch
from docs.drawing.catalogue.trousers import (
    Trousers,
    fly,
    leg_folds,
    leg_line,
    leg_opening,
    trouser_shape,
    waist_back,
    waistband,
)

SKINNY = Trousers()


def jeans(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cut: Trousers = SKINNY,
    worn: float = 0.5,
    frayed: bool = False,
) -> list[Part]:
    """Five-pocket denim: yoke of pockets, fly, rivets, belt loops and contrast thread."""
    shape, left, right, hems = trouser_shape(cut, pose)
    knees = [leg_line(cut, pose, w) for w in (-1, 1)]

    def fade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        total = np.zeros_like(x)
        for line in knees:
            ys = np.array([p[1] for p in line])
            centre = np.interp(y, ys, [p[0] for p in line]).astype(np.float32)
            wide = cut.thigh * 0.5
            thigh = np.exp(-(((y - cut.crotch - (8 if cut.length > 60 else 0)) / 14) ** 2)) + 0.75 * np.exp(
                -(((y - line[1][1]) / 9) ** 2)
            ) * (cut.length > 60)
            total += np.exp(-(((x - centre) / wide) ** 2)) * thigh
        return (worn * total + 0.25 * worn * np.exp(-((np.abs(y - cut.length) / 1.2) ** 2))).astype(np.float32)

    folds = leg_folds(cut, pose, rng)
    parts: list[Part] = waist_back(cut, fabric)
    for (outer, inner), w in zip(hems, (-1, 1), strict=True):
        parts += leg_opening(outer, inner, fabric, w)
    parts.append(Panel(shape, fabric, folds=folds, fade=fade, round=4.0 + 3.5 * pose.body, crumple=0.55, cast=0.3))
    parts += [Seam([beside(left, -0.5)[6:-1], beside(right, 0.5)[6:-1]], 0.3, 0.35)]
    for line, s in ((left, -1), (right, 1)):
        parts.append(Stitch(beside(line, s * 1.0)[8:44], thread))
    parts += fly(cut, thread)
    parts += jeans_pockets(cut, fabric, thread)
    if not frayed:
        for outer, inner in hems:
            a, b = np.array(outer), np.array(inner)
            lift = np.array([0, -1.8])
            line = smooth(
                [
                    tuple(a + lift + (b - a) * 0.04),
                    tuple((a + b) / 2 + lift + (0, 0.8)),
                    tuple(b + lift - (b - a) * 0.04),
                ]
            )
            parts += [Seam([line], 0.3, 0.4), Stitch(line + [0, 0.25], thread)]
    for outer, inner in hems if frayed else ():
        parts += frayed_hem(outer, inner, rng)
    return parts + waistband(cut, fabric, thread, loops=True)


def frayed_hem(outer: Point, inner: Point, rng: np.random.Generator) -> list[Part]:
    """Loose white threads along a cut edge."""
    a, b = np.array(outer), np.array(inner)
    parts: list[Part] = []
    for s in np.linspace(0.01, 0.99, 46):
        top = a + (b - a) * s + (0, 0.9 * 4 * s * (1 - s) - 0.5)
        low = top + (rng.uniform(-0.7, 0.7), rng.uniform(0.7, 2.4))
        parts.append(
            Cord(
                smooth([tuple(top), tuple((top + low) / 2 + (rng.uniform(-0.3, 0.3), 0)), tuple(low)], 0.3),
                0.22,
                "#dfe6ec",
                gloss=0.0,
                cast=0.15,
            )
        )
    return parts


def jeans_pockets(cut: Trousers, fabric: Fabric, thread: str) -> list[Part]:
    """Scooped front pockets with rivets, and the coin pocket."""
    grow = (cut.hip - cut.waist) * 0.62
    top = cut.band + 0.9
    edge = smooth(
        [
            (cut.waist * 0.52, top + 0.6),
            (cut.waist * 0.56, top + 4.5),
            (cut.waist * 0.76, top + 7.5),
            (cut.waist + grow - 0.2, top + 8.2),
        ]
    )
    bag = np.vstack(
        [
            edge,
            smooth(
                [
                    (cut.waist + grow - 0.3, top + 8.0),
                    (cut.waist + grow * 0.4, top - 0.2),
                    (cut.waist * 0.52, top + 0.6),
                ]
            ),
        ]
    )
    parts: list[Part] = []
    coin = outline(
        [(cut.waist * 0.66, top + 3.2), (cut.waist * 0.97, top + 2.6)],
        [(cut.waist * 0.97, top + 2.6), (cut.waist * 0.98, top + 9)],
        [(cut.waist * 0.98, top + 9), (cut.waist * 0.70, top + 9)],
        [(cut.waist * 0.70, top + 9), (cut.waist * 0.66, top + 3.2)],
    )
    for k, flipped in ((0, False), (1, True)):
        own: list[Part] = [Panel(bag, fabric, round=0.5, lip=0.0, cast=0.0, inside=0.78, crumple=0.3)]
        if k == 0:
            own += [
                Panel(part(coin, 0, 0.62), fabric, round=0.5, lip=0.1, cast=0.3, crumple=0.1),
                Stitch(smooth([(cut.waist * 0.67, top + 3.9), (cut.waist * 0.96, top + 3.3)]), thread),
            ]
        own += [
            Seam([edge], 0.4, 0.6),
            Stitch(beside(edge, -0.5), thread),
            Stitch(beside(edge, -1.1), thread),
            Button((cut.waist * 0.53, top + 1.6), 0.42, "#b4793f", holes=0, gloss=0.7),
            Button((cut.waist + grow - 1.3, top + 8.6), 0.42, "#b4793f", holes=0, gloss=0.7),
        ]
        parts += [flip(p) for p in own] if flipped else own
    return parts
