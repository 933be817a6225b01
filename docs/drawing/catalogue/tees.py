"""Knitted tops: T-shirt, striped tee, tank top, polo, sweater, hoodie."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, neckline, sleeve, torso
from docs.drawing.catalogue.curves import mirror, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.necks import back, neck_rib
from docs.drawing.catalogue.parts import Fold, Panel, Part, Seam, Stitch, across, drop, fan


def torso_folds(cut: Cut, rng: np.random.Generator, strength: float = 1.0) -> list[Fold]:
    """Drag lines from the armpits, a few soft drapes, and some slack at the waist."""
    folds: list[Fold] = []
    for s in (-1, 1):
        pit = (s * cut.pit[0], cut.pit[1])
        folds += fan(rng, pit, (-s * 8, -s * 75), (10, 24), 5, 1.6, 0.42 * strength)
        folds += fan(rng, (s * (cut.tip[0] - 1), cut.tip[1] + 2), (-s * 20, -s * 60), (8, 16), 2, 1.5, 0.28 * strength)
    low = smooth([(-cut.hem * 0.9, cut.length), (cut.hem * 0.9, cut.length)])
    mid = smooth([(-cut.chest * 0.85, cut.armhole), (cut.chest * 0.85, cut.armhole)])
    folds += drop(rng, mid, low, 7, 2.1, 0.45 * strength, 0.1)
    folds += across(rng, (0, cut.waist_at - 6), (0, cut.waist_at + 8), cut.waist, 4, 1.7, 0.3 * strength)
    return folds


TEE = Cut()


def tee(
    fabric: Fabric,
    pose: Pose,
    rng: np.random.Generator,
    thread: str,
    cut: Cut = TEE,
    sharp: bool = False,
    rib: Fabric | None = None,
) -> list[Part]:
    """T-shirt with a rib neck and stitched hems; `sharp` makes a V-neck, long sleeves come with the cut."""
    parts: list[Part] = back(cut, fabric, pose)
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, hem=thread).parts
    parts.append(Panel(torso(cut, sharp), fabric, folds=torso_folds(cut, rng), round=2.5 + 4.5 * pose.body, cast=0.4))
    parts.append(Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3))
    parts += neck_rib(neckline(cut, sharp), rib or fabric, 2.0)
    y = cut.length - 2.2
    for k in (0, 0.7):
        parts.append(
            Stitch(
                smooth([(-cut.hem + 0.8, y + k), (0, y + cut.dip + k), (cut.hem - 0.8, y + k)]), thread, 0.35, 0.2, 0.12
            )
        )
    parts.append(Seam([smooth([(-cut.hem + 0.6, y), (0, y + cut.dip), (cut.hem - 0.6, y)])], 0.3, 0.3))
    return parts
