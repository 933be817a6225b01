"""The shop's shelves of tops and outerwear: cloth, thread, and where each is photographed."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue import coats, fabric, jackets, knits, parkas, prints, shirts, tees, vests
from docs.drawing.catalogue.measures import Cut
from docs.drawing.catalogue.product import Product

LONG = Cut(sleeve=53, cuff=5.2, elbow=7.4, length=62)


def knitted(rng: np.random.Generator) -> list[Product]:
    coral, heather = fabric.jersey("#cf5546", rng), fabric.fleece("#8d9298", rng, 0.10)
    breton = prints.stripes(fabric.jersey("#f1ece0", rng), "#1f2c52", 7, 0.40)
    cream = fabric.jersey("#f1ece0", rng)
    heather_rib = fabric.ribbed("#8a8f95", rng, 24)
    wine = prints.fair_isle(fabric.jersey("#9c2a34", rng), ("#efe6d3", "#d7a24a", "#23405a"))
    wine_rib, aran, aran_rib = (
        fabric.ribbed("#8f2530", rng),
        fabric.cable("#e9dfc8", rng),
        fabric.ribbed("#e6dbc3", rng, 14),
    )
    lilac = fabric.ribbed("#b9a3cf", rng, 34, 0.05)
    green, green_trim = fabric.plain("#1f6b4b", rng, rough=0.09), fabric.ribbed("#1b5f43", rng, 34, 0.04)
    flannel = prints.buffalo(fabric.twill("#b3262e", rng), "#1b1a1c")
    blush = fabric.satin("#e3b7ae", rng)
    sun = fabric.jersey("#e0b23a", rng)
    return [
        Product(
            "Scoop-Neck_Cotton_Tee", "top", lambda p, r: tees.tee(coral, p, r, "#e58878"), ("white", "cream", "boards")
        ),
        Product(
            "Breton_Striped_Long-Sleeve_Tee",
            "top",
            lambda p, r: tees.tee(breton, p, r, "#e8e2d6", LONG, rib=cream),
            ("sky", "grey", "oak"),
        ),
        Product(
            "V-Neck_Slub_Tee",
            "top",
            lambda p, r: tees.tee(sun, p, r, "#f0cf72", Cut(drop=15), sharp=True),
            ("white", "sky", "linen"),
        ),
        Product(
            "Heathered_Fleece_Hoodie",
            "top",
            lambda p, r: knits.hoodie(heather, heather_rib, p, r, "#a9adb2", "#e6e4df"),
            ("white", "blush", "oak"),
        ),
        Product(
            "Fair_Isle_Knit_Sweater",
            "top",
            lambda p, r: knits.sweater(wine, wine_rib, p, r),
            ("cream", "stone", "boards"),
        ),
        Product(
            "Cable_Knit_Cardigan",
            "top",
            lambda p, r: knits.cardigan(aran, aran_rib, p, r, "#7a5230"),
            ("slate", "stone", "oak"),
        ),
        Product(
            "Ribbed_Scoop_Tank_Top",
            "sleeveless",
            lambda p, r: knits.tank(lilac, p, r, "#cfc0df"),
            ("white", "mint", "marble"),
        ),
        Product(
            "Pique_Polo_Shirt",
            "top",
            lambda p, r: shirts.polo(green, p, r, "#3d8a69", green_trim, "#e8e2d0"),
            ("white", "beige", "boards"),
        ),
        Product(
            "Buffalo_Plaid_Flannel_Shirt",
            "top",
            lambda p, r: shirts.shirt(flannel, p, r, "#5c2024", "#e5dccb"),
            ("white", "plaster", "oak"),
        ),
        Product(
            "Ruffled_Satin_Blouse",
            "top",
            lambda p, r: shirts.blouse(blush, p, r, "#eac9c1"),
            ("cream", "blush", "marble"),
        ),
    ]


def outerwear(rng: np.random.Generator) -> list[Product]:
    camel = fabric.twill("#c4aa86", rng, 60, 0.08)
    olive, olive_rib = fabric.nylon("#4d5636", rng, 0.22), fabric.ribbed("#3b4229", rng, 26)
    wash = fabric.denim("#5d83b0", rng, 0.32, 0.62)
    black = fabric.leather("#1d1c1e", rng)
    suiting = prints.herringbone(fabric.plain("#8a6b52", rng), "#5c4534")
    lining = fabric.satin("#2f4257", rng, 0.15)
    khaki, fur, quilt_lining = (
        fabric.plain("#7b7a55", rng, 0.05),
        fabric.fleece("#b39a78", rng, 0.2),
        fabric.plain("#c9b48e", rng),
    )
    navy, rust = fabric.nylon("#23345e", rng, 0.26), fabric.nylon("#c9662f", rng, 0.1)
    return [
        Product(
            "Cropped_Trench_Coat",
            "top",
            lambda p, r: coats.trench(camel, p, r, "#a98a60", "#5b432c"),
            ("grey", "white", "plaster"),
        ),
        Product(
            "Herringbone_Wool_Blazer",
            "top",
            lambda p, r: coats.blazer(suiting, lining, p, r, "#7a5e48", "#3a2a20"),
            ("white", "beige", "plaster"),
        ),
        Product(
            "Hooded_Utility_Parka",
            "top",
            lambda p, r: parkas.parka(khaki, fur, quilt_lining, p, r, "#98966c", "#8a7b52"),
            ("sky", "white", "plaster"),
        ),
        Product(
            "Satin_Bomber_Jacket",
            "top",
            lambda p, r: jackets.bomber(olive, olive_rib, p, r, "#5f6845"),
            ("blush", "stone", "boards"),
        ),
        Product(
            "Denim_Trucker_Jacket",
            "top",
            lambda p, r: jackets.trucker(wash, p, r, "#c98f47"),
            ("cream", "beige", "oak"),
        ),
        Product(
            "Faux_Leather_Moto_Jacket",
            "top",
            lambda p, r: jackets.biker(black, p, r, "#3a393b"),
            ("white", "grey", "marble"),
        ),
        Product(
            "Quilted_Puffer_Vest",
            "sleeveless",
            lambda p, r: vests.vest(navy, rust, p, r),
            ("white", "stone", "boards"),
        ),
    ]
