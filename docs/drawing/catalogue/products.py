"""All products of the shop."""

from __future__ import annotations

import numpy as np

from docs.drawing.catalogue.product import Product
from docs.drawing.catalogue.shelves_lower import below, dressed
from docs.drawing.catalogue.shelves_upper import knitted, outerwear


def products() -> list[Product]:
    """All products, in the order of the catalogue; their cloth is woven anew, the same every time."""
    rng = np.random.default_rng(20160627)
    return [*knitted(rng), *outerwear(rng), *below(rng), *dressed(rng)]
