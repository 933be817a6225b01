"""Patterned fabrics: stripes, checks, tartan, dots, flowers and knitted-in motifs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from docs.drawing.catalogue.fabric import TILE, Fabric, Plane, grid, linear, wave


def stripes(base: Fabric, code: str, count: int = 5, share: float = 0.4, span: float = 14.0) -> Fabric:
    """Horizontal stripes of another colour, `count` to a tile, each `share` of its period wide."""
    _, y = grid()
    inside = soft(share / 2 - np.abs(np.mod(y * count, 1.0) - 0.5), 0.02)
    return recolour(base, code, inside, span)


def dots(base: Fabric, code: str, count: int = 5, radius: float = 0.24, span: float = 14.0) -> Fabric:
    """Polka dots in staggered rows."""
    x, y = grid()
    row = np.floor(y * count * 2)
    across = np.mod(x * count + 0.5 * np.mod(row, 2), 1.0) - 0.5
    down = (np.mod(y * count * 2, 1.0) - 0.5) / 2
    return recolour(base, code, soft(radius - np.hypot(across, down), 0.03), span)


def buffalo(base: Fabric, code: str, count: int = 2, span: float = 14.0) -> Fabric:
    """Two-colour check: full colour where warp and weft agree, half where they cross."""
    x, y = grid()
    warp, weft = soft(np.mod(x * count, 1.0) - 0.5, 0.005), soft(np.mod(y * count, 1.0) - 0.5, 0.005)
    rib = wave((x + y) * 60)
    blend = np.where(warp == weft, warp, 0.35 + 0.35 * rib)
    return recolour(base, code, blend.astype(np.float32), span)


def tartan(base: Fabric, bands: Sequence[tuple[float, float, str]], span: float = 18.0) -> Fabric:
    """Tartan sett: each band is (centre, width, colour), shares of the tile, woven both ways."""
    x, y = grid()
    rib = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * (x + y) * 48)).astype(np.float32)
    warp, weft = base.colour.copy(), base.colour.copy()
    for centre, width, code in bands:
        for sheet, line in ((warp, x), (weft, y)):
            away = np.abs(np.mod(line - centre + 0.5, 1.0) - 0.5)
            inside = soft(width / 2 - away, 0.004)[..., None]
            sheet += inside * (linear(code) - sheet)
    return replace(base, colour=warp * rib[..., None] + weft * (1 - rib[..., None]), span=span)


def houndstooth(base: Fabric, code: str, count: int = 6, span: float = 14.0) -> Fabric:
    """Broken check of a four-and-four twill."""
    ends = np.arange(TILE) * count * 8 // TILE
    column, row = np.meshgrid(ends, ends)
    over = np.mod(column + row, 8) < 4
    dark = np.where(over, np.mod(column, 8) < 4, np.mod(row, 8) < 4)
    return recolour(base, code, cv2.GaussianBlur(dark.astype(np.float32), (0, 0), 0.8), span)


def herringbone(base: Fabric, code: str, count: int = 8, span: float = 14.0) -> Fabric:
    """Zigzag twill of suiting wool."""
    x, y = grid()
    zigzag = np.abs(np.mod(x * count, 1.0) - 0.5) * 2
    line = soft(np.sin(2 * np.pi * (y * count * 5 + zigzag * 1.6)) * 0.5, 0.3)
    return recolour(base, code, 0.75 * line, span)


def flowers(
    base: Fabric,
    rng: np.random.Generator,
    petals: Sequence[str],
    leaf: str,
    count: int = 26,
    size: float = 24.0,
    span: float = 26.0,
) -> Fabric:
    """Scattered blossoms with leaves; `size` is a blossom's radius in tile pixels."""
    sheet = base.colour.copy()
    tone = base.colour / np.maximum(base.colour.mean(axis=(0, 1)), 1e-3)
    for k, (x, y) in enumerate(_scatter(rng, count)):
        radius = size * rng.uniform(0.55, 1.15)
        turn = rng.uniform(0, 360)
        for side in (-1, 1):
            tip = np.array([x, y]) + 1.5 * radius * _unit(turn + 40 * side)
            _blob(sheet, tip, (radius * 0.75, radius * 0.24), turn + 40 * side, linear(leaf) * rng.uniform(0.7, 1.3))
        colour = linear(petals[k % len(petals)])
        for i in range(5):
            angle = turn + 72 * i
            spot = np.array([x, y]) + 0.55 * radius * _unit(angle)
            _blob(sheet, spot, (radius * 0.52, radius * 0.40), angle, colour * rng.uniform(0.85, 1.1))
            _blob(sheet, spot - 0.2 * radius * _unit(angle), (radius * 0.25, radius * 0.12), angle, colour * 0.55)
        _blob(sheet, np.array([x, y]), (radius * 0.2, radius * 0.2), 0, linear("#e8b84a"))
    return replace(base, colour=(sheet * tone).astype(np.float32), span=span)


def fair_isle(base: Fabric, codes: Sequence[str], span: float = 28.0) -> Fabric:
    """Bands of knitted motifs, one stitch a cell: diamonds, crosses and small checks."""
    cells = 64
    a, b = np.meshgrid(np.arange(cells), np.arange(cells))
    pattern = np.zeros((cells, cells), dtype=np.int32)
    diamond = np.abs(np.mod(a, 16) - 8) + np.abs(b - 14)
    pattern[(b >= 4) & (b <= 24) & ((diamond == 8) | (diamond < 3) | (diamond == 5))] = 1
    pattern[(b == 2) | (b == 26)] = 2
    pattern[(b >= 30) & (b < 36) & (np.mod(a + (b - 30) // 2 * 2, 4) < 2)] = 2
    cross = (np.mod(a, 8) == 4) | (b == 46) & (np.abs(np.mod(a, 8) - 4) <= 2)
    pattern[(b >= 43) & (b <= 49) & cross] = 1
    pattern[(b == 40) | (b == 52)] = 3 if len(codes) > 2 else 2
    pattern[(b >= 56) & (b < 60) & (np.mod(a + b, 4) == 0)] = 1
    big = cv2.resize(pattern.astype(np.uint8), (TILE, TILE), interpolation=cv2.INTER_NEAREST)
    x, y = grid()
    loops = wave(x * cells) * (0.6 + 0.4 * wave(y * cells))
    result = replace(base, relief=base.relief * 0.3 + 0.03 * loops)
    for k, code in enumerate(codes, start=1):
        result = recolour(result, code, cv2.GaussianBlur((big == k).astype(np.float32), (0, 0), 0.9), span)
    return result


def leopard(base: Fabric, rng: np.random.Generator, ring: str, spot: str, span: float = 17.0) -> Fabric:
    """Rosettes: broken dark rings around browner spots, and small solid spots between them."""
    sheet = base.colour.copy()
    tone = base.colour.mean(axis=2, keepdims=True) / base.colour.mean()
    for k, (x, y) in enumerate(_scatter(rng, 62)):
        centre, turn = np.array([x, y]), rng.uniform(0, 360)
        size = 17.0 * rng.uniform(0.75, 1.2)
        if k % 4 == 3:
            _blob(sheet, centre, (size * 0.5, size * 0.34), turn, linear(ring))
            continue
        _blob(sheet, centre, (size * 0.95, size * 0.75), turn, linear(spot))
        for i in range(4):
            angle = turn + 90 * i + rng.uniform(-16, 16)
            if rng.random() < 0.82:
                _blob(
                    sheet,
                    centre + size * rng.uniform(0.8, 1.0) * _unit(angle),
                    (size * 0.62, size * 0.27),
                    angle + 90,
                    linear(ring),
                )
    return replace(base, colour=(cv2.GaussianBlur(sheet, (0, 0), 0.8) * tone).astype(np.float32), span=span)


def soft(distance: Plane, width: float) -> Plane:
    """0 outside, 1 inside, with an edge `width` wide around distance 0."""
    return np.clip(distance / width + 0.5, 0, 1).astype(np.float32)


def recolour(base: Fabric, code: str, share: Plane, span: float) -> Fabric:
    """Dye part of a cloth another colour and keep its threads: `share` is 0..1 at each pixel."""
    tone = base.colour.mean(axis=2) / max(float(base.colour.mean()), 1e-4)
    other = linear(code) * np.clip(tone, 0.6, 1.5)[..., None]
    mixed = base.colour + share[..., None] * (other - base.colour)
    return replace(base, colour=mixed.astype(np.float32), span=span)


def _scatter(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Spots spread evenly over the tile, edges wrapped: each is the best of a dozen tries."""
    spots: list[tuple[float, float]] = []
    for _ in range(count):
        tries = rng.uniform(0, TILE, (14, 2))
        room = [min((float(np.hypot(*_wrapped(t - s))) for s in map(np.array, spots)), default=0.0) for t in tries]
        best = tries[int(np.argmax(room))]
        spots.append((float(best[0]), float(best[1])))
    return spots


def _wrapped(delta: Plane) -> Plane:
    return (delta + TILE / 2) % TILE - TILE / 2


def _unit(degrees: float) -> Plane:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], dtype=np.float32)


def _blob(sheet: Plane, centre: Plane, axes: tuple[float, float], degrees: float, colour: Plane) -> None:
    """Paint one filled ellipse, and its copies across the tile's edges."""
    value = tuple(float(c) for c in colour)
    size = (max(1, round(axes[0])), max(1, round(axes[1])))
    for dx in (-TILE, 0, TILE):
        for dy in (-TILE, 0, TILE):
            spot = (round(float(centre[0])) + dx, round(float(centre[1])) + dy)
            cv2.ellipse(sheet, spot, size, degrees, 0, 360, value, -1)
