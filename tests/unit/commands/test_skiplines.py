import pytest

from src.commands.skiplines import MOST_ENDINGS, SkipLines
from src.imagefiles import Skip

BROKEN = Skip("a.jpg", "truncated", "the file ends before the picture does")
NOTES = Skip("a.jpg.xmp", "not an image", "text, not a picture")


def lines_of(*skips: Skip, names_all: bool = False) -> list[str]:
    said: list[str] = []
    lines = SkipLines(said.append, names_all=names_all)
    for skip in skips:
        lines.add(skip)
    lines.close()
    return said


def test_a_run_without_skips_says_nothing() -> None:
    assert lines_of() == []


def test_a_broken_picture_is_named_among_many_files_that_are_no_pictures() -> None:
    others = [NOTES._replace(id=f"{number}.XMP") for number in range(500)]
    assert lines_of(*others, BROKEN, NOTES._replace(id="b.json"), NOTES._replace(id="README")) == [
        "skipping a.jpg: the file ends before the picture does",
        "skipped 1: 1 truncated",
        "not pictures: 500 .xmp, 1 .json, 1 of no known ending (-v names them)",
    ]


def test_all_are_named_if_that_is_wanted() -> None:
    assert lines_of(NOTES, BROKEN._replace(told_before=True), names_all=True) == [
        "skipping a.jpg.xmp: text, not a picture",
        "skipping a.jpg: the file ends before the picture does",
        "skipped 1: 1 truncated; 1 as before",
        "not pictures: 1 .xmp",
    ]


def test_what_was_told_before_is_counted() -> None:
    known = [BROKEN._replace(id=f"{number}.jpg", told_before=True) for number in range(7)]
    new = Skip("b.jpg", "not an image", "text, not a picture")
    assert lines_of(*known, new) == [
        "skipping b.jpg: text, not a picture",
        "skipped 8: 7 truncated, 1 without an image in it; 7 as before (-v names them)",
    ]
    assert lines_of(*known) == ["skipped 7: 7 truncated; 7 as before (-v names them)"]


def test_of_many_pictures_in_a_format_that_is_not_read_some_are_named() -> None:
    raw = [Skip(f"{number}.cr2", "unsupported format", "a camera's raw file (CR2)") for number in range(500)]
    said = lines_of(*raw, BROKEN, Skip("a.svg", "unsupported format", "an SVG drawing, not pixels"))
    assert said[:3] == [f"skipping {number}.cr2: a camera's raw file (CR2)" for number in range(3)]
    assert said[3:] == [
        "skipping a.jpg: the file ends before the picture does",
        "skipping a.svg: an SVG drawing, not pixels",
        "and 497 more: a camera's raw file (CR2) (-v names them)",
        "skipped 502: 501 in a format not read here, 1 truncated",
    ]
    assert len(lines_of(*raw, names_all=True)) == 501


def test_of_many_links_that_lead_nowhere_some_are_named() -> None:
    links = [Skip(f"{number}.jpg", "link not followed", "a link that leads nowhere") for number in range(500)]
    assert lines_of(*links)[3:] == [
        "and 497 more: a link that leads nowhere (-v names them)",
        "skipped 500: 500 links not followed",
    ]


def test_one_line_is_never_endless() -> None:
    notes = [NOTES._replace(id=f"a.x{number}") for number in range(1000)]
    (line,) = lines_of(*notes)
    assert line.endswith(f", {1000 - MOST_ENDINGS} more (-v names them)")
    assert len(line) < 150


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("link not followed", "1 link not followed", "2 links not followed"),
        ("not a regular file", "1 not a file", "2 not files"),
        ("no permission", "1 without permission", "2 without permission"),
        ("empty", "1 empty", "2 empty"),
    ],
)
def test_numbers_have_words_that_go_with_them(kind: str, one: str, two: str) -> None:
    skips = [Skip(f"{number}.jpg", kind, "somehow") for number in range(2)]
    assert lines_of(*skips[:1])[-1] == f"skipped 1: {one}"
    assert lines_of(*skips)[-1] == f"skipped 2: {two}"
