"""The shirt dress and the jumpsuit."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, neckline, sleeve
from docs.drawing.catalogue.curves import mirror, outline, smooth
from docs.drawing.catalogue.dresses import bodice, gathered
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back
from docs.drawing.catalogue.parts import Button, Fold, Panel, Part, Seam, drop
from docs.drawing.catalogue.skirts import flow
from docs.drawing.catalogue.tailoring import belt
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.trims import bow, collar, patch, placket
from docs.drawing.catalogue.trousers import Trousers, leg_folds, trouser_shape


def shirt_dress(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str) -> list[Part]:
    """Belted shirt dress to the knee with rolled sleeves."""
    cut = Cut(
        shoulder=19.0,
        neck=7.0,
        drop=8.0,
        chest=22.5,
        armhole=22,
        waist=18.4,
        waist_at=42,
        hem=29 + pose.spread,
        length=102,
        sleeve=30,
        cuff=8.6,
    )
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=fabric, cuff_long=4.0).parts
    right = np.vstack(
        [
            smooth([(cut.neck, 0.0), cut.tip]),
            armhole(cut),
            smooth([cut.pit, (20.6, 32), (cut.waist, 42), (22.8, 56), (26.0, 80), (cut.hem, 98)]),
        ]
    )
    hem = smooth([(cut.hem, 98), (20, 102), (0, 103.4), (-20, 102), (-cut.hem, 98)])
    shape = np.vstack([neckline(cut), right, hem, mirror(right)])
    low = smooth([(-cut.hem, 102), (cut.hem, 102)])
    tie = smooth([(-cut.waist, 43), (cut.waist, 43)])
    folds = torso_folds(cut, rng, 0.7)[:14] + gathered(cut.waist, 43, rng, 6, 13) + drop(rng, tie, low, 11, 2.4, 0.8)
    parts.append(
        Panel(
            shape,
            fabric,
            folds=folds,
            round=2.4 + 4.5 * pose.body,
            field=flow(cut.waist, cut.hem, 43, 102, 4.5, 0.9, float(rng.uniform(0, 6))),
        )
    )
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    parts += placket(cut, fabric, thread, button, 9)
    for s in (-1, 1):
        parts += patch(s * 11.0, 21.5, 9.5, 10.0, fabric, thread, flap=4.2, button=button)
    parts += belt(fabric, 43.5, cut.waist + 0.4, thread, rng, 4.0)
    return parts + collar(cut, fabric, thread, pose)


def jumpsuit(fabric: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str) -> list[Part]:
    """Wide-leg jumpsuit: short sleeves, notched neck, tie belt."""
    cut = Cut(
        shoulder=18.0, neck=7.0, drop=15.0, chest=21.5, armhole=21.5, waist=17.0, waist_at=40, sleeve=20, cuff=8.8
    )
    legs = Trousers(
        waist=17.0, hip=23.0, hip_at=19, crotch=29, thigh=13.2, knee=12.8, calf=13.4, ankle=14.0, length=98, gap=1.5
    )
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, hem=thread).parts
    shape, _, _, hems = trouser_shape(legs, pose)
    down = np.array([0.0, 40.0])
    folds = [Fold(f.line + down, f.width * 1.5, f.height * 0.8) for f in leg_folds(legs, pose, rng, 0.7)]
    for s, (a, b) in zip((-1, 1), hems, strict=True):
        low = smooth([tuple(np.array(a) + down), tuple(np.array(b) + down)])
        folds += drop(rng, smooth([(s * 19, 58), (s * 5, 66)]), low, 6, 2.2, 0.8)
    parts.append(Panel(shape + down, fabric, folds=folds + gathered(17.0, 41, rng, 6, 14), round=6.0, cast=0.3))
    parts.append(Seam([smooth([(0, 42), (0.3, 69)])], 0.35, 0.5))
    for s, (a, b) in zip((-1, 1), hems, strict=True):
        parts.append(
            Seam(
                [smooth([tuple(np.array(a) + down - [s * -0.6, 2.4]), tuple(np.array(b) + down - [s * 0.6, 2.4])])],
                0.3,
                0.35,
            )
        )
    parts.append(
        Panel(
            bodice(cut, 40.5, True),
            fabric,
            folds=torso_folds(cut, rng, 0.8) + gathered(cut.waist, 40, rng, 4, 8),
            round=2.5 + 4 * pose.body,
        )
    )
    parts += [Seam([armhole(cut), mirror(armhole(cut)), smooth([(0, 15), (0, 40)])], 0.22, 0.3)]
    parts += [Button((1.6, y), 0.65, button) for y in (20, 25.5, 31, 36.5)]
    for s in (-1, 1):
        parts += patch(s * 10.5, 21.5, 9.0, 9.5, fabric, thread, flap=3.8)
        parts.append(Seam([smooth([(s * 14.5, 44), (s * 20.2, 56)])], 0.4, 0.6))
    strip = outline(
        [(-17.4, 38.6), (0, 39.8), (17.4, 38.6)],
        [(17.4, 38.6), (17.5, 43)],
        [(17.5, 43), (0, 44.2), (-17.5, 43)],
        [(-17.5, 43), (-17.4, 38.6)],
    )
    parts += [Panel(strip, fabric, grain=90, round=1.3, lip=0.22, cast=0.5), *bow((-3.5, 41.5), fabric, rng, 6.0)]
    return parts + collar(cut, fabric, thread, pose, point=10.0, spread=1.25)
