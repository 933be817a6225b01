from pathlib import Path

import numpy as np
import pytest

from src.answer import MORE, Answer, Wanted
from src.answertext import as_json, as_lines, as_paths, errors, remarks
from src.searcher import Explanation
from src.verification import FEW_POINTS, Outline

NEAR = Explanation(1, 0.0, 1.0, "sub/a.png", [0.0, 0.0])
FAR = Explanation(2, 4.0, 0.3214, "b\tc.png", [3.0, 1.0])
UNREAD = Answer("bad.png", [], "photos", error="no picture")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").touch()
    return str(tmp_path)


def test_a_line_has_rank_distance_similarity_and_path() -> None:
    answers = [Answer("q.png", [NEAR, FAR], "photos"), UNREAD, Answer("-", [NEAR], None)]
    lines = as_lines(answers, name_query=False)
    assert lines[0] == "1\t0.0000\t1.000\tphotos/sub/a.png"
    assert lines[1].startswith("2\t4.0000\t0.321\tphotos/b")
    assert lines[2:] == ["1\t0.0000\t1.000\tsub/a.png"]
    assert [len(line.split("\t")) for line in lines] == [4, 4, 4]  # the tab of a name is not one between columns


def test_the_query_stands_first_where_it_is_named() -> None:
    assert as_lines([Answer("q.png", [NEAR], None)], name_query=True) == ["q.png\t1\t0.0000\t1.000\tsub/a.png"]


def test_parts_stand_last_with_their_share_of_the_distance() -> None:
    lines = as_lines([Answer("q.png", [NEAR, FAR], None, parts=["top", "bottom"])], name_query=False)
    assert [line.split("\t")[4] for line in lines] == [
        "top 0.0000 (0 %), bottom 0.0000 (0 %)",
        "top 3.0000 (75 %), bottom 1.0000 (25 %)",
    ]


def test_words_of_what_decided_stand_in_the_place_of_the_parts() -> None:
    answer = Answer("q.png", [NEAR._replace(because=["same photo"]), FAR], None, parts=["top", "bottom"])
    lines = as_lines([answer], name_query=False)
    assert [line.split("\t")[4] for line in lines] == ["same photo", "top 3.0000 (75 %), bottom 1.0000 (25 %)"]
    (found,) = as_json([answer])
    assert [result.get("because") for result in found["results"]] == [["same photo"], None]
    plain = answer._replace(parts=None)
    assert as_lines([plain], name_query=False)[0].count("\t") == 3
    assert "because" not in as_json([plain])[0]["results"][0]


def outlined(count: int = 40) -> Explanation:
    points = np.linspace(0, 1, 2 * count).reshape(count, 2)
    corners = np.array([[0.1, 0.2], [0.8, 0.25], [1 / 3, 1.25], [-0.1, 0.9]])
    return Explanation(1, 0.5, 0.5, "sub/a.png", [], outline=Outline(corners, points / 2, points, 0.5))


def test_an_outline_is_told_by_its_corners_and_how_many_points_match() -> None:
    answer = Answer("q.png", [outlined()], "photos", finds_the_same=True)
    (line,) = as_lines([answer], name_query=False)
    assert line.split("\t")[4] == "40 points match, corners at 0.100,0.200 0.800,0.250 0.333,1.250 -0.100,0.900"
    told = as_json([answer])[0]["results"][0]["outline"]
    assert told["corners"] == [[0.1, 0.2], [0.8, 0.25], [0.33333, 1.25], [-0.1, 0.9]]
    assert told["inliers"] == 40 and len(told["points"]) == FEW_POINTS
    assert all(
        query == pytest.approx([one / 2 for one in result], abs=2e-5)
        for query, result in map(dict.values, told["points"])
    )
    assert len(as_json([answer._replace(results=[outlined(9)])])[0]["results"][0]["outline"]["points"]) == 9
    plain = answer._replace(tells_outlines=False)
    assert as_lines([plain], name_query=False)[0].count("\t") == 3
    assert "outline" not in as_json([plain])[0]["results"][0]


def test_few_points_are_spread_over_the_picture() -> None:
    outline = outlined(500).outline
    assert outline is not None
    few = outline.with_few_points()
    assert len(few.picture_points) == FEW_POINTS and few.query_points == pytest.approx(few.picture_points / 2)
    assert few.picture_points.min() == 0 and few.picture_points.max() == 1
    gaps = np.diff(np.sort(few.picture_points[:, 0]))
    assert gaps.max() < 5 * gaps.min()


def test_json_says_what_was_found_or_why_nothing_was(folder: str) -> None:
    found, unread = as_json([Answer("q.png", [NEAR, FAR], folder), UNREAD])
    assert unread == {"query": "bad.png", "error": "no picture"}
    assert found["query"] == "q.png"
    assert found["results"] == [
        {
            "rank": 1, "distance": 0.0, "similarity": 1.0, "id": "sub/a.png", "path": f"{folder}/sub/a.png",
            "gone": False,
        },
        {
            "rank": 2, "distance": 4.0, "similarity": 0.3214, "id": "b\tc.png", "path": f"{folder}/b\tc.png",
            "gone": True,
        },
    ]  # fmt: skip


def test_json_names_the_parts_if_they_are_to_be_told() -> None:
    (found,) = as_json([Answer("q.png", [FAR], None, parts=["top", "bottom"])])
    assert found["results"][0]["regions"] == {"top": 3.0, "bottom": 1.0}
    (found,) = as_json([Answer("q.png", [FAR._replace(region_distances=[])], None, parts=[])])
    assert found["results"][0]["regions"] == {}


def test_paths_are_those_of_the_file_system() -> None:
    odd = FAR._replace(image_id="x\udcff\n.png")
    assert as_paths([Answer("q.png", [NEAR, odd], "photos/"), UNREAD]) == ["photos/sub/a.png", "photos/x\udcff\n.png"]


def test_errors_and_remarks_are_told_once_each(folder: str) -> None:
    gone = NEAR._replace(image_id="gone.png")
    answers = [Answer("q.png", [NEAR, gone], folder), UNREAD, Answer("", [gone], folder, error="no name")]
    assert errors(answers) == ["bad.png: no picture", "'': no name"]
    assert remarks(answers, "index.csv", Wanted()) == [f"{folder}/gone.png: the file is gone"]
    assert remarks([Answer("q.png", [NEAR], folder)], "index.csv", Wanted()) == []


def test_that_nothing_was_found_is_told(folder: str) -> None:
    answers = [Answer("q.png", [], folder), UNREAD, Answer("r.png", [NEAR], folder)]
    assert remarks(answers, "index.csv", Wanted(max_distance=0.5)) == [
        "q.png: no image within a distance of 0.5 in index.csv"
    ]
    assert remarks(answers, "index.csv", Wanted(others=True)) == ["q.png: no other image in index.csv"]


def test_a_folder_that_is_not_known_or_not_there_is_one_remark(folder: str) -> None:
    assert remarks([Answer("q.png", [NEAR, FAR], None)], "index.csv", Wanted()) == [
        "index.csv does not know its folder: name it with --result-path"
    ]
    (line,) = remarks([Answer("q.png", [NEAR, FAR], f"{folder}/none")], "index.csv", Wanted())
    assert line.startswith(f"{folder}/none: the folder of the images is not there")


def test_nothing_of_a_query_in_an_index_of_things_is_an_answer() -> None:
    nothing = Answer("q.png", [], "photos", finds_the_same=True)
    wanted = Wanted(others=True, max_distance=0.5)
    (line,) = remarks([nothing], "i.csv", Wanted())
    assert line == "q.png: no image in i.csv was recognised in it; a --crop around a small thing may help"
    (line,) = remarks([nothing], "i.csv", wanted)
    assert line == "q.png: no other image within a distance of 0.5 in i.csv was recognised in it"
    (line,) = remarks([nothing._replace(is_blank=True)], "i.csv", Wanted())
    assert line == "q.png: too plain or small for anything to be recognised in it"


def test_that_more_of_the_same_was_found_is_told_with_what_to_ask(folder: str) -> None:
    answers = [Answer("q.png", [NEAR], folder, more=1), Answer("r.png", [NEAR], folder, more=MORE)]
    assert remarks(answers, "i.csv", Wanted(limit=1)) == [
        "q.png: 1 more was found in i.csv: --limit 2",
        f"r.png: at least {MORE} more were found in i.csv: --limit {1 + MORE}",
    ]
