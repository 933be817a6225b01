"""Posing: bends a finished list of parts as a whole, so that no two photos show the same outline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from docs.drawing.catalogue.curves import Path
from docs.drawing.catalogue.parts import Button, Cord, Panel, Part, Seam, Stitch

Move = Callable[[Path], Path]


def moved(piece: Part, move: Move, mirrored: bool = False) -> Part:
    """The same part with every point moved; `mirrored` says that left and right change places."""
    if isinstance(piece, Panel):
        folds = [replace(f, line=move(f.line)) for f in piece.folds]
        field = piece.field
        if mirrored and field is not None:
            kept = field
            return replace(
                piece, outline=move(piece.outline), folds=folds, grain=-piece.grain, field=lambda x, y: kept(-x, y)
            )
        return replace(piece, outline=move(piece.outline), folds=folds, grain=-piece.grain if mirrored else piece.grain)
    if isinstance(piece, Seam):
        return replace(piece, lines=[move(line) for line in piece.lines])
    if isinstance(piece, Button):
        spot = move(np.array([piece.centre], dtype=np.float64))[0]
        return replace(piece, centre=(float(spot[0]), float(spot[1])))
    if isinstance(piece, (Stitch, Cord)):
        return replace(piece, line=move(piece.line))
    raise TypeError(f"not a part of a garment: {type(piece).__name__}")


def extent(parts: list[Part]) -> tuple[float, float, float, float]:
    """Smallest box around all panels: left, top, right, bottom, in centimetres."""
    points = np.vstack([p.outline for p in parts if isinstance(p, Panel)])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def posed(parts: list[Part], turn: float, sway: float, rng: np.random.Generator) -> list[Part]:
    """Turn a garment a little about its own axis, let it sway, and let its edges wander.

    Parameters
    ----------
    parts : list of Part
    turn : float
        -0.3..0.3: how far the middle of the front moves to one side.
    sway : float
        Centimetres by which the middle bows out sideways.
    rng : numpy.random.Generator
    """
    left, top, right, bottom = extent(parts)
    half, tall = max(-left, right), max(bottom - top, 1.0)
    lean = rng.uniform(0, 2 * np.pi, 6)

    def move(points: Path) -> Path:
        x, y = points[:, 0], points[:, 1]
        share = np.clip(x / half, -1, 1)
        dx = turn * half * 0.6 * (1 - share * share) + sway * np.sin(np.pi * (y - top) / tall)
        dx = dx + 0.30 * np.sin(0.21 * y + lean[0]) + 0.16 * np.sin(0.53 * y + 0.2 * x + lean[1])
        dy = 0.25 * np.sin(0.19 * x + lean[2]) + 0.18 * np.sin(0.47 * x + 0.1 * y + lean[3])
        return np.column_stack([x + dx, y + dy])

    return [moved(p, move) for p in parts]
