import numpy as np
import pytest

from docs.drawing.scale import figures
from docs.drawing.scale.page import PAGE, renewed
from docs.drawing.scale.tables import POWERS, TABLES, core_hours, markdown, rounded, search_machines, size, span
from src.distance import chi_squared


def test_the_page_has_the_tables_as_they_are_computed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text, "python -m docs.drawing.scale writes them anew"


def test_every_column_of_figures_says_where_they_are_from() -> None:
    for name in TABLES:
        head, _, *rows = markdown(name).splitlines()
        columns = zip(*(line.strip("| ").split(" | ") for line in (head, *rows)), strict=True)
        for title, *cells in columns:
            is_about = title in {"pictures", "descriptor", "what", "from"}
            assert is_about or title.endswith(("(m)", "(c)")) or all(one.endswith(("(m)", "(c)")) for one in cells)


def test_a_missing_place_of_a_table_is_told() -> None:
    with pytest.raises(ValueError, match="no place for the table 'a picture'"):
        renewed("# Scale\n")


def test_ten_times_the_pictures_take_ten_times_the_computing() -> None:
    for one in figures.DESCRIPTORS:
        few, *_, many = POWERS
        assert core_hours(many, one) == pytest.approx(many / few * core_hours(few, one))
        assert search_machines(many, one)[0] >= search_machines(few, one)[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(rounded(0.0834), "0.083"), (rounded(18_437), "18,000"), (size(9.9e12), "9.9 TB"), (span(2700), "45 min")],
)
def test_figures_are_told_to_two_digits(text: str, wanted: str) -> None:
    assert text == wanted


def test_half_the_squared_distance_of_roots_is_below_chi_squared_and_all_of_it_above() -> None:
    random = np.random.default_rng(0)
    rows = random.random((200, 1440), np.float32) * (random.random((200, 1440)) < 0.3)
    query, rows = rows[0].astype(np.float32), rows[1:].astype(np.float32)
    squares = np.square(np.sqrt(rows, dtype=np.float64) - np.sqrt(query, dtype=np.float64)).sum(axis=1)
    distances = chi_squared(rows, query)
    assert (squares / 2 - 7.2e-8 <= distances).all()
    assert (distances <= squares).all()
