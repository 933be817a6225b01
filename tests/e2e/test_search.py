"""search.py as a process: what it prints and draws."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.colordescriptor import REGIONS, ColorDescriptor
from src.distance import chi_squared
from src.imagereader import read_image
from src.indexer import index_folder
from src.searcher import Searcher
from tests.pictures import draw_picture, write_picture, write_pictures
from tests.programs import PYTHON, ROOT, InTerminal, fail, run, succeed

NAMES = [f"{number:02}.png" for number in range(12)] + ["copy of 3.png", "sub/eleven, too.png"]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search") / "photos"
    write_pictures(folder, NAMES)
    shutil.copy(folder / "03.png", folder / "copy of 3.png")
    succeed("index.py", "--dataset", folder, "--index", folder.parent / "index.csv")
    return folder


def search(photos: Path, *arguments: str | Path, query: str = "03.png") -> list[list[str]]:
    lines = succeed("search.py", "-i", photos.parent / "index.csv", "-q", photos / query, "--no-window", *arguments)
    return [line.split("\t") for line in lines]


def distance(photos: Path, one: str, other: str) -> float:
    a, b = (ColorDescriptor().describe(read_image(str(photos / name))) for name in (one, other))
    return float(chi_squared(a, b))


def test_the_three_most_similar_duplicates_included(photos: Path) -> None:
    lines = search(photos, "--result-path", photos)
    others = sorted((distance(photos, "03.png", name), name) for name in NAMES if name not in ("03.png", NAMES[12]))
    names = ["03.png", "copy of 3.png", others[0][1]]
    distances = [0.0, 0.0, others[0][0]]
    assert [line[0] for line in lines] == ["1", "2", "3"]
    assert [line[3] for line in lines] == [f"{photos}/{name}" for name in names]
    assert [float(line[1]) for line in lines] == pytest.approx(distances, abs=1e-4)
    assert [line[2] for line in lines[:2]] == ["1.000", "1.000"]
    assert 0 < float(lines[2][2]) < 1


def test_the_index_knows_its_folder(photos: Path) -> None:
    assert search(photos) == search(photos, "--result-path", photos)


def test_limit_may_be_larger_than_the_index(photos: Path) -> None:
    assert len(search(photos, "--limit", "1")) == 1
    lines = search(photos, "--limit", "1000")
    assert len(lines) == len(NAMES)
    assert [float(line[1]) for line in lines] == sorted(float(line[1]) for line in lines)


def test_only_images_within_a_distance_are_found(photos: Path, tmp_path: Path) -> None:
    everything = search(photos, "--limit", "1000")
    middle = (float(everything[6][1]) + float(everything[7][1])) / 2
    assert search(photos, "--limit", "1000", "--max-distance", str(middle)) == everything[:7]
    assert search(photos, "--max-distance", str(middle)) == everything[:3]
    assert [line[3] for line in search(photos, "--max-distance", "0")] == [line[3] for line in everything[:2]]
    cv2.imwrite(str(photos.parent / "another.png"), draw_picture(99))
    alone = "-q", photos.parent / "another.png", "--max-distance", "0.001"
    index = photos.parent / "index.csv"
    assert succeed("search.py", "-i", index, *alone, "--output", tmp_path / "alone.jpg", "--explain") == []
    assert cv2.imread(str(tmp_path / "alone.jpg")) is not None
    found = json.loads("\n".join(succeed("search.py", "-i", index, *alone, "--json")))
    assert found["answers"][0]["results"] == []


def test_the_query_may_come_from_stdin(photos: Path) -> None:
    index = photos.parent / "index.csv"
    lines = succeed("search.py", "-i", index, "-q", "-", "--no-window", stdin=(photos / "03.png").read_bytes())
    assert [line.split("\t") for line in lines] == search(photos)


def test_several_queries_are_answered_each(photos: Path) -> None:
    index, first, second = photos.parent / "index.csv", photos / "03.png", photos / "07.png"
    lines = [line.split("\t") for line in succeed("search.py", "-i", index, "-q", first, second, "--no-window")]
    assert [line[0] for line in lines] == [str(first)] * 3 + [str(second)] * 3
    assert [line[1:] for line in lines[:3]] == search(photos)


def test_one_bad_query_does_not_keep_the_others_from_being_answered(photos: Path) -> None:
    ended = run("search.py", "-i", photos.parent / "index.csv", "-q", photos / "no.png", photos / "07.png", "--json")
    assert ended.returncode == 1
    answers = json.loads(ended.stdout)["answers"]
    assert [list(answer) for answer in answers] == [["query", "error"], ["query", "results"]]
    assert b"no.png: there is no such file" in ended.stderr


@pytest.mark.parametrize("query", ["http://example.com/a.jpg", "HTTPS://example.com/a.jpg", "file:///tmp/a.jpg"])
def test_an_address_is_told_what_is_wanted_instead(photos: Path, query: str) -> None:
    said = fail("search.py", "-i", photos.parent / "index.csv", "-q", query)
    assert f"{query}: an address, not the path of a file; save the picture first, or curl" in said


def test_a_link_that_leads_nowhere_is_told_as_that(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to("none")
    assert "a link that leads nowhere" in fail(
        "search.py", "-i", photos.parent / "index.csv", "-q", tmp_path / "link.png"
    )


def test_a_query_too_large_is_told_the_option_that_allows_it(photos: Path) -> None:
    limits = "--max-megapixels", "0.001"
    said = fail("search.py", "-i", photos.parent / "index.csv", "-q", photos / "03.png", *limits)
    assert "the limit is 0.001 (--max-megapixels)" in said


def test_that_nothing_is_near_enough_is_said_and_no_failure(photos: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "another.png"), draw_picture(99))
    arguments = "-i", photos.parent / "index.csv", "-q", tmp_path / "another.png", "--max-distance", "0.25"
    for form, printed in (("--no-window", 0), ("--paths", 0), ("--print0", 0), ("--json", 9)):
        ended = run("search.py", *arguments, form)
        assert (ended.returncode, len(ended.stdout.splitlines())) == (0, printed)
        said = f"{tmp_path}/another.png: no image within a distance of 0.25 in {photos.parent}/index.csv"
        assert ended.stderr.decode() == f"search.py: {said}\n"


def test_the_query_itself_is_left_out_of_others(photos: Path) -> None:
    plain, others = search(photos, "--limit", "1000"), search(photos, "--limit", "1000", "--others")
    assert [line[1:] for line in others] == [line[1:] for line in plain[1:]]
    assert [line[0] for line in others] == [line[0] for line in plain[:-1]]
    assert [line[3] for line in search(photos, "--others")] == [line[3] for line in plain[1:4]]


def test_paths_are_all_that_xargs_gets(tmp_path: Path) -> None:
    folder = os.fsencode(str(tmp_path / "photos"))
    names = [b"a b.png", b"'quoted'.png", "Übung 服.png".encode(), b"\xff.png", b"two\nlines.png", b"-n.png"]
    write_pictures(tmp_path / "photos", ["0.png"])
    for name in names:
        shutil.copy(folder + b"/0.png", folder + b"/" + name)
    succeed("index.py", "-d", tmp_path / "photos", "-i", tmp_path / "index.csv")
    arguments = "-i", tmp_path / "index.csv", "-q", tmp_path / "photos" / "0.png", "--others", "-n", "20"
    wanted = {folder + b"/" + name for name in names}
    with_nul = run("search.py", *arguments, "--print0").stdout
    assert with_nul.endswith(b"\0")
    assert set(with_nul[:-1].split(b"\0")) == wanted
    lines = run("search.py", *arguments, "--paths").stdout.splitlines()
    assert len(lines) == len(names)
    assert wanted - set(lines) == {folder + b"/two\nlines.png"}
    assert [line for line in lines if not os.path.exists(line)] == [folder + b"/two\\nlines.png"]
    command = [*PYTHON, str(ROOT / "search.py"), *map(str, arguments), "--paths"]
    with InTerminal(command, dict(os.environ)) as process:
        _, shown, said = process.ended()
    assert said == ""
    assert f"{tmp_path}/photos/\\xff.png" in shown


def test_quiet_leaves_errors_and_no_remarks(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", ["a.png", "b.png"])
    shutil.copy(tmp_path / "photos" / "a.png", tmp_path / "query.png")
    succeed("index.py", "-d", tmp_path / "photos", "-i", tmp_path / "index.csv")
    (tmp_path / "photos" / "a.png").unlink()
    arguments = ["-i", str(tmp_path / "index.csv"), "-q", str(tmp_path / "query.png"), "none.png", "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with InTerminal([*PYTHON, str(ROOT / "search.py"), *arguments], environment) as process:
        code, lines, said = process.ended()
    assert (code, len(lines), said) == (1, 2, "search.py: none.png: there is no such file\n")


def test_explain_parts_sum_to_the_distance(photos: Path) -> None:
    index = photos.parent / "index.csv"
    said = succeed("search.py", "-i", index, "-q", photos / "03.png", "--no-window", "--json", "--explain")
    results = json.loads("".join(said))["answers"][0]["results"]
    for result in results:
        assert list(result["regions"]) == list(REGIONS)
        assert sum(result["regions"].values()) == pytest.approx(result["distance"], rel=1e-9, abs=1e-12)
    third = search(photos, "--explain")[2]
    for region, part in results[2]["regions"].items():
        share = 100 * part / results[2]["distance"]
        assert f"{region} {part:.4f} ({share:.0f} %)" in third[4]


def test_explain_finds_the_region_that_differs(photos: Path, tmp_path: Path) -> None:
    picture = draw_picture(3)
    picture[:10, :10] = 255 - picture[:10, :10]
    cv2.imwrite(str(tmp_path / "query.png"), picture)
    index = photos.parent / "index.csv"
    said = succeed("search.py", "-i", index, "-q", tmp_path / "query.png", "--no-window", "--json", "--explain")
    nearest = json.loads("".join(said))["answers"][0]["results"][0]
    assert nearest["id"] == "03.png"
    assert nearest["regions"]["top-left"] == nearest["distance"] > 0


def test_json_is_what_the_readme_says(photos: Path) -> None:
    index = photos.parent / "index.csv"
    said = json.loads("".join(succeed("search.py", "-i", index, "-q", photos / "03.png", "--no-window", "--json")))
    assert list(said) == ["index", "answers"]
    first = said["answers"][0]["results"][0]
    assert first == {
        "rank": 1, "distance": 0.0, "similarity": 1.0, "id": "03.png", "path": f"{photos}/03.png", "gone": False
    }  # fmt: skip


def test_output_writes_the_result_picture_without_a_display(photos: Path, tmp_path: Path) -> None:
    search(photos, "--output", tmp_path / "result.png", "--explain")
    shown = cv2.imread(str(tmp_path / "result.png"))
    assert shown is not None
    assert shown.shape[1] >= 640
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 50


def test_without_a_display_the_results_are_printed_and_the_way_to_a_picture_is_named(photos: Path) -> None:
    command = [*PYTHON, str(ROOT / "search.py"), "-i", str(photos.parent / "index.csv"), "-q", str(photos / "03.png")]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with InTerminal(command, environment) as process:
        code, lines, said = process.ended()
    assert code == 0
    assert len(lines) == 3
    (line,) = said.splitlines()
    assert line.startswith("search.py: no window: ")
    assert "--output result.jpg" in line


def test_where_nobody_watches_no_window_is_missed(photos: Path) -> None:
    ended = run("search.py", "-i", photos.parent / "index.csv", "-q", photos / "03.png")
    assert (ended.returncode, len(ended.stdout.splitlines()), ended.stderr) == (0, 3, b"")


def test_output_never_overwrites_a_picture_or_the_index(photos: Path) -> None:
    index, query = photos.parent / "index.csv", photos / "03.png"
    unlike = photos / search(photos, "--limit", "14")[-1][3].split("/")[-1]
    bad_query = photos.parent / "bad.png"
    bad_query.write_text("no picture")
    for precious in (index, query, photos / "copy of 3.png", unlike, bad_query):
        before = precious.read_bytes()
        ended = run("search.py", "-i", index, "-q", bad_query if precious == bad_query else query, "-o", precious)
        assert ended.returncode == 1
        assert b"choose another name" in ended.stderr
        assert precious.read_bytes() == before


def test_output_never_replaces_what_is_no_file(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to("/dev/null")
    ended = run("search.py", "-i", photos.parent / "index.csv", "-q", photos / "03.png", "-o", tmp_path / "link.jpg")
    assert ended.returncode == 1
    assert b"is not a file" in ended.stderr
    assert Path("/dev/null").is_char_device()


def test_a_result_whose_file_is_gone_is_still_listed(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", NAMES)
    index = tmp_path / "index.csv"
    succeed("index.py", "--dataset", tmp_path / "photos", "--index", index)
    shutil.copy(tmp_path / "photos" / "03.png", tmp_path / "query.png")
    shutil.rmtree(tmp_path / "photos")
    ended = run("search.py", "-i", index, "-q", tmp_path / "query.png", "-o", tmp_path / "result.jpg")
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[0].endswith(b"/photos/03.png")
    assert ended.stderr.decode().splitlines() == [
        f"search.py: {tmp_path}/photos: the folder of the images is not there; --result-path names another one"
    ]
    assert (tmp_path / "result.jpg").stat().st_size > 1000


def test_an_index_of_another_program_is_searched_and_its_ids_lead_nowhere_else(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", ["one.png"])
    write_pictures(tmp_path, ["secret.png"])
    features = ColorDescriptor().describe(read_image(str(tmp_path / "secret.png")))
    numbers = ",".join(str(float(number)) for number in features)
    (tmp_path / "index.csv").write_text(f"../secret.png,{numbers}\r\n")
    arguments: list[str | Path] = [
        "-i",
        tmp_path / "index.csv",
        "-q",
        tmp_path / "secret.png",
        "-r",
        tmp_path / "photos",
    ]
    (line,) = succeed("search.py", *arguments, "-o", tmp_path / "shown.png")
    assert line.split("\t")[1:3] == ["0.0000", "1.000"]
    plain = cv2.imread(str(tmp_path / "shown.png"))
    assert plain is not None
    query = read_image(str(tmp_path / "secret.png"))
    # The query itself is shown once, its twin outside of the folder is not.
    found = (plain.reshape(-1, 1, 3) == query[:1, :1]).all(axis=2).sum()
    assert found < query[..., 0].size * 9


def test_the_reader_of_the_results_may_stop_early(photos: Path) -> None:
    command = f"{PYTHON[0]} search.py -i '{photos.parent}/index.csv' -q '{photos}/03.png' --no-window -n 14 | head -1"
    ended = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.stdout.startswith(b"1\t0.0000\t1.000\t")
    assert ended.stderr == b""


def test_searcher_gives_the_same_in_python(photos: Path) -> None:
    searcher = Searcher(str(photos.parent / "index.csv"))
    results = searcher.search(ColorDescriptor().describe(draw_picture(3)))
    assert [(f"{distance:.4f}", f"{photos}/{image_id}") for distance, image_id in results] == [
        (line[1], line[3]) for line in search(photos)
    ]
    assert results[0].distance == 0
    assert results[0].image_id == "03.png"


def test_an_index_of_a_version_that_reads_pictures_otherwise_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    write_picture(photos / "a.png", 1)
    with monkeypatch.context() as earlier:
        earlier.setattr("src.description.READER_VERSION", 1)
        index_folder(str(photos), str(tmp_path / "index.csv"))
    search = ("search.py", "-i", tmp_path / "index.csv", "-q", photos / "a.png", "--no-window")
    assert b"index.csv is of another version" in run(*search).stderr
    assert run(*search, "--quiet").stderr == b""
    succeed("index.py", "-d", photos, "-i", tmp_path / "index.csv")
    assert run(*search).stderr == b""
