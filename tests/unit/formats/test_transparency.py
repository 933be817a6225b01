"""What shows of a transparent picture, against the plain formula."""

import numpy as np

from src.formats.transparency import on_white

RNG = np.random.default_rng(7)


def test_blending_is_exact_for_every_colour_and_alpha() -> None:
    colour, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    result = on_white(np.dstack([colour, colour, colour, alpha]))
    exact = colour * (alpha / 255.0) + 255 - alpha
    assert np.abs(result[..., 0] - exact).max() <= 0.5 + 1e-9


def test_premultiplied_blending_never_wraps_round() -> None:
    colour, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    result = on_white(np.dstack([colour, colour, colour, alpha]), premultiplied=True)
    assert np.array_equal(result[..., 0], np.minimum(colour, alpha).astype(int) + 255 - alpha)


def test_blocks_of_rows_make_no_difference() -> None:
    large = RNG.integers(0, 256, (700, 900, 4), np.uint8)
    parts = np.vstack([on_white(large[i : i + 50]) for i in range(0, 700, 50)])
    assert np.array_equal(on_white(large), parts)
