import numpy as np
import pytest
from numpy.typing import NDArray

from src.distance import chi_squared
from src.searcher import Searcher
from src.storing.rowtext import numbers_text

ROWS = np.random.default_rng(3).random((300, 1440), np.float32) * (np.random.default_rng(4).random((300, 1440)) < 0.2)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    path = tmp_path_factory.mktemp("searcher") / "index.csv"
    lines = [b"%03d.jpg,%s\n" % (number, numbers_text(row)) for number, row in enumerate(ROWS.astype(np.float32))]
    path.write_bytes(b"".join(lines))
    return Searcher(str(path))


def test_many_queries_have_the_answers_that_each_has_alone(searcher: Searcher) -> None:
    queries = list(ROWS[:40].astype(np.float32))
    many, explained = searcher.search_many(queries, 5, 90.0), searcher.explain_many(queries, 5, 90.0)
    for query, results, explanations in zip(queries, many, explained, strict=True):
        assert results == searcher.search(query, 5, 90.0)
        assert explanations == searcher.explain(query, 5, 90.0)
        assert [(one.distance, one.image_id) for one in explanations] == results
        assert [one.rank for one in explanations] == [*range(1, len(results) + 1)]
        distances = np.sort(chi_squared(ROWS.astype(np.float32), query))[:5]
        assert [result.distance for result in results] == [distance for distance in distances if distance <= 90]
    assert searcher.search_many([]) == []


def test_queries_of_another_type_are_those_of_float32(searcher: Searcher) -> None:
    query = ROWS[5].astype(np.float32)
    for other in (query.astype(np.float64) * (1 + 1e-9), query.tolist()):
        assert searcher.explain(other) == searcher.explain(query)
        assert searcher.search(other) == searcher.search(query)
    assert "005.jpg" in searcher
    assert "5.jpg" not in searcher


@pytest.mark.parametrize(
    ("features", "limit", "complaint"),
    [
        (np.zeros(1439, np.float32), 3, "has shape"),
        (np.full(1440, np.nan, np.float32), 3, "only finite numbers"),
        (np.full(1440, -1, np.float32), 3, "only finite numbers"),
        (np.zeros(1440, np.float32), 0, "limit must be at least 1"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    searcher: Searcher, features: NDArray[np.float32], limit: int, complaint: str
) -> None:
    for search in (searcher.search, searcher.explain):
        with pytest.raises(ValueError, match=complaint):
            search(features, limit)
    with pytest.raises(ValueError, match=complaint):
        searcher.search_many([np.zeros(1440, np.float32), features], limit)
