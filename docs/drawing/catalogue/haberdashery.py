"""Paints seams, stitches, buttons and cords."""

from __future__ import annotations

import cv2
import numpy as np

from docs.drawing.catalogue.canvas import SCALE, Canvas, strokes
from docs.drawing.catalogue.fabric import linear
from docs.drawing.catalogue.parts import Button, Cord, Seam, Stitch


def seam_on(canvas: Canvas, seam: Seam) -> None:
    """Press a groove, with a lit crest on the side away from the lamp."""
    lines = [canvas.pixels(line) for line in seam.lines]
    box = canvas.box(np.vstack(lines), 3 * SCALE)
    if box is None:
        return
    thick = max(1, round(seam.width * canvas.dots))
    groove = cv2.GaussianBlur(strokes(lines, box, thick), (0, 0), max(0.8, 0.35 * thick))
    way = canvas.light[:2] * max(1.0, 0.8 * thick)
    crest = cv2.warpAffine(groove, np.array([[1, 0, -way[0]], [0, 1, -way[1]]], np.float32), groove.shape[::-1])
    inside = box.of(canvas.cover)
    under = box.of(canvas.colour)
    under *= (1 - inside * seam.depth * groove + inside * 0.4 * seam.depth * crest * (1 - groove))[..., None]


def stitch_on(canvas: Canvas, stitch: Stitch) -> None:
    """Sew a row of thread, each stitch with its little shadow."""
    points = canvas.pixels(stitch.line)
    box = canvas.box(points, 3 * SCALE)
    if box is None:
        return
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    step, dash = (stitch.length + stitch.gap) * canvas.dots, stitch.length * canvas.dots
    starts = np.arange(0, walked[-1] - dash, step)
    ends = [np.column_stack([np.interp([s, s + dash], walked, points[:, i]) for i in (0, 1)]) for s in starts]
    if not ends:
        return
    thread = strokes(ends, box, max(1, round(stitch.width * canvas.dots)))
    inside = box.of(canvas.cover)
    canvas.shade(box, cv2.GaussianBlur(thread, (0, 0), 1.2) * inside, 0.35, (0, 1))
    under = box.of(canvas.colour)
    under += (thread * inside)[..., None] * (0.85 * linear(stitch.colour) - under)


def button_on(canvas: Canvas, button: Button) -> None:
    """Sew on a button."""
    centre = canvas.pixels(np.array([button.centre]))[0]
    radius = button.radius * canvas.dots
    box = canvas.box(centre[None], int(radius * 1.6) + 3 * SCALE)
    if box is None:
        return
    yy, xx = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    dx, dy = (xx - centre[0]) / radius, (yy - centre[1]) / radius
    far = np.hypot(dx, dy)
    mask = np.clip((1 - far) * radius + 0.5, 0, 1)
    rim = np.exp(-(((far - 0.82) / 0.14) ** 2))
    facing = (-dx * canvas.light[0] - dy * canvas.light[1]) * -1
    tone = 0.8 + 0.35 * facing * (far > 0.75) - 0.30 * facing * (far <= 0.75) * far + 0.22 * rim
    for k in range(button.holes):
        a = np.pi * (0.25 + 2 * k / max(button.holes, 1))
        tone *= 1 - 0.75 * np.exp(-(((dx - 0.27 * np.cos(a)) ** 2 + (dy - 0.27 * np.sin(a)) ** 2) / 0.012))
    canvas.shadow(mask, box, 0.6, 0.22)
    glint = button.gloss * np.exp(-(((dx - 0.4 * canvas.light[0]) ** 2 + (dy - 0.4 * canvas.light[1]) ** 2) / 0.06))
    lit = linear(button.colour) * tone[..., None] + glint[..., None]
    under = box.of(canvas.colour)
    under += mask[..., None] * (lit.astype(np.float32) - under)
    np.maximum(box.of(canvas.cover), mask, out=box.of(canvas.cover))


def cord_on(canvas: Canvas, cord: Cord) -> None:
    """Lay a round cord."""
    points = canvas.pixels(cord.line)
    thick = max(2, round(cord.width * canvas.dots))
    box = canvas.box(points, 2 * thick + 3 * SCALE)
    if box is None:
        return
    mask = strokes([points], box, thick)
    swell = cv2.GaussianBlur(mask, (0, 0), max(0.8, 0.3 * thick))
    gx, gy = cv2.Scharr(swell, cv2.CV_32F, 1, 0) / 32 * thick, cv2.Scharr(swell, cv2.CV_32F, 0, 1) / 32 * thick
    key = 1 - 0.9 * (gx * canvas.light[0] + gy * canvas.light[1])
    glint = cord.gloss * np.clip(key - 1.1, 0, 1) * 2
    canvas.shadow(mask, box, cord.cast, 0.5 * cord.width)
    lit = linear(cord.colour) * np.clip(key, 0.3, 1.6)[..., None] + glint[..., None]
    under = box.of(canvas.colour)
    under += mask[..., None] * (lit - under)
    np.maximum(box.of(canvas.cover), mask, out=box.of(canvas.cover))
