import csv
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from src.storing.rowtext import id_text, looks_like_index, numbers_text, split_line
from tests.indexes import read_table

GOLDEN = Path(__file__).parents[2] / "data" / "golden.csv"

# Any name a POSIX file can have: any bytes but NUL and '/', as Python hands them out; '/' joins folders in an id.
NAMES = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name).map(
    lambda name: name.decode("utf-8", "surrogateescape")
)  # fmt: skip
VALUES = arrays.arrays(
    np.float32, 6, elements=st.floats(0, width=32, allow_nan=False, allow_infinity=False, allow_subnormal=True)
)


def row(image_id: str, features: NDArray[np.float32]) -> bytes:
    return id_text(image_id) + b"," + numbers_text(features) + b"\n"


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=5))
def test_whatever_goes_in_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, NDArray[np.float32]]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"".join(row(*one) for one in rows))
    table = read_table(str(path), 6)
    assert table.ids == [image_id for image_id, _ in rows]
    for found, (_, features) in zip(table.features, rows, strict=True):
        assert (found + 0).tobytes() == (features + 0).tobytes()  # + 0 makes -0.0 zero
    text = path.read_bytes()
    for begin, end, (_, features) in zip([0, *table.ends], table.ends, rows, strict=False):
        assert split_line(text[begin:end]) == numbers_text(features)


@given(NAMES, VALUES)
def test_pythons_own_csv_reader_reads_a_row(image_id: str, features: NDArray[np.float32]) -> None:
    text = row(image_id, features).decode("utf-8", "surrogateescape")
    (fields,) = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert fields[0] == image_id
    assert np.array(fields[1:], np.float32).tobytes() == (features + 0).tobytes()


def assert_shortest(features: NDArray[np.float32]) -> None:
    for text, value in zip(numbers_text(features).decode().split(","), features, strict=True):
        assert text == "0" if value == 0 else Decimal(text) == Decimal(str(value)), (text, value)


@given(VALUES)
def test_numbers_have_no_digit_too_many(features: NDArray[np.float32]) -> None:
    assert_shortest(features)


def test_numbers_of_the_range_of_features_have_no_digit_too_many() -> None:
    random = np.random.default_rng(3)
    assert_shortest(random.random(20_000).astype(np.float32))
    assert_shortest((10 ** random.uniform(-12, 5, 20_000)).astype(np.float32))
    # Where float32 or decimals change their step.
    for edge in (1, 0.1, 0.01, 0.001, 1e-4, 1e-5, *(2.0**-power for power in range(1, 20))):
        neighbours = np.float32(edge).view(np.int32) + np.arange(-300, 300, dtype=np.int32)
        assert_shortest(neighbours.view(np.float32))


def test_golden_index_is_read_and_written_the_same() -> None:
    table = read_table(str(GOLDEN), 6)
    assert table.ids == ["a.jpg", "b, c.png", 'say "cheese".jpg', "two\nlines.jpg", " spaces ", "ünï/cödé.jpg", "=1+1"]
    np.testing.assert_array_equal(table.features[0], np.array([0, 1, 0.5, 1e-5, 0.1, 0.33333334], np.float32))
    np.testing.assert_array_equal(table.features[6], np.array([0, 0, 0, 0, 0, 3.4028235e38], np.float32))
    written = b"".join(row(*one) for one in zip(table.ids, table.features, strict=True))
    assert written == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    ("content", "may_be_overwritten"),
    [
        (b"", True),
        (b"a.jpg" + b",0.5" * 1440 + b"\n", True),
        (b"a.jpg" + b",0.5" * 1440, True),
        (b"coat, red.jpg" + b",0.5" * 1440 + b"\r\n", True),
        (b'"hi", red.jpg' + b",0.5" * 1440 + b"\n", True),
        (b'"a.jpg"' + b',"0.5"' * 1440 + b"\n", True),
        (b"a.jpg" + b",0.5" * 512 + b"\n", False),
        (b"a.jpg" + b",0.5" * 1441 + b"\n", False),
        (b"a.jpg" + b",0.5" * 500, False),
        (b'"a\n1.jpg"' + b",0.5" * 1440 + b"\n", True),
        (b"x,0.5,nan" + b",0.5" * 1438 + b"\nprecious\n", False),
        (b"x" + b",-0.5" * 1440 + b"\nprecious\n", False),
        (b"marks of alice,5,3,4,2,9\n", False),
        (b"dear diary,\ntoday I wrote 1,2,3,4\n", False),
        (b"name,price,stock\ncoat,1,2\n", False),
        (b"\xff\xd8\xff\xe0 a JPEG", False),
    ],
)
def test_only_an_index_or_an_empty_file_is_overwritten(
    tmp_path: Path, content: bytes, may_be_overwritten: bool
) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    found = looks_like_index(str(path), lambda numbers: len(numbers) == 1440 and bool((numbers >= 0).all()))
    assert found is may_be_overwritten
