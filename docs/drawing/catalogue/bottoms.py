"""Trousers: jeans, chinos, leggings, shorts, joggers. Origin: middle of the waistband's upper edge."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.curves import Point, beside, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Button, Cord, Fold, Panel, Part, Seam, Stitch
from docs.drawing.catalogue.trousers import Trousers, fly, leg_folds, leg_line, trouser_shape, waist_back, waistband

CHINOS = Trousers(hip=22.5, thigh=11.6, knee=9.4, calf=8.8, ankle=7.6)


def chinos(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cut: Trousers = CHINOS,
) -> list[Part]:
    """Slim chinos: slanted pockets, pressed creases, turned-up hems."""
    shape, left, right, hems = trouser_shape(cut, pose)
    creases: list[Fold] = []
    for w in (-1, 1):
        creases.append(Fold(smooth([(x, y) for x, y in leg_line(cut, pose, w)]), 0.5, 0.22))
    parts: list[Part] = waist_back(cut, fabric)
    parts.append(
        Panel(
            shape,
            fabric,
            folds=leg_folds(cut, pose, rng, 0.8) + creases,
            round=4.0 + 3.0 * pose.body,
            crumple=0.6,
            cast=0.3,
        )
    )
    parts.append(Seam([beside(left, -0.5)[6:-1], beside(right, 0.5)[6:-1]], 0.25, 0.3))
    parts += fly(cut, thread)
    grow = (cut.hip - cut.waist) * 0.62
    for s in (-1, 1):
        edge = smooth([(s * cut.waist * 0.62, cut.band + 1), (s * (cut.waist + grow - 0.6), cut.band + 15)])
        parts += [Seam([edge], 0.4, 0.6), Stitch(edge - [s * 0.7, 0], thread)]
    for outer, inner in hems:
        parts += cuff_up(outer, inner, fabric)
    return parts + waistband(cut, fabric, thread, button="#5d4632")


def cuff_up(outer: Point, inner: Point, fabric: Fabric, tall: float = 4.2) -> list[Part]:
    """A turned-up hem."""
    a, b = np.array(outer), np.array(inner)
    way = (b - a) / np.hypot(*(b - a)) * 0.25
    mid = (a + b) / 2
    up = np.array([0.0, -tall])
    shape = outline(
        [tuple(a - way + up), tuple(mid + up + (0, 0.8)), tuple(b + way + up)],
        [tuple(b + way + up), tuple(b + way + (0, 0.4))],
        [tuple(b + way + (0, 0.4)), tuple(mid + (0, 1.4)), tuple(a - way + (0, 0.4))],
        [tuple(a - way + (0, 0.4)), tuple(a - way + up)],
    )
    return [Panel(shape, fabric, round=2.6, lip=0.2, crumple=0.3, cast=0.45)]


LEGGINGS = Trousers(waist=15.5, hip=20.5, thigh=10.6, knee=7.0, calf=7.6, ankle=4.4, length=92, band=8.5, gap=3.4)


def leggings(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cut: Trousers = LEGGINGS,
) -> list[Part]:
    """High-waist leggings: broad waistband, curved seams, a little shine."""
    shape, left, right, hems = trouser_shape(cut, pose)
    parts: list[Part] = waist_back(cut, fabric)
    parts.append(Panel(shape, fabric, folds=leg_folds(cut, pose, rng, 0.55), round=6.5, crumple=0.3, cast=0.3))
    grow = (cut.hip - cut.waist) * 0.62
    low = smooth([(-cut.waist - grow, 9.5), (-6, 11.5), (0, 12.6), (6, 11.5), (cut.waist + grow, 9.5)])
    parts += [
        Seam([low, smooth([(0.1, 12.6), (0.2, cut.crotch)])], 0.3, 0.55),
        Stitch(low + [0, 0.6], thread, 0.3, 0.2, 0.12),
    ]
    for s in (-1, 1):
        top, knee, calf, ankle = leg_line(cut, pose, s)
        sweep = smooth(
            [
                (s * (cut.waist + grow * 0.9), 11),
                (top[0] + s * cut.thigh * 0.45, cut.crotch + 8),
                (knee[0] + s * cut.knee * 0.35, knee[1]),
                (calf[0] + s * cut.calf * 0.5, calf[1]),
                (ankle[0] + s * cut.ankle * 0.4, ankle[1]),
            ]
        )
        parts += [Seam([sweep], 0.28, 0.5), Stitch(beside(sweep, 0.5), thread, 0.3, 0.2, 0.12)]
    for a, b in hems:
        parts += [Seam([smooth([tuple(np.array(a) - (0, 1.6)), tuple(np.array(b) - (0, 1.6))])], 0.25, 0.4)]
    return parts


JOGGERS = Trousers(waist=17.5, hip=24.0, thigh=13.2, knee=11.0, calf=10.0, ankle=7.0, length=88, band=4.5, gap=3.0)


def joggers(
    fabric: Fabric,
    rib: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cord: str,
    cut: Trousers = JOGGERS,
) -> list[Part]:
    """Drawstring joggers with gathered waist and rib ankles."""
    shape, left, right, hems = trouser_shape(cut, pose)
    parts: list[Part] = waist_back(cut, fabric)
    for a, b in hems:
        parts += cuff_rib(a, b, rib)
    gathers = [
        Fold(smooth([(x, 4), (x * 1.05, 4 + rng.uniform(5, 11))]), 0.9, 0.5 * (-1) ** i)
        for i, x in enumerate(np.linspace(-18, 18, 20))
    ]
    parts.append(
        Panel(
            shape,
            fabric,
            folds=leg_folds(cut, pose, rng, 1.0) + gathers,
            round=4.5 + 3.0 * pose.body,
            crumple=1.0,
            cast=0.3,
        )
    )
    parts.append(
        Seam([smooth([(0.2, 5), (0.2, cut.crotch)]), beside(left, -0.5)[6:-1], beside(right, 0.5)[6:-1]], 0.3, 0.4)
    )
    for s in (-1, 1):
        edge = smooth([(s * 14.5, 6), (s * 20.5, 20)])
        parts += [Seam([edge], 0.45, 0.6), Stitch(edge - [s * 0.8, 0], thread)]
    grow = (cut.hip - cut.waist) * 0.62 * cut.band / (cut.hip_at * 0.5)
    strip = np.vstack(
        [
            smooth([(-cut.waist, 0), (0, 1.5), (cut.waist, 0)]),
            smooth([(cut.waist + grow, cut.band), (0, cut.band + 1.5), (-cut.waist - grow, cut.band)]),
        ]
    )
    ruck = [
        Fold(smooth([(x, 0.4), (x, cut.band + 1)]), 0.6, 0.4 * (-1) ** i)
        for i, x in enumerate(np.linspace(-17, 17, 28))
    ]
    parts.append(Panel(strip, fabric, folds=ruck, round=1.4, lip=0.15, crumple=0.2, cast=0.4))
    for s, end in ((-1, 15.0), (1, 17.5)):
        parts += [
            Button((s * 1.5, 3.8), 0.45, "#8f8f8c", holes=0, gloss=0.6),
            Cord(smooth([(s * 1.5, 3.9), (s * 2.6, 9), (s * 1.9, end)]), 0.6, cord),
        ]
    return parts


def cuff_rib(outer: Point, inner: Point, rib: Fabric, tall: float = 6.0) -> list[Part]:
    """A rib cuff below a gathered leg."""
    a, b = np.array(outer), np.array(inner)
    squeeze = (b - a) * 0.16
    down = np.array([0.0, tall])
    shape = outline(
        [tuple(a + squeeze * 0.5 - (0, 1)), tuple(b - squeeze * 0.5 - (0, 1))],
        [tuple(b - squeeze * 0.5 - (0, 1)), tuple(b - squeeze + down)],
        [tuple(b - squeeze + down), tuple((a + b) / 2 + down + (0, 0.7)), tuple(a + squeeze + down)],
        [tuple(a + squeeze + down), tuple(a + squeeze * 0.5 - (0, 1))],
    )
    return [Panel(shape, rib, round=2.8, crumple=0.2, cast=0.2)]
