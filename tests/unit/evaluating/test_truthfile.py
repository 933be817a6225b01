from pathlib import Path

import pytest

from src.errors import ExpectedError
from src.evaluating.truthfile import read_truth


def write(folder: Path, content: bytes) -> str:
    (folder / "truth.csv").write_bytes(content)
    return str(folder / "truth.csv")


def test_a_line_names_a_query_and_what_is_relevant_to_it(tmp_path: Path) -> None:
    path = write(
        tmp_path, b'\xef\xbb\xbfquery,relevant\r\na.jpg, b.jpg,./c/d.jpg,\r\n\r\n"x,y.jpg",z.jpg\n,,\na.jpg,e\xff.jpg'
    )
    truth = read_truth(path)
    assert truth.lines == [
        (2, "a.jpg", ("b.jpg", "c/d.jpg")),
        (4, "x,y.jpg", ("z.jpg",)),
        (6, "a.jpg", ("e\udcff.jpg",)),
    ]
    assert str(truth.error(truth.lines[1], "no")) == f"{path}, line 4: no"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no line"),
        (b"query,relevant\n", "holds no line"),
        (b"a.jpg,b.jpg\na.jpg\n", "line 2 names nothing that is relevant to 'a.jpg'"),
        (b"a.jpg,b.jpg\n\n,b.jpg\n", "line 3 names no query"),
        (b'a.jpg,b.jpg\n"a.jpg,b.jpg\n', "line 2: unexpected end"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ExpectedError) as error:
        read_truth(path)
    assert path in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
