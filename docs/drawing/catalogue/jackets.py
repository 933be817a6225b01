"""Short jackets: bomber, denim trucker, biker, quilted vest."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, flip, neckline, sleeve, torso
from docs.drawing.catalogue.curves import beside, mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.knits import hem_rib
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back, neck_rib
from docs.drawing.catalogue.parts import Button, Cord, Fold, Panel, Part, Seam, Stitch
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.trims import collar, patch
from docs.drawing.catalogue.zips import zip_line


def bomber(fabric: Fabric, rib: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Bomber: zip front, slanted pockets, rib collar and welts, blousy body."""
    cut = Cut(
        sleeve=52,
        cuff=5.8,
        elbow=9.6,
        length=56,
        hem=21.5,
        waist=24.5,
        waist_at=44,
        chest=24.5,
        drop=5.5,
        neck=7.6,
        armhole=24,
    )
    parts: list[Part] = back(cut, rib, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=rib, cuff_long=6.5, blouse=3.2).parts
    parts += hem_rib(cut, rib, 6.5)
    folds = torso_folds(cut, rng, 1.0) + [
        Fold(smooth([(x, cut.length), (x + rng.uniform(-1, 1), cut.length - rng.uniform(5, 11))]), 1.0, 0.5)
        for x in np.linspace(-19, 19, 17)
    ]
    parts.append(Panel(torso(cut), fabric, folds=folds, round=3.2 + 4.5 * pose.body, cast=0.4, crumple=1.2))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    welt = outline(
        [(9.5, 38), (11.6, 37.2)], [(11.6, 37.2), (17.8, 50)], [(17.8, 50), (15.6, 50.8)], [(15.6, 50.8), (9.5, 38)]
    )
    own = Panel(welt, fabric, round=0.7, lip=0.2, crumple=0, cast=0.5)
    parts += [own, flip(own)]
    parts += neck_rib(neckline(cut), rib, 4.2)
    return parts + zip_line(smooth([(0, cut.drop - 3.0), (0, cut.length + 7.2)]))


def trucker(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Denim trucker: chest flaps, V seams down to the waistband, metal buttons."""
    cut = Cut(
        sleeve=53,
        cuff=5.6,
        elbow=8.4,
        length=57,
        hem=20.8,
        waist=21.6,
        waist_at=42,
        chest=23.5,
        drop=6.0,
        neck=7.2,
        armhole=23,
    )
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=fabric, cuff_long=5.0, blouse=0.4).parts
    bottom = outline(
        [(-21, 56.7), (0, 57.7), (21, 56.7)],
        [(21, 56.7), (20.8, 61.2)],
        [(20.8, 61.2), (0, 62.2), (-20.8, 61.2)],
        [(-20.8, 61.2), (-21, 56.7)],
    )

    def fade(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        centre = np.exp(-(((np.abs(x) - 11) / 6) ** 2)) * np.exp(-(((y - 36) / 16) ** 2))
        return np.asarray((0.55 * centre + 0.2 * np.exp(-(((y - 9) / 4) ** 2))).astype(np.float32))

    parts.append(
        Panel(
            torso(cut),
            fabric,
            folds=torso_folds(cut, rng, 1.0),
            fade=fade,
            round=2.5 + 4.0 * pose.body,
            cast=0.4,
            crumple=0.8,
        )
    )
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    yoke = smooth([(-21, 18.4), (0, 18.4), (21, 18.4)])
    lines = [
        yoke,
        *(smooth([(s * 16.0, 19), (s * 11.5, 40), (s * 9.0, 56.6)]) for s in (-1, 1)),
        *(smooth([(s * 7.0, 19), (s * 6.2, 40), (s * 5.8, 56.6)]) for s in (-1, 1)),
    ]
    parts += [
        Seam(lines, 0.3, 0.5),
        *[Stitch(beside(line, 0.5), thread) for line in lines],
        *[Stitch(beside(line, 1.1), thread) for line in lines[1:]],
    ]
    for s in (-1, 1):
        parts += patch(s * 11.6, 19.2, 10.0, 9.5, fabric, thread, flap=5.2, peak=1.8, button="#b88950")[-3:]
    parts += [
        Panel(bottom, fabric, grain=90, round=1.8, crumple=0.3, cast=0.35),
        Stitch(smooth([(-20.6, 57.6), (0, 58.6), (20.6, 57.6)]), thread),
    ]
    strip = outline(
        [(-2.2, 5.8), (2.2, 5.8)], [(2.2, 5.8), (2.2, 62.2)], [(2.2, 62.2), (-2.2, 62.2)], [(-2.2, 62.2), (-2.2, 5.8)]
    )
    parts += [
        Panel(strip, fabric, round=0.6, lip=0.15, crumple=0.3, cast=0.4),
        *[Stitch(smooth([(x, 6), (x, 62)]), thread) for x in (-1.8, 1.8)],
    ]
    parts += [Button((0.0, float(y)), 0.95, "#b88950", holes=0, gloss=0.7) for y in np.linspace(9.5, 59.5, 6)]
    return parts + collar(cut, fabric, thread, pose, point=9.5, spread=1.0)


def biker(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str) -> list[Part]:
    """Biker jacket: wide snapped lapels, slanted zips, belt with a buckle."""
    cut = Cut(
        sleeve=53,
        cuff=5.6,
        elbow=8.4,
        length=55,
        hem=21.0,
        waist=20.6,
        waist_at=42,
        chest=23.5,
        drop=15.0,
        neck=7.2,
        armhole=23,
    )
    steel = "#cfcfd2"
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        arm = sleeve(cut, pose, fabric, rng, which, hem="")
        parts += arm.parts
    parts.append(
        Panel(
            torso(cut, sharp=True),
            fabric,
            folds=torso_folds(cut, rng, 1.1),
            round=2.8 + 4.0 * pose.body,
            cast=0.4,
            crumple=1.2,
        )
    )
    parts.append(
        Seam(
            [armhole(cut), mirror(armhole(cut)), smooth([(-21, 19), (-9, 19.5)]), smooth([(9, 19.5), (21, 19)])],
            0.22,
            0.3,
        )
    )
    parts += zip_line(smooth([(6.0, 17.0), (4.2, 34), (0.5, 54.5)]), steel)
    for s in (-1, 1):
        own = zip_line(smooth([(s * 10.5, 35.0), (s * 14.8, 46.0)]), steel)
        parts += own[:3]
    parts += zip_line(smooth([(-14.5, 25.0), (-8.0, 28.5)]), steel)[:3]
    belt = outline(
        [(-21.2, 50.6), (0, 51.6), (21.2, 50.6)],
        [(21.2, 50.6), (21.3, 54.8)],
        [(21.3, 54.8), (0, 55.9), (-21.3, 54.8)],
        [(-21.3, 54.8), (-21.2, 50.6)],
    )
    buckle = outline(
        [(-3.0, 50.8), (2.0, 50.8)], [(2.0, 50.8), (2.0, 56.3)], [(2.0, 56.3), (-3, 56.3)], [(-3, 56.3), (-3.0, 50.8)]
    )
    parts += [Panel(belt, fabric, round=1.2, lip=0.2, crumple=0.2, cast=0.5), Cord(buckle, 0.6, steel, gloss=0.9)]
    right = outline(
        [(2.0, 24.0), (4.6, 12.0), (7.2, 2.0)],
        [(7.2, 2.0), (13.2, 8.2)],
        [(13.2, 8.2), (15.0, 13.0), (10.6, 20.0), (6.0, 27.0)],
        [(6.0, 27.0), (2.0, 24.0)],
    )
    left = outline(
        [(2.0, 25.0), (-4.4, 12.0), (-7.2, 2.0)],
        [(-7.2, 2.0), (-13.2, 8.2)],
        [(-13.2, 8.2), (-15.0, 13.0), (-9.6, 21.0), (-2.6, 28.5)],
        [(-2.6, 28.5), (2.0, 25.0)],
    )
    wing = outline(
        [(6.6, -2.6), (9.6, 0.2), (13.6, 6.6)], [(13.6, 6.6), (8.8, 9.6)], [(8.8, 9.6), (6.0, 5.0), (6.6, -2.6)]
    )
    own_wing = Panel(wing, fabric, round=1.2, lip=0.22, crumple=0.2, cast=0.55)
    parts += [
        Panel(right, fabric, round=1.3, lip=0.22, crumple=0.4, cast=0.6),
        Panel(left, fabric, round=1.3, lip=0.22, crumple=0.4, cast=0.6),
        own_wing,
        flip(own_wing),
    ]
    parts += [
        Button(c, 0.55, steel, holes=0, gloss=0.9)
        for c in ((13.4, 11.2), (-13.4, 11.2), (11.9, 6.9), (-11.9, 6.9), (5.9, 24.7))
    ]
    return parts
