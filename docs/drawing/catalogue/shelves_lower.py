"""The shop's shelves of trousers, skirts, dresses and scarves: cloth, thread, and where each is photographed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from docs.drawing.catalogue import bottoms, denim, dresses, fabric, prints, scarves, skirts, trousers, workwear
from docs.drawing.catalogue.product import Product


def below(rng: np.random.Generator) -> list[Product]:
    indigo, light = fabric.denim("#2f4466", rng, 0.42), fabric.denim("#9db9d6", rng, 0.25, 0.8)
    mustard, jet = fabric.twill("#b98a3e", rng), replace(fabric.jersey("#232326", rng), gloss=0.14)
    ash, ash_rib = fabric.fleece("#6b2d40", rng, 0.06), fabric.ribbed("#62293a", rng, 26)
    plum = fabric.satin("#7c2b5e", rng, 0.22)
    tooth = prints.houndstooth(fabric.plain("#ece8df", rng), "#1c1b1d")
    cord = fabric.corduroy("#9a4f27", rng)
    short = trousers.Trousers(length=40.0, thigh=11.4, knee=11.6, calf=11.8, ankle=12.0, gap=0.6)
    tartan = prints.tartan(
        fabric.plain("#a8242b", rng, rough=0.08),
        (
            (0.25, 0.22, "#1f3d34"),
            (0.25, 0.05, "#152033"),
            (0.62, 0.03, "#e9dfc6"),
            (0.75, 0.12, "#1d2a4a"),
            (0.75, 0.02, "#e2b23c"),
            (0.9, 0.015, "#e9dfc6"),
        ),
    )
    return [
        Product(
            "Classic_Mid-Rise_Skinny_Jeans",
            "bottom",
            lambda p, r: denim.jeans(indigo, p, r, "#c88a3c"),
            ("white", "grey", "boards"),
        ),
        Product(
            "Denim_Cutoff_Shorts",
            "bottom",
            lambda p, r: denim.jeans(light, p, r, "#cfa468", short, 0.35, frayed=True),
            ("white", "beige", "boards"),
        ),
        Product(
            "Slim_Cotton_Chinos",
            "bottom",
            lambda p, r: bottoms.chinos(mustard, p, r, "#d0a560"),
            ("white", "sky", "marble"),
        ),
        Product(
            "High-Waist_Active_Leggings",
            "bottom",
            lambda p, r: bottoms.leggings(jet, p, r, "#54545a"),
            ("lilac", "white", "grey"),
        ),
        Product(
            "Drawstring_Fleece_Joggers",
            "bottom",
            lambda p, r: bottoms.joggers(ash, ash_rib, p, r, "#8d4d5f", "#e9dfd2"),
            ("beige", "white", "oak"),
        ),
        Product(
            "Pleated_Satin_Midi_Skirt",
            "skirt",
            lambda p, r: skirts.pleated_skirt(plum, p, r),
            ("white", "blush", "plaster"),
        ),
        Product(
            "Houndstooth_Pencil_Skirt",
            "skirt",
            lambda p, r: skirts.pencil_skirt(tooth, p, r, "#555555"),
            ("beige", "blush", "oak"),
        ),
        Product(
            "Corduroy_A-Line_Skirt",
            "skirt",
            lambda p, r: skirts.buttoned_skirt(cord, p, r, "#bb7346", "#d9b98a"),
            ("cream", "mint", "boards"),
        ),
        Product(
            "Tartan_Fringe_Scarf",
            "scarf",
            lambda p, r: scarves.scarf(tartan, p, r, "#a2343a"),
            ("white", "stone", "linen"),
        ),
    ]


def dressed(rng: np.random.Generator) -> list[Product]:
    rose = prints.flowers(fabric.plain("#3f5f73", rng, drape=1.2), rng, ("#e7a9a0", "#f1e3d2", "#d9767a"), "#6f8f6a")
    spotted = prints.dots(fabric.plain("#191a20", rng, 0.06, 1.1), "#f1ede3", 5, 0.22, 17.0)
    sage = fabric.plain("#93aa86", rng, rough=0.10)
    champagne, teal = fabric.satin("#bfa06f", rng, 0.5), fabric.plain("#4f8580", rng, rough=0.08)
    spots = prints.leopard(fabric.satin("#c99a5d", rng, 0.12, 1.1), rng, "#2a1c14", "#8a5a2c")
    white = fabric.plain("#f1ede3", rng)
    return [
        Product(
            "Floral_Flutter_Maxi_Dress",
            "dress",
            lambda p, r: dresses.maxi(rose, p, r, "#7f97a3"),
            ("cream", "blush", "plaster"),
        ),
        Product(
            "Polka_Dot_Skater_Dress",
            "dress",
            lambda p, r: dresses.mini(spotted, white, p, r, "#3a3a40"),
            ("white", "mint", "grey"),
        ),
        Product(
            "Belted_Linen_Shirt_Dress",
            "dress",
            lambda p, r: workwear.shirt_dress(sage, p, r, "#b9c9ae", "#efe9dc"),
            ("white", "cream", "plaster"),
        ),
        Product(
            "Satin_Cowl_Slip_Dress", "strappy", lambda p, r: dresses.slip(champagne, p, r), ("slate", "grey", "lilac")
        ),
        Product(
            "Wide-Leg_Utility_Jumpsuit",
            "dress",
            lambda p, r: workwear.jumpsuit(teal, p, r, "#7fb0aa", "#e6dcc4"),
            ("beige", "white", "mint"),
        ),
        Product(
            "Leopard_Button_Mini_Skirt",
            "skirt",
            lambda p, r: skirts.buttoned_skirt(spots, p, r, "#9a6d3a", "#2a1c14"),
            ("white", "stone", "marble"),
        ),
    ]
