import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from src.comparing import chunks, chunkwriter
from src.comparing.chisquared import chi_squared
from src.comparing.chunks import Rows
from src.comparing.correlation import CORRELATION
from src.comparing.fusedrows import COLOUR, DEEP, THUMBNAIL, FusedRows, FusedWriter
from src.comparing.meancosine import MEAN_COSINE
from src.searching.neighbours import Neighbours

DIMENSION = 1280 + 1440 + 576


def fused(count: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    rows = random.integers(0, 256, (count, DIMENSION)).astype(np.float32)
    rows[:, COLOUR] *= random.random((count, 1440)) < 0.2
    rows[:, COLOUR] /= 1000
    return rows


def written(rows: np.ndarray, stored: Sequence[Any] = ()) -> tuple[bytes, dict[str, Any]]:
    file = io.BytesIO(b"head")
    file.seek(4)
    writer = FusedWriter(file, DIMENSION)
    for block in stored:
        writer.add_stored(block)
    writer.add(rows)
    contents = json.loads(json.dumps(writer.finish()))
    return file.getvalue(), contents


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 64)
    monkeypatch.setattr(chunkwriter, "CHUNK_ROWS", 64)


@pytest.mark.usefixtures("_small_chunks")
def test_rows_of_several_chunks_come_back_bit_for_bit_and_so_do_copies() -> None:
    rows = fused(150)
    data, contents = written(rows)
    found = FusedRows(memoryview(data), contents)
    assert found.is_whole()
    assert found.starts == [0, 64, 128, 150]
    assert len(contents["chunks"]) == 9
    assert found.rows(0, 150).tobytes() == rows.tobytes()
    data, contents = written(rows[:3], list(found.stored(10, 140)))
    copied = FusedRows(memoryview(data), contents)
    assert copied.is_whole()
    assert copied.rows(0, 133).tobytes() == np.concatenate([rows[10:140], rows[:3]]).tobytes()


def test_each_part_is_searched_by_a_distance_of_its_own() -> None:
    rows, query = fused(300), fused(1, seed=1)[0]
    data, contents = written(rows)
    found = FusedRows(memoryview(data), contents)
    definitions = ((DEEP, MEAN_COSINE.between), (COLOUR, chi_squared), (THUMBNAIL, CORRELATION.between))
    parts: Sequence[Rows[Any]] = found.components
    for part, (place, between) in zip(parts, definitions, strict=True):
        distances = between(rows[:, place], query[place])
        nearest, away = Neighbours(part).nearest(np.ascontiguousarray(query[place]), 20)
        assert nearest.tolist() == np.argsort(distances, kind="stable")[:20].tolist()
        assert away.tolist() == distances[nearest].tolist()


def test_damage_in_any_part_is_found() -> None:
    data, contents = written(fused(20))
    for chunk in contents["chunks"]:
        damaged = bytearray(data)
        damaged[chunk["start"] + 100] ^= 1
        assert not FusedRows(memoryview(damaged), contents).is_whole()


def test_parts_that_do_not_fit_each_other_are_refused() -> None:
    rows = fused(20)
    data, contents = written(rows)
    other = written(rows[:19])[1]
    deep, colour, thumbnail = contents["parts"]
    wrong: list[list[dict[str, Any]]] = [
        [deep, colour],
        [deep, thumbnail, colour],
        [deep, colour, other["parts"][2]],
        [{}, {}, {}],
    ]
    for parts in wrong:
        with pytest.raises((ValueError, KeyError)):
            FusedRows(memoryview(data), {**contents, "parts": parts})
    with pytest.raises(ValueError, match="other chunks"):
        FusedRows(memoryview(data), {**contents, "chunks": []})
    with pytest.raises(ValueError, match="other lengths"):
        FusedRows(memoryview(data), {**contents, "parts": [deep, {**colour, "dimension": 300_000_000}, thumbnail]})
