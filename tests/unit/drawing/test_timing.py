from pathlib import Path

import numpy as np
import pytest

from docs.drawing.figures import timing
from docs.drawing.figures.page import WIDTH, save_figure
from docs.drawing.figures.timing import draw_timing, read_times
from src.viewing.palette import ACCENT

TABLE = """# Speed

| other | table |
|---|---|
| 1 | 2 |

| images | this project, median (p95) | numpy scan | times | compareHist | loop | opening |
|---|---|---|---|---|---|---|
| 1,000 | 0.5 (1.3) | 5.1 | 11 | 5.2 | 1,530 | 0.4 |
| 1,000,000 | {time} (81) | 1,770 | 133 | 1,820 | 515,000 | 0.6 |

Text.
"""


def test_the_figure_is_drawn_from_the_table_of_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_times()[100_000]["this project"] > 0
    ends = []
    for time in ("13", "1,300"):
        (tmp_path / "speed.md").write_text(TABLE.format(time=time), "utf-8")
        monkeypatch.setattr(timing, "TABLE", tmp_path / "speed.md")
        assert read_times()[1_000_000]["this project"] == float(time.replace(",", ""))
        page = draw_timing()
        assert page.shape[1] == WIDTH
        column = (page[:, timing.PLOT.right - 1] == ACCENT).all(axis=1)
        ends.append(float(np.nonzero(column)[0].mean()))
    # Two of six steps of ten: from 0.1 ms to 1,000 s are seven.
    assert ends[0] - ends[1] == pytest.approx(2 / 7 * timing.PLOT.height, abs=2)


def test_a_figure_has_the_format_that_its_name_says(tmp_path: Path) -> None:
    for name, beginning in (("a.png", b"\x89PNG"), ("a.jpg", b"\xff\xd8\xff")):
        save_figure(str(tmp_path / name), draw_timing())
        assert (tmp_path / name).read_bytes().startswith(beginning)
