import numpy as np
import pytest

from src.errors import ExpectedError
from src.evaluating.questions import NO_ONE, ask_by_class, ask_by_truth, class_of
from src.evaluating.truthfile import Line, Truth


@pytest.mark.parametrize(
    ("image_id", "wanted"),
    [
        ("hat/1.jpg", "hat"),
        ("test/hat/1.jpg", "test/hat"),
        ("1.jpg", None),
        ("val//hat/1.jpg", "hat"),
        ("val//1.jpg", None),
    ],
)
def test_the_class_of_a_picture_is_its_folder_in_the_dataset(image_id: str, wanted: str | None) -> None:
    assert class_of(image_id, {"", "val"}) == wanted


def test_each_picture_of_a_class_asks_for_the_others() -> None:
    questions = ask_by_class(["a/1", "a/2", "b/3", "c/d/4", "top", "v//a/5"], {"", "v"}, "photos")
    assert questions.images == ["a/1", "a/2", "b/3", "c/d/4", "v//a/5"]
    assert questions.classes == ["a", "b", "c/d"]
    assert questions.queries == [("a/1", 0, 0, 2), ("a/2", 1, 0, 2), ("v//a/5", 4, 0, 2)]
    assert (questions.lone, questions.left_out) == (["b", "c/d"], 1)
    assert questions.hits(0, np.array([4, 2, 1])).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["1", "2"], "has no class folders"),
        (["a/1", "a/2"], "has one class only, 'a'"),
        (["a/1", "b/2"], "has no class of two pictures"),
    ],
)
def test_where_nothing_can_be_measured_it_is_said(ids: list[str], said: str) -> None:
    with pytest.raises(ExpectedError, match=f"photos {said}"):
        ask_by_class(ids, (), "photos")


ASKED = {"q1": None, "q2": "b", "unnamed": None}


def truth(*lines: tuple[str, ...]) -> Truth:
    return Truth("truth.csv", [Line(number, line[0], line[1:]) for number, line in enumerate(lines, 1)])


def test_lines_of_one_query_are_put_together_and_a_query_does_not_find_itself() -> None:
    given = truth(("q2", "a", "b"), ("q1", "c"), ("q2", "d", "a"))
    questions = ask_by_truth(given, ["a", "b", "c", "d"], ASKED, ())
    assert questions.queries == [("q2", 1, NO_ONE, 2), ("q1", NO_ONE, NO_ONE, 1)]
    assert questions.hits(0, np.array([3, 2, 0])).tolist() == [True, False, True]
    assert questions.hits(1, np.array([3, 2, 0])).tolist() == [False, True, False]
    assert (questions.classes, questions.left_out) == ([], 1)


def test_what_cannot_be_read_does_not_count_and_what_is_not_there_is_an_error() -> None:
    given = truth(("q1", "a", "broken"), ("broken", "a"))
    assert [query.relevant for query in ask_by_truth(given, ["a"], ASKED, {"broken"}).queries] == [1]
    with pytest.raises(ExpectedError, match="truth.csv, line 1: there is no picture 'broken' in the dataset"):
        ask_by_truth(given, ["a"], ASKED, ())
    with pytest.raises(ExpectedError, match="truth.csv, line 2: there is no picture 'q' among the queries"):
        ask_by_truth(truth(("q1", "a"), ("q", "a")), ["a"], ASKED, ())
    with pytest.raises(ExpectedError, match="truth.csv leaves nothing to ask"):
        ask_by_truth(truth(("q2", "b")), ["a", "b"], ASKED, ())
