"""Takes one photo: poses a garment, frames it, lights it, and develops the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from docs.drawing.catalogue.backdrop import backdrop
from docs.drawing.catalogue.canvas import SCALE, Light
from docs.drawing.catalogue.fabric import Plane
from docs.drawing.catalogue.holders import clips, stand
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.parts import Part
from docs.drawing.catalogue.pose import extent, posed
from docs.drawing.catalogue.stage import Stage

SIZE = 300  # pixels on a side of a photo
Garment = Callable[[Pose, np.random.Generator], list[Part]]


@dataclass(frozen=True)
class Shot:
    """Everything that differs between two photos of one product.

    Attributes
    ----------
    holder : str
        'ghost' worn by nobody, 'hanger', 'clips', 'form' or 'flat' on a table.
    crop : str
        'full', 'near' (the garment fills the frame), 'upper', 'lower' or 'detail'.
    window : bool
        Sunlight falls through a window: soft shadows of its bars cross the picture.
    """

    background: str
    holder: str
    pose: Pose
    crop: str = "full"
    mirrored: bool = False
    tilt: float = 0.0
    lamp: float = -0.6
    exposure: float = 1.0
    warmth: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    window: bool = False


def shoot(garment: Garment, shot: Shot, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one photo.

    Parameters
    ----------
    garment : callable
        Sews the parts for a pose.
    shot : Shot
    rng : numpy.random.Generator

    Returns
    -------
    uint8 (SIZE, SIZE, 3)
        BGR.
    """
    pose = replace(
        shot.pose,
        holder=shot.holder if shot.holder in ("hanger", "form") else "",
        body=0.15 if shot.holder == "flat" else 1.0,
    )
    parts = posed(garment(pose, rng), pose.turn, pose.sway, rng)
    frame = extent(parts)
    if shot.holder == "clips":
        parts = parts + clips(min(-frame[0], frame[2]) * 0.6 if frame[3] < 60 else 17.0)
    if shot.holder == "form":
        parts = stand(frame[3] + 80) + parts
    light = Light((np.sin(shot.lamp) * 0.75, -0.55, 0.85), 0.38 if shot.holder != "flat" else 0.34)
    stage = Stage(SIZE, _framing(frame, shot), light, rng)
    stage.draw(parts)
    behind = backdrop(shot.background, stage.side, stage.light, rng)
    return _develop(stage, _shadowed(behind, stage, shot.holder), shot, rng)


def _framing(frame: tuple[float, float, float, float], shot: Shot) -> NDArray[np.float64]:
    """The matrix that places a garment, whose box in centimetres is `frame`, in the picture."""
    left, top, right, bottom = frame
    hang = {"hanger": 11.0, "clips": 15.0}.get(shot.holder, 0.0)
    top -= hang
    wide, tall = right - left, bottom - top
    whole = min(0.92 / tall, 0.94 / wide)
    cx, cy = (left + right) / 2, (top + bottom) / 2
    slim = (
        1.18 if wide < 0.62 * tall else 1.08 if shot.holder == "flat" else 1.0
    )  # a long garment is photographed closer, or it would be lost in the frame
    zoom, focus = {
        "full": (0.97, 0.0),
        "near": (1.1 * slim, -0.22),
        "upper": (1.42 * slim, -0.27),
        "lower": (1.38 * slim, 0.22),
        "detail": (1.8 * slim, -0.12),
    }[shot.crop]
    scale = whole * zoom * SIZE * SCALE
    cy += focus * tall * (1 - 1 / zoom) * 1.9
    a = np.radians(shot.tilt)
    sign = -1.0 if shot.mirrored else 1.0
    turn = scale * np.array([[np.cos(a) * sign, -np.sin(a)], [np.sin(a) * sign, np.cos(a)]])
    middle = SIZE * SCALE * (0.5 + np.array(shot.shift))
    return np.column_stack([turn, middle - turn @ np.array([cx, cy])])


def _shadowed(behind: Plane, stage: Stage, holder: str) -> Plane:
    """Shadow of the whole garment on what is behind it: tight on a table, wide and faint on a far wall."""
    layers = {
        "flat": ((0.5, 0.5, 0.42), (2.4, 1.6, 0.40)),
        "hanger": ((2.2, 2.6, 0.26), (5.0, 4.5, 0.22)),
        "clips": ((2.0, 2.4, 0.24), (5.0, 4.5, 0.22)),
    }
    small = cv2.resize(stage.cover, None, fx=1 / SCALE, fy=1 / SCALE, interpolation=cv2.INTER_AREA)
    dots = stage.dots / SCALE
    for blur, away, dark in layers.get(holder, ((3.5, 4.0, 0.14), (8.0, 7.0, 0.20))):
        soft = cv2.GaussianBlur(small, (0, 0), min(max(0.8, blur * dots), 40.0))
        way = -stage.light[:2] / stage.light[2] * away * dots
        soft = cv2.warpAffine(
            soft,
            np.array([[1, 0, way[0]], [0, 1, way[1]]], np.float32),
            soft.shape[::-1],
            borderMode=cv2.BORDER_REPLICATE,
        )
        soft = cv2.resize(soft, stage.cover.shape[::-1])
        behind = behind * (1 - dark * soft[..., None] * np.array([0.92, 0.97, 1.0], np.float32))
    return behind


def _develop(stage: Stage, behind: Plane, shot: Shot, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Composite, shrink, expose, and turn linear light into a JPEG's pixels with a little grain."""
    cover = stage.cover[..., None]
    scene = cv2.resize(behind * (1 - cover) + stage.colour * cover, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    balance = np.array([1 - shot.warmth, 1.0, 1 + shot.warmth], np.float32)
    scene = scene * balance * np.float32(shot.exposure)
    if shot.window:
        scene = scene * _window(shot, rng)[..., None]
    x, y = np.meshgrid(*[np.linspace(-1, 1, SIZE, dtype=np.float32)] * 2)
    scene = scene * (1 - 0.05 * (x * x + y * y))[..., None]
    scene = np.where(scene > 0.75, 0.75 + 0.25 * np.tanh((scene - 0.75) / 0.25), scene)  # film's soft shoulder
    tone = np.power(np.clip(scene, 0, 1), 1 / 2.2)
    tone = tone + 0.06 * (tone - 0.5) * (1 - np.abs(2 * tone - 1))
    blurred = cv2.GaussianBlur(tone, (0, 0), 0.8)
    tone = tone + 0.22 * (tone - blurred)
    grain = cv2.GaussianBlur(rng.standard_normal((SIZE, SIZE)).astype(np.float32), (0, 0), 0.6)
    tone = tone + 0.010 * grain[..., None]
    return np.asarray(np.clip(np.round(tone * 255), 0, 255).astype(np.uint8))


def _window(shot: Shot, rng: np.random.Generator) -> Plane:
    """Brightness under slanting sunlight that comes through a window with bars, (SIZE, SIZE)."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, SIZE, dtype=np.float32)] * 2)
    slant = np.float32(np.sign(shot.lamp) * rng.uniform(0.35, 0.6))
    across, down = x + slant * y + rng.uniform(-0.2, 0.2), y - 0.18 * slant * x + rng.uniform(-0.2, 0.2)
    bar = np.exp(-(((np.mod(across + 0.42, 0.84) - 0.42) / 0.055) ** 2)) + np.exp(
        -(((np.mod(down + 0.5, 1.0) - 0.5) / 0.05) ** 2)
    )
    frame = 1 / (1 + np.exp((np.abs(across) - 1.15) / 0.05))
    pane = cv2.GaussianBlur((frame * (1 - 0.8 * np.clip(bar, 0, 1))).astype(np.float32), (0, 0), 3.5)
    return np.asarray(0.80 + 0.24 * pane)
