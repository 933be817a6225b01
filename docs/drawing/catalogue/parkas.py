"""The parka."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.bodice import armhole, sleeve, torso
from docs.drawing.catalogue.curves import mirror, outline, smooth
from docs.drawing.catalogue.fabric import Fabric
from docs.drawing.catalogue.measures import Cut, Pose
from docs.drawing.catalogue.parts import Button, Cord, Fold, Panel, Part, Seam, Stitch, drop
from docs.drawing.catalogue.tees import torso_folds
from docs.drawing.catalogue.trims import patch


def parka(
    fabric: Fabric, fur: Fabric, lining: Fabric, pose: Pose, rng: np.random.Generator, thread: str, button: str
) -> list[Part]:
    """Parka: fur-trimmed hood, storm placket with snaps, drawn waist, four pockets."""
    cut = Cut(
        shoulder=20.5,
        sleeve=55,
        cuff=6.4,
        elbow=9.4,
        length=84,
        hem=27.5,
        waist=23.5,
        waist_at=47,
        chest=25.5,
        drop=9.0,
        neck=8.0,
        armhole=25,
        dip=1.4,
    )
    parts: list[Part] = []
    for which in (-1, 1):
        parts += sleeve(cut, pose, fabric, rng, which, cuff=fabric, cuff_long=4.5, blouse=1.0).parts
    low = smooth([(-cut.hem, cut.length), (cut.hem, cut.length)])
    tie = smooth([(-cut.waist, 48), (0, 49), (cut.waist, 48)])
    folds = torso_folds(cut, rng, 0.9) + drop(rng, tie, low, 8, 2.2, 0.6)
    folds += [
        Fold(smooth([(x, 48 + k * 0.6), (x * 1.03, 48 + k * rng.uniform(4, 8))]), 0.9, 0.5)
        for x in np.linspace(-21, 21, 17)
        for k in (-1, 1)
    ]
    parts.append(Panel(torso(cut), fabric, folds=folds, round=3.0 + 4.5 * pose.body, cast=0.4, crumple=1.1))
    parts += [
        Seam([armhole(cut), mirror(armhole(cut))], 0.22, 0.3),
        Seam([tie], 0.9, 0.55),
        Stitch(tie - [0, 0.9], thread),
        Stitch(tie + [0, 0.9], thread),
    ]
    for s in (-1, 1):
        parts += patch(s * 14.5, 55.0, 13.0, 15.0, fabric, thread, flap=6.0, peak=0.5, button=button)
        parts += patch(s * 12.8, 25.0, 10.5, 11.0, fabric, thread, flap=5.0, peak=0.5, button=button)
    strip = outline(
        [(-3.0, 9), (3.2, 9)], [(3.2, 9), (3.2, 85.2)], [(3.2, 85.2), (-3.0, 85.2)], [(-3.0, 85.2), (-3.0, 9)]
    )
    parts += [
        Panel(strip, fabric, round=0.8, lip=0.22, crumple=0.6, cast=0.5),
        *[Stitch(smooth([(x, 9.5), (x, 85)]), thread) for x in (-2.4, 2.6)],
    ]
    parts += [Button((0.0, float(y)), 0.9, button, holes=0, gloss=0.6) for y in np.linspace(15, 80, 7)]
    parts += [Cord(smooth([(s * 4.2, 48.8), (s * 5.2, 54), (s * 4.6, 60)]), 0.5, "#cfc3a4") for s in (-1, 1)]
    return parts + fur_hood(fabric, fur, lining, rng)


def fur_hood(fabric: Fabric, fur: Fabric, lining: Fabric, rng: np.random.Generator) -> list[Part]:
    """A hood lying open, its rim trimmed with fur."""
    hood = outline(
        [(-9.5, 5.0), (-14, -4.0), (-12, -12.5), (0, -16.5), (12, -12.5), (14, -4.0), (9.5, 5.0)],
        [(9.5, 5.0), (0, 10.5), (-9.5, 5.0)],
    )
    inner = outline(
        [(-7.0, 3.0), (-8.5, -4.0), (-6.0, -9.5), (0, -11.5), (6.0, -9.5), (8.5, -4.0), (7.0, 3.0)],
        [(7.0, 3.0), (0, 10.8), (-7.0, 3.0)],
    )
    a = np.linspace(-0.62 * np.pi, 0.62 * np.pi, 150) - np.pi / 2
    shag = 1 + 0.07 * np.sin(a * 41) + 0.05 * np.sin(a * 67 + 1) + 0.05 * rng.standard_normal(a.size)
    rim_out = np.column_stack(
        [13.2 * np.cos(a) * shag, -3.0 + 12.6 * np.sin(a) * shag + 0.12 * np.abs(13.2 * np.cos(a))]
    )
    rim_in = np.column_stack([8.4 * np.cos(a) / shag, -2.2 + 8.4 * np.sin(a) / shag])
    strands = [
        Fold(np.vstack([rim_in[i], rim_out[i] + rng.uniform(-0.8, 0.8, 2)]), 0.5, float(rng.choice([-0.5, 0.5])))
        for i in range(2, 148, 2)
    ]
    return [
        Panel(hood, fabric, round=4.0, lip=0.2, cast=0.5),
        Panel(inner, lining, round=1.5, cast=0, inside=0.5),
        Panel(np.vstack([rim_out, rim_in[::-1]]), fur, folds=strands, round=2.2, lip=0.3, cast=0.55),
    ]
