"""The classic numbers never change by accident: the whole CSV of the sample catalogue, byte for byte."""

import hashlib
from pathlib import Path

from tests.programs import ROOT, succeed

# Of OpenCV 4.12 and 5.0, on x86-64 with AVX-512, AVX2, and SSE3 alone.
DIGEST = "e9bb131c06da33aee5da0441e877b5151edf48db38a346c8d572aceebc49a937"


def test_the_index_of_the_sample_catalogue_is_the_same_to_the_last_byte(tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    succeed("index.py", "--dataset", ROOT / "data", "--index", index)
    assert hashlib.sha256(index.read_bytes()).hexdigest() == DIGEST
