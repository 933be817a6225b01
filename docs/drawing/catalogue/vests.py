"""The quilted vest."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, flip, torso
from docs.drawing.catalogue.curves import band, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back
from docs.drawing.catalogue.parts import Panel, Part, Seam
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.zips import zip_line


def vest(fabric: Fabric, lining: Fabric, pose: Pose, rng: np.random.Generator) -> list[Part]:
    """Quilted puffer vest with a stand-up collar."""
    cut = Cut(
        shoulder=17.5,
        slope=4.0,
        neck=7.6,
        drop=6.0,
        chest=23.5,
        armhole=25,
        waist=22.8,
        waist_at=44,
        hem=22.5,
        length=63,
    )
    step = 7.2

    def quilt(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        row = np.mod(y - 0.012 * x * x * 0.3 - 2.0, step) / step
        puff = np.sqrt(np.clip(1 - (2 * row - 1) ** 2, 0, 1))
        gather = 0.10 * np.sin(3.1 * x + 2 * np.sin(0.9 * y)) * (1 - puff)
        return np.asarray((1.5 * puff + gather).astype(np.float32))

    parts: list[Part] = back(cut, lining, pose, rise=0.8)
    stand = outline(
        [(-cut.neck - 0.6, 1.8), (-7.4, -4.4), (0, -6.2), (7.4, -4.4), (cut.neck + 0.6, 1.8)],
        [(cut.neck + 0.6, 1.8), (0, 5), (-cut.neck - 0.6, 1.8)],
    )
    if pose.holder != "form":  # the form's neck hides it
        parts.append(Panel(stand, lining, round=1.2, cast=0.2, inside=0.7))
    hole = armhole(cut)
    rim = Panel(band(hole, -1.6), fabric.darker(0.7), round=0.8, cast=0.3)
    parts.append(
        Panel(
            torso(cut),
            fabric,
            field=quilt,
            folds=torso_folds(cut, rng, 0.5),
            round=2.5 + 4.0 * pose.body,
            lip=0.4,
            cast=0.4,
            crumple=0.8,
        )
    )
    parts += [rim, flip(rim)]
    for s in (-1, 1):
        line = smooth([(s * 13.5, 43.0), (s * 18.0, 53.0)])
        parts += [Seam([line], 0.7, 0.75)]
    right = outline(
        [(0.2, 6.6), (5.4, 4.2), (cut.neck + 0.6, 1.0)],
        [(cut.neck + 0.6, 1.0), (7.9, -4.6)],
        [(7.9, -4.6), (6.0, -0.6), (0.2, 1.0)],
        [(0.2, 1.0), (0.2, 6.6)],
    )
    own = Panel(right, fabric, round=1.8, lip=0.3, crumple=0.5, cast=0.5)
    parts += [own, flip(own)]
    return parts + zip_line(smooth([(0, 1.2), (0, cut.length + 0.6)]), tape="#1d2433")
