"""Smooth lines: the pattern pieces of a garment are cut along them.

A path is an (n, 2) float64 array of points in centimetres of cloth, x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]
Point = tuple[float, float]
# Maps two grids of garment coordinates, x and y in centimetres, to one value a grid point.
Field = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
STEP = 0.7  # centimetres between the points of a smoothed line: finer than a pixel of the finished photo


def smooth(points: Sequence[Point] | Path, step: float = STEP) -> Path:
    """Lay a centripetal Catmull-Rom spline through points.

    Parameters
    ----------
    points : sequence of (x, y), at least 2
        The line goes through each of them.
    step : float
        Distance between the points of the answer, in centimetres.

    Returns
    -------
    Path
        (n, 2) float64; begins and ends exactly at the first and last point.
    """
    p = np.asarray(points, dtype=np.float64)
    if len(p) == 2:
        n = max(2, int(np.hypot(*(p[1] - p[0])) / step) + 1)
        return np.asarray(p[0] + np.linspace(0.0, 1.0, n)[:, None] * (p[1] - p[0]))
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    pieces = [_span(p[i : i + 4], step) for i in range(len(p) - 3)]
    return np.vstack([*pieces, p[-2:-1]])


def _span(p: Path, step: float) -> Path:
    """Points of one spline span, from p[1] up to but without p[2]."""
    knots = np.concatenate([[0.0], np.cumsum(np.maximum(np.hypot(*np.diff(p, axis=0).T), 1e-6) ** 0.5)])
    n = max(2, int(np.hypot(*(p[2] - p[1])) / step) + 1)
    t = np.linspace(knots[1], knots[2], n, endpoint=False)[:, None]

    def mix(a: Path, b: Path, i: int, j: int) -> Path:
        return np.asarray((a * (knots[j] - t) + b * (t - knots[i])) / (knots[j] - knots[i]))

    a1, a2, a3 = mix(p[0], p[1], 0, 1), mix(p[1], p[2], 1, 2), mix(p[2], p[3], 2, 3)
    return mix(mix(a1, a2, 0, 2), mix(a2, a3, 1, 3), 1, 2)


def outline(*segments: Sequence[Point] | Path) -> Path:
    """Join smoothed segments into one closed outline; corners stay sharp where segments meet."""
    return np.vstack([smooth(segment) for segment in segments])


def mirror(points: Sequence[Point] | Path) -> Path:
    """The same line on the other side of the garment, run backwards."""
    p = np.asarray(points, dtype=np.float64)[::-1].copy()
    p[:, 0] *= -1
    return p


def beside(path: Path, distance: float) -> Path:
    """A line that runs beside `path`, `distance` centimetres to its left as seen when walking along it."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)[:, None]
    return path + distance * np.column_stack([tangent[:, 1], -tangent[:, 0]])


def band(path: Path, width: float) -> Path:
    """Outline of the strip between `path` and the line `width` centimetres beside it."""
    return np.vstack([path, beside(path, width)[::-1]])


def at(path: Path, share: float) -> Point:
    """The point that lies `share` (0..1) of the way along `path`."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    want = share * length[-1]
    return float(np.interp(want, length, path[:, 0])), float(np.interp(want, length, path[:, 1]))


def part(path: Path, start: float, end: float) -> Path:
    """The stretch of `path` between two shares (0..1) of its length."""
    return np.array([at(path, s) for s in np.linspace(start, end, max(2, int(len(path) * abs(end - start)) + 1))])


def polar(origin: Point, degrees: float, distance: float) -> Point:
    """The point at `distance` from `origin`; 0 degrees is straight down, positive turns to the right."""
    a = np.radians(degrees)
    return origin[0] + distance * float(np.sin(a)), origin[1] + distance * float(np.cos(a))


def ellipse(centre: Point, rx: float, ry: float) -> Path:
    """Closed outline of an upright ellipse."""
    a = np.linspace(0.0, 2 * np.pi, 48, endpoint=False)
    return np.column_stack([centre[0] + rx * np.cos(a), centre[1] + ry * np.sin(a)])
