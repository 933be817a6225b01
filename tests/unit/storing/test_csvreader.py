import csv
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.errors import IndexFileError
from src.storing.csvreader import first_numbers, read_ids
from tests.indexes import read_table

# Numbers as other programs may write them.
NUMBER_TEXTS = st.one_of(
    st.just("0"),
    st.text("0123456789", min_size=1, max_size=17).map("0.{}".format),
    st.floats(0, 3.4e38).map(repr),
    st.floats(0, 1).map("{:.6e}".format),
    st.sampled_from(["1", "-0", "0.", ".5", "00.5", "+1", "1E-5", "1e-400", "-1e-50", "3.4028235e38"]),
    st.sampled_from([" 0.25", "0.25 ", "\t0", "0.0"]),
)  # fmt: skip


def test_an_index_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "foreign.csv"
    path.write_bytes(b'\xef\xbb\xbfa.jpg,0.0,1.00,5e-1\r\n"b.jpg","0.25","0","1"\r\n\r\nc.jpg, 0.1,.5,1\r\n')
    table = read_table(str(path), 3)
    assert table.ids == ["a.jpg", "b.jpg", "c.jpg"]
    np.testing.assert_array_equal(table.features, np.array([[0, 1, 0.5], [0.25, 0, 1], [0.1, 0.5, 1]], np.float32))


@given(
    st.lists(st.lists(NUMBER_TEXTS, min_size=6, max_size=6), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_numbers_of_another_program_are_read_as_float_reads_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], line_end: str, quoted: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "other.csv"
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    with open(path, "w", newline="") as file:
        csv.writer(file, quoting=quoting, lineterminator=line_end).writerows(["a.jpg", *texts] for texts in rows)
    with open(path, newline="") as file:
        expected = np.array([[float(text) for text in fields[1:]] for fields in csv.reader(file)])
    assert read_table(str(path), 6).features.tobytes() == expected.astype(np.float32).tobytes()


def test_a_last_row_without_a_line_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "unended.csv"
    for text in (b"a,1,2,3\nb,4,5,6", b'"a","1","2","3"\r\n"b","4","5","6"', b"a,1,2,3\nb,4,5,6\r"):
        path.write_bytes(text)
        table = read_table(str(path), 3)
        assert table.ids == ["a", "b"]
        assert table.features.tolist() == [[1, 2, 3], [4, 5, 6]]
        assert table.ends[-1] == len(text)


@pytest.mark.parametrize(
    "name",
    [
        "coat, red.jpg", "a,b,c.jpg", "1,2.jpg", "Bath, 12, 2019.jpg", '"quoted".jpg', '"in" quotes, and more.jpg',
        '"all"', 'say "hi", x.jpg', "0,0,0,0,0,x", "a,", "x/a,b/0.jpg", "nan,.jpg",
    ],
)  # fmt: skip
def test_a_name_that_another_program_left_without_quotes_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(f"a.jpg,1,2,3\n{name},4,5,6\nb.jpg,7,8,9\n")
    table = read_table(str(path), 3)
    assert table.ids == ["a.jpg", "all" if name == '"all"' else name, "b.jpg"]
    assert table.features.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert read_ids(str(path), 3) == table.ids


def test_two_rows_without_a_line_end_between_are_no_row_with_a_long_name(tmp_path: Path) -> None:
    path = tmp_path / "joined.csv"
    path.write_bytes(b"a.jpg" + b",0.5" * 99 + b"b.jpg" + b",0.5" * 99 + b"\n")
    with pytest.raises(IndexFileError, match=r"line 1: 198 numbers, 99 are needed"):
        read_table(str(path), 99)


def test_first_numbers_are_those_behind_a_name_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "first.csv"
    for row in (b"a, b.jpg,1,2,3\n", b'"a, b","1","2","3"\n', b"a.jpg,1,2,3", b"5,1,2,3\r\n"):
        path.write_bytes(row)
        assert first_numbers(str(path)).tolist() == [1, 2, 3]


def test_decimals_are_read_to_the_last_bit(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    lengths = random.integers(1, 19, 50_000).tolist()
    texts = ["0." + "".join(map(str, random.integers(0, 10, length).tolist())) for length in lengths]
    # Between two neighbours of float32 the last digit decides.
    lower = random.random(10_000).astype(np.float32)
    for middle in ((lower.astype(np.float64) + np.nextafter(lower, np.float32(1))) / 2).tolist():
        texts += [f"{middle:.{digits}f}" for digits in (7, 8, 9, 14, 15)]
    rows = np.array(texts).reshape(-1, 100)
    path = tmp_path / "decimals.csv"
    path.write_text("".join(f"{number}.jpg,{','.join(row)}\n" for number, row in enumerate(rows.tolist())))
    expected = np.array([float(text) for text in texts]).astype(np.float32)
    assert read_table(str(path), 100).features.tobytes() == expected.tobytes()


def test_an_unusual_row_among_many_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"a.jpg,0,0.125,1\n" * 700 + b'"b\n.jpg","0.5", 1e-1,"0"\r\n\n' + b"a.jpg,0,0.125,1\n" * 100)
    table = read_table(str(path), 3)
    assert table.ids == ["a.jpg"] * 700 + ["b\n.jpg"] + ["a.jpg"] * 100
    np.testing.assert_array_equal(table.features[700], np.array([0.5, 0.1, 0], np.float32))
    assert (np.delete(table.features, 700, axis=0) == [0, 0.125, 1]).all()


def test_of_several_wrong_rows_the_first_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(b"a,0,0.5,1\n" * 600 + b"a,0,x,1\n" + b"a,0,0.5,1\n" + b"no comma\n" + b"a,0\n")
    with pytest.raises(IndexFileError, match="line 601, number 2: 'x' is not a number"):
        read_table(str(path), 3)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,1,2,3\nb,1,2\nc,1,2,3\n", r"line 2: 2 numbers, 3 are needed"),
        (b"a,1,2,3\nb,1,2,3,4\n", r"line 2: 4 numbers, 3 are needed"),
        (b"a,1,2,3\nb,1,2", r"line 2: the last row has no line end \(2 of 3 numbers\): the file was cut"),
        (b"a,1,2,3\nb,1,2,", r"line 2: the last row has no line end \(3 of 3 numbers\): the file was cut"),
        (b"a,1,2,3\nb,1,2,1e-", r"line 2: the last row has no line end"),
        (b'a,1,2,3\n"b","1","2","0', r"line 2: the last row has no line end"),
        (b"a,1,2,3\nb,1,x,3", r"line 2, number 2: 'x' is not a number"),
        (b"a,1,2,3\nb,1,1,2,3\n", r"line 2: 4 numbers, 3 are needed: .* a comma in the image id lacks quotes"),
        (b"a,1,2,3\nb c,d,1,x,3\n", r"line 2, number 2: 'x' is not a number"),
        (b"a" + b",1" * 40 + b"b,1,2,3\n", r"line 1: 43 numbers, 3 are needed"),
        (b'"a","1","1","2","3"\n', r"line 1: 4 numbers, 3 are needed"),
        (b"a,1,2,3\nb\0c,1,2,3\n", r"line 2: the image id has a zero byte"),
        (b",1,2,3\n", r"line 1: does not begin with an image id and a comma"),
        (b'"never closed\na,1,2,3\n', r"line 1: does not begin with an image id and a comma"),
        (b"a,1,2,3\nb", r"line 2: does not begin with an image id and a comma"),
        (b'a,1,2,3\n"b', r"line 2: does not begin with an image id and a comma"),
        (b"a,1,2,3\nb,1,x,3\n", r"line 2, number 2: 'x' is not a number from 0 up"),
        (b"a,1,2,3\nb,1,,3\n", r"line 2, number 2: '' is not a number"),
        (b"a,nan,2,3\n", r"line 1, number 1: 'nan' is not a number from 0 up"),
        (b"a,1,2,inf\n", r"line 1, number 3: 'inf' is not a number from 0 up"),
        (b"a,1,2,1e39\n", r"line 1, number 3: '1e39' is not a number from 0 up"),
        (b"a,1,-0.5,3\n", r"line 1, number 2: '-0.5' is not a number from 0 up"),
        (b"a,1,1_0,3\n", r"line 1, number 2: '1_0' is not a number from 0 up"),
        (b"a,1,2,0.1:3\n", r"line 1, number 3: '0.1:3' is not a number from 0 up"),
        (b"a,1,2,0./3\n", r"line 1, number 3: '0./3' is not a number from 0 up"),
        (b"a,1,2,0.1:34567890123\n", r"line 1, number 3: '0.1:34567890123' is not a number from 0 up"),
        (b"a,1,0.1\xe93,3\n", r"line 1, number 2: '0.1\xe93' is not a number from 0 up"),
        (b"a,1,0.1 0.2,3\n", r"line 1, number 2: '0.1 0.2' is not a number from 0 up"),
        (b"a,1,0.1,nan\nb,1,0.1_0,x\n", r"line 1, number 3: 'nan' is not a number from 0 up"),
        (b"a,nan,1_0,x\n", r"line 1, number 3: 'x' is not a number from 0 up"),
        (b"a,1,2\nb,1,2,3,4\n", r"line 1: 2 numbers, 3 are needed"),
        (b'"a","1\n2",3\nb,4,5', r"line 1: 2 numbers, 3 are needed"),
        (b'"two\nlines",1,2,3\nb,1,2\n', r"line 3: 2 numbers"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", r"line 1: does not begin with"),
    ],
)  # fmt: skip
def test_a_damaged_index_is_refused_by_file_and_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "damaged.csv"
    path.write_bytes(content)
    with pytest.raises(IndexFileError, match=complaint) as refused:
        read_table(str(path), 3)
    assert str(path) in str(refused.value)


def test_a_file_without_lines_is_not_read_into_one_row(tmp_path: Path) -> None:
    path = tmp_path / "zeros.csv"
    with open(path, "wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(IndexFileError, match="line 1: does not begin with"):
        read_table(str(path), 3)


def test_an_unclosed_quote_does_not_read_the_whole_file_into_one_row(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(b'"never closed\n' + b"a,1,2,3\n" * 500_000)
    with pytest.raises(IndexFileError, match="line 1: does not begin with"):
        read_table(str(path), 3)
