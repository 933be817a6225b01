"""Plans the photo session: which photos each product gets, their numbers and the copies among them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from docs.drawing.catalogue.backdrop import FLAT
from docs.drawing.catalogue.measures import Pose
from docs.drawing.catalogue.photo import Shot
from docs.drawing.catalogue.product import Product

# How each kind of product may be shown; 'flat' needs a table, the others a wall.
HOLDERS = {
    "top": ("ghost", "ghost", "hanger", "form"),
    "sleeveless": ("ghost", "form", "hanger"),
    "bottom": ("ghost", "ghost", "clips"),
    "skirt": ("ghost", "ghost", "clips"),
    "dress": ("ghost", "form", "hanger"),
    "strappy": ("form", "hanger"),
    "scarf": ("hang",),
}
CROPS = ("full", "near", "full", "upper", "near", "full", "lower", "near")
# Query photos whose names the documentation uses.
NAMED_QUERIES = {"Classic_Mid-Rise_Skinny_Jeans": 50, "Cropped_Trench_Coat": 4}
OTHER_QUERIES = (
    "Floral_Flutter_Maxi_Dress",
    "Fair_Isle_Knit_Sweater",
    "Heathered_Fleece_Hoodie",
    "Pleated_Satin_Midi_Skirt",
    "Denim_Trucker_Jacket",
    "Tartan_Fringe_Scarf",
)


@dataclass(frozen=True)
class Photo:
    """One photo to take: its file name, the shot, and the seed of everything random in it."""

    name: str
    shot: Shot
    seed: int


def file_name(product: Product, number: int) -> str:
    """The name of a photo as DeepFashion writes it."""
    return f"{product.name}img_{number:08d}.jpg"


def photos(product: Product) -> tuple[list[Photo], Photo | None]:
    """The photos of one product: those of the catalogue, and the held-out query photo if there is one."""
    seed = zlib.crc32(product.name.encode())
    rng = np.random.default_rng(seed)
    count = 6 + int(rng.integers(0, 2)) + (product.name in NAMED_QUERIES)
    query = NAMED_QUERIES.get(product.name, int(rng.integers(60, 75)) if product.name in OTHER_QUERIES else 0)
    free = [n for n in range(1, 60) if n != query]
    numbers = sorted(rng.choice(free, count, replace=False).tolist())
    taken = [Photo(file_name(product, n), _shot(product, k, rng), seed + k) for k, n in enumerate(numbers)]
    held_out = Photo(file_name(product, query), _shot(product, 1, rng, query=True), seed + 99) if query else None
    return taken, held_out


def _shot(product: Product, k: int, rng: np.random.Generator, query: bool = False) -> Shot:
    """The k-th photo of a product: a little of everything differs from photo to photo.

    A query is taken before one of the two backgrounds the shop mostly uses for the product.
    """
    background = product.backgrounds[
        int(rng.choice(len(product.backgrounds), p=(0.7, 0.3, 0.0) if query else (0.64, 0.24, 0.12)))
    ]
    flat = background in FLAT
    holders = HOLDERS[product.kind]
    holder = "flat" if flat else holders[int(rng.integers(len(holders)))]
    if product.kind == "strappy" and flat:
        holder = "flat"
    open_arms = (22, 42) if flat else (10, 24)
    arms = rng.uniform(*open_arms, 2)
    elbows = rng.uniform(-16, 6, 2)
    pose = Pose(
        arms=(float(arms[0]), float(arms[1])),
        elbows=(float(elbows[0]), float(elbows[1])),
        spread=float(rng.uniform(-1.0, 5.0)),
        knees=(float(rng.uniform(-1.5, 2.5)), float(rng.uniform(-1.5, 2.5))),
        turn=float(rng.uniform(-0.16, 0.16)) * (not flat),
        sway=float(rng.uniform(-1.6, 1.6)),
    )
    return Shot(
        background=background,
        holder=holder,
        pose=pose,
        crop=CROPS[k % len(CROPS)],
        mirrored=bool(rng.random() < 0.35),
        tilt=float(rng.uniform(-7, 7) if flat else rng.uniform(-1.8, 1.8)),
        lamp=float(rng.choice([-1, 1], p=(0.7, 0.3)) * rng.uniform(0.3, 1.1)),
        exposure=float(rng.uniform(0.88, 1.08)),
        warmth=float(rng.uniform(-0.004, 0.030)),
        shift=(float(rng.uniform(-0.03, 0.03)), float(rng.uniform(-0.02, 0.02))),
        window=bool(rng.random() < 0.09) and background != "slate",
    )
