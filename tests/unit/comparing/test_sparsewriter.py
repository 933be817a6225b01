import io

import numpy as np

from src.comparing.chunks import ALIGNMENT
from src.comparing.lowerbounds import make_columns
from src.comparing.mergedbins import merging
from src.comparing.mergetables import HSV, HSV_BINS
from src.comparing.sparserows import bytes_of_bits
from src.comparing.sparsewriter import SparseWriter


def test_a_chunk_lies_in_the_file_as_it_is_documented() -> None:
    dimension = 40
    rows = np.zeros((3, dimension), np.float32)
    rows[0, [0, 9]], rows[2, 39] = [0.5, 0.25], -0.0
    file = io.BytesIO()
    writer = SparseWriter(file, dimension)
    writer.add(rows)
    (place,), data = writer.finish()["chunks"], file.getvalue()
    half_sums, coarse, fine = make_columns(rows, merging(dimension))
    numbers = [np.array([0.5, 0.25], "<f4").tobytes(), b"", np.array([-0.0], "<f4").tobytes()]
    bits = [b"\x80\x40\0\0\0\0\0\0", bytes(8), b"\0\0\0\0\x01\0\0\0"]
    ends = np.cumsum([0, *(len(one) + 8 for one in numbers)]).astype("<u4")
    packed = b"".join(one + other for one, other in zip(bits, numbers, strict=True))
    wanted = b""
    for part in (coarse.astype("<u2"), half_sums.astype("<f4"), fine.astype("<u2"), ends):
        wanted += bytes(-len(wanted) % ALIGNMENT) + part.tobytes()
    wanted += bytes(-len(wanted) % ALIGNMENT) + packed
    assert data == wanted
    assert (place["start"], place["size"], place["rows"]) == (0, len(data), 3)


def test_bits_take_whole_groups_of_four_bytes() -> None:
    assert [bytes_of_bits(dimension) for dimension in (1, 32, 33, 1440)] == [4, 4, 8, 180]


def test_the_contents_name_the_merging_that_suits_the_descriptor() -> None:
    for descriptor in (HSV, "another"):
        assert SparseWriter(io.BytesIO(), HSV_BINS, descriptor).finish() == {
            "dimension": HSV_BINS, "merging": merging(HSV_BINS, descriptor).key, "chunks": [],
        }  # fmt: skip
