"""Draw the sample catalogue into data/ and queries/ of the current folder."""

from __future__ import annotations

import time

from docs.drawing.catalogue import draw_catalogue


def main() -> int:
    """Draw everything and say what was written."""
    start = time.perf_counter()
    drawn = draw_catalogue("data", "queries")
    seconds = time.perf_counter() - start
    print(f"{drawn.photos} photos in data/, {drawn.queries} in queries/, {drawn.size:,} bytes, {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
