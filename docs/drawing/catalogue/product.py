"""What a product of the shop is."""

from __future__ import annotations

from dataclasses import dataclass

from docs.drawing.catalogue.photo import Garment


@dataclass(frozen=True)
class Product:
    """One product.

    Attributes
    ----------
    name : str
        As in DeepFashion: words joined by underscores.
    kind : str
        'top', 'bottom', 'skirt', 'dress' or 'scarf': decides poses and holders.
    backgrounds : tuple of str
        Where the shop photographs it; the first two are used most.
    """

    name: str
    kind: str
    garment: Garment
    backgrounds: tuple[str, ...]
