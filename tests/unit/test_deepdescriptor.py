"""A picture is described by what networks see in it, in whole numbers, on every machine the same."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from src.deepdescriptor import DeepDescriptor, SmallDeepDescriptor, whole_numbers
from src.errors import ExpectedError
from src.imagereader import read_image
from tests.networks import needs_networks
from tests.pictures import draw_picture
from tests.programs import ROOT

pytestmark = needs_networks


@pytest.fixture(scope="module")
def descriptor() -> DeepDescriptor:
    return DeepDescriptor()


def test_a_vector_is_whole_numbers_of_each_network_up_to_255(descriptor: DeepDescriptor) -> None:
    features = descriptor.describe(draw_picture(1))
    assert features.shape == (descriptor.dimension,) == (3840,)
    assert features.dtype == np.float32
    assert np.array_equal(features, np.rint(features))
    assert features.min() == 0
    assert features.reshape(3, 1280).max(axis=1).tolist() == [255, 255, 255]
    assert descriptor.recognises(features)


def test_vectors_of_others_are_not_recognised(descriptor: DeepDescriptor) -> None:
    features = descriptor.describe(draw_picture(1))
    for other in (features / 255, features - 1, features * 2, features[:1280], features.clip(max=254)):
        assert not descriptor.recognises(other.astype(np.float32))
    assert SmallDeepDescriptor().recognises(features[:1280])


def test_whole_numbers_keep_the_direction_whatever_the_scale() -> None:
    pooled = np.array([0, 0.5, 1, 2], np.float32)
    assert whole_numbers(pooled).tolist() == whole_numbers(pooled * 8).tolist() == [0, 64, 128, 255]
    assert whole_numbers(np.zeros(3, np.float32)).tolist() == [0, 0, 0]


def test_what_scales_a_picture_changes_little_and_what_is_in_it_changes_all(descriptor: DeepDescriptor) -> None:
    def cosine(one: int, other: int, factor: float = 1) -> float:
        pictures = draw_picture(one, 480, 640), draw_picture(other, 480, 640)
        a, b = pictures[0], cv2.resize(pictures[1], None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        blocks = [descriptor.describe(picture).reshape(3, 1280) for picture in (a, b)]
        first, second = (block / np.linalg.norm(block, axis=1, keepdims=True) for block in blocks)
        return float((first * second).sum(axis=1).mean())

    assert cosine(1, 1, 0.7) > 0.97
    assert cosine(1, 2) < 0.9


def test_the_nearest_of_the_catalogue_are_of_one_kind(descriptor: DeepDescriptor) -> None:
    folder = ROOT / "data"
    names = sorted(name for name in os.listdir(folder) if name.endswith(".jpg"))[::4]
    vectors = descriptor.describe_many([read_image(str(folder / name)) for name in names]).reshape(-1, 3, 1280)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    similar = np.einsum("ikd,jkd->ij", vectors, vectors) / 3
    np.fill_diagonal(similar, -1)
    kinds = [kind_of(name) for name in names]
    hits = [kinds[one] == kinds[row.argmax()] for one, row in enumerate(similar) if kinds.count(kinds[one]) > 1]
    assert np.mean(hits) > 0.8


def kind_of(name: str) -> str:
    return name.split("img_")[0].split("_")[-1]


def test_both_runtimes_describe_alike() -> None:
    """Rounding may fall to the other side where a number lies between two: a step of 1, of a few of 3840 numbers."""
    pytest.importorskip("onnxruntime")
    one, other = DeepDescriptor(runtime="onnxruntime"), DeepDescriptor(runtime="opencv")
    for seed in range(3):
        difference = np.abs(one.describe(draw_picture(seed)) - other.describe(draw_picture(seed)))
        assert difference.max() <= 1
        assert (difference > 0).sum() <= 10
    assert one.name == other.name
    assert one.runtime.startswith("onnxruntime ")
    assert other.runtime == f"opencv {cv2.__version__}"


def test_the_mean_of_a_map_is_what_is_described(descriptor: DeepDescriptor) -> None:
    picture = draw_picture(5)
    maps = descriptor.feature_maps(picture)
    assert [map_.network for map_ in maps] == list(descriptor.parts)
    means = [whole_numbers(map_.values.mean(axis=(1, 2))) for map_ in maps]
    assert np.array_equal(np.concatenate(means), descriptor.describe(picture))


def test_many_are_described_as_one_by_one(descriptor: DeepDescriptor) -> None:
    pictures = [draw_picture(seed, 50 + seed, 70) for seed in range(3)]
    many = descriptor.describe_many(pictures)
    assert np.array_equal(many, [descriptor.describe(picture) for picture in pictures])
    assert descriptor.describe_many([]).shape == (0, 3840)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (3000, 2), (224, 224)])
def test_pictures_of_every_shape_are_described(descriptor: DeepDescriptor, shape: tuple[int, int]) -> None:
    assert descriptor.recognises(descriptor.describe(np.full((*shape, 3), 90, np.uint8)))


def test_a_picture_is_read_as_large_as_the_networks_take_it(descriptor: DeepDescriptor) -> None:
    for made in (descriptor, SmallDeepDescriptor()):
        assert made.shortest_side == max(network.preprocessing.shorter for network in made._networks)


def test_a_network_that_is_missing_is_told_when_a_descriptor_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGE_SIMILARITY_NETWORKS", str(tmp_path))
    with pytest.raises(ExpectedError, match="make deep sets it up"):
        DeepDescriptor()
