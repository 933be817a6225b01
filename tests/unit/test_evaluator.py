from pathlib import Path

import pytest

from src import evaluator
from src.descriptors import by_name
from src.evaluator import CUTOFFS, Contender, Evaluation, called, evaluate, keep_index, with_own_names
from src.indexer import Options
from src.searcher import Searcher
from tests.pictures import write_pictures


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Contender:
    folder = tmp_path_factory.mktemp("evaluator")
    write_pictures(folder / "photos", [f"{kind}/{number}.png" for kind in "abc" for number in range(4)])
    return keep_index(str(folder / "cache"), [str(folder / "photos")], "color", by_name("color"), Options())[0]


def measured(tested: Contender, *others: Contender) -> Evaluation:
    return evaluate([tested, *others], "photos")


def test_rankings_are_what_the_search_finds(tested: Contender) -> None:
    searcher = tested.searcher
    queries = list(searcher.vectors(0, len(searcher)))
    for limit in (1, 5, 12, 99):
        found = [[result.image_id for result in results] for results in searcher.search_many(queries, limit)]
        assert [[searcher.ids[row] for row in rows] for rows in searcher.rank_many(queries, limit)] == found
    with pytest.raises(ValueError, match="limit must be at least 1"):
        searcher.rank_many(queries, 0)


def test_large_databases_are_ranked_to_a_depth(tested: Contender, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measured(tested)
    monkeypatch.setattr(evaluator, "LARGEST_RANKED", 11)
    monkeypatch.setattr(evaluator, "DEPTH", 10)
    cut = measured(tested)
    assert (whole.depth, whole.measures[-1]) == (None, "mAP")
    assert (cut.depth, cut.measures[-1]) == (10, "mAP@10")
    before, after = whole.results[0].scores, cut.results[0].scores
    assert (before.values[:, :-1] == after.values[:, :-1]).all()
    assert before.found == after.found
    # Each has three to find among eleven: one may be last, and then counts nothing.
    late = before.values[:, -1] > after.values[:, -1] + 1e-9
    assert late.any()
    assert before.values[~late, -1] == pytest.approx(after.values[~late, -1])


def test_progress_reaches_the_end_over_all_indexes(tested: Contender) -> None:
    seen: list[tuple[int, int]] = []
    evaluate(with_own_names([tested, tested]), "photos", lambda done, total: seen.append((done, total)))
    assert seen == [(done, 24) for done in range(1, 25)]


def test_differences_are_of_every_two_and_paired(tested: Contender) -> None:
    three = with_own_names([tested, tested, tested._replace(name="other")])
    names = [one.name for one in three]
    assert len(set(names)) == 3
    found = measured(*three).differences
    assert [(one.of, one.minus) for one in found] == [(names[j], names[i]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert all(one.intervals == [(0, 0, 0)] * (len(CUTOFFS) + 1) for one in found)


def test_an_index_is_called_by_what_people_call_its_descriptor(tested: Contender, tmp_path: Path) -> None:
    assert called(tested.searcher.descriptor) == "color"
    assert Searcher(tested.path).ids[:] == tested.searcher.ids[:]
    assert tested.image_path("a/0.png") == f"{tested.searcher.folder}/a/0.png"
