"""Weights are read from a pickle that can do nothing else."""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.network.torchpickle import ForeignPickle, read_weights
from tests.torchpickles import Name, Storage, Tensor, write

FLOATS, LONGS = Storage("11", np.arange(12, dtype=np.float32)), Storage("22", np.array([5], np.int64))


def test_weights_come_out_by_name_whatever_their_strides() -> None:
    tensors = OrderedDict(
        matrix=Tensor(FLOATS, 0, (3, 2), (2, 1)),
        turned=Tensor(FLOATS, 6, (2, 3), (1, 2)),
        number=Tensor(LONGS, 0, (), ()),
    )
    weights = read_weights(write(tensors, [LONGS, FLOATS]))
    assert list(weights) == ["matrix", "turned", "number"]
    assert weights["matrix"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert weights["turned"].tolist() == [[6, 8, 10], [7, 9, 11]]
    assert weights["number"] == 5
    assert all(array.flags.c_contiguous for array in weights.values())


class Call:
    """Pickled, it is a call of a function."""

    def __init__(self, function: Any, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def test_a_pickle_that_asks_for_anything_else_is_refused_and_nothing_is_run(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    for foreign in (Call(Path.touch, witness), Call(eval, f"open({str(witness)!r}, 'w')"), Call(getattr, "", "join")):
        with pytest.raises(ForeignPickle, match=r"ask for \w+\.\w+, which weights do not need"):
            read_weights(write(OrderedDict(one=foreign), []))
    assert not witness.exists()


def test_the_small_pickles_around_the_weights_may_ask_for_nothing_at_all() -> None:
    with pytest.raises(ForeignPickle, match=r"ask for collections\.OrderedDict"):
        read_weights(pickle.dumps(OrderedDict(), protocol=2))


def test_a_kind_of_numbers_that_is_not_known_is_refused() -> None:
    half = Name("torch", "HalfStorage")
    with pytest.raises(ForeignPickle, match=r"ask for torch\.HalfStorage"):
        read_weights(write(OrderedDict(one=half), []))


@pytest.mark.parametrize(
    "tensor",
    [
        Tensor(FLOATS, 0, (13,), (1,)),
        Tensor(FLOATS, 10, (2, 2), (2, 1)),
        Tensor(FLOATS, -1, (2,), (1,)),
        Tensor(FLOATS, 11, (2,), (-1,)),
        Tensor(FLOATS, 0, (2,), (1 << 60,)),
    ],
)
def test_a_tensor_reaches_no_memory_outside_of_its_storage(tensor: Tensor) -> None:
    with pytest.raises(ForeignPickle, match="outside of its storage"):
        read_weights(write(OrderedDict(one=tensor), [FLOATS]))


def test_what_is_cut_or_is_no_such_file_is_refused_in_one_way() -> None:
    whole = write(OrderedDict(matrix=Tensor(FLOATS, 0, (3, 2), (2, 1))), [FLOATS])
    read_weights(whole)
    for length in (0, 1, 20, 60, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ForeignPickle):
            read_weights(whole[:length])
    for other in (b"PK\3\4 a zip file", pickle.dumps({"a": 1}), b"\x80\x02"):
        with pytest.raises(ForeignPickle):
            read_weights(other)
