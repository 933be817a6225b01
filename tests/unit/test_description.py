"""One way from the bytes of a picture to its vector, for files, queries and uploads."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from src.colordescriptor import ColorDescriptor
from src.describer import describe_files
from src.description import Recipe, Setup
from src.errors import NOT_DESCRIBED, UnreadableImage
from src.filebytes import content_digest
from src.imagefiles import find_files
from src.imagepart import Part
from src.imagereader import READER_VERSION, Reading, decode_image, read_image
from src.indexer import Options, index_folder
from src.searcher import Searcher
from tests.describing import describe_here
from tests.descriptors import ALL, SignedGrid
from tests.encodedpictures import by_opencv
from tests.pictures import draw_picture, write_pictures


@pytest.mark.parametrize("descriptor", ALL, ids=lambda one: one.name)
def test_bytes_become_the_picture_and_its_vector(descriptor: ColorDescriptor) -> None:
    picture = draw_picture(1)
    description = Recipe(descriptor).describe(by_opencv(picture, ".png"))
    np.testing.assert_array_equal(description.picture, picture)
    np.testing.assert_array_equal(description.features, descriptor.describe(picture))


def test_files_and_contents_of_files_are_described_alike_by_the_other_process(tmp_path: Path) -> None:
    write_pictures(tmp_path, ["a.png", "b.jpg"])
    files = find_files(str(tmp_path)).files
    contents = [Path(file.path).read_bytes() for file in files]
    for descriptor in ALL:
        recipe = Recipe(descriptor)
        outcomes = list(describe_files([*files, *contents, b"no picture"], Setup(recipe, threads=1)))
        of_files, of_contents = outcomes[:2], outcomes[2:4]
        for file, outcome, of_content in zip(files, of_files, of_contents, strict=True):
            assert outcome.features is not None
            np.testing.assert_array_equal(outcome.features, descriptor.describe(read_image(file.path, recipe.reading)))
            # The worker describes a content once.
            assert of_content.digest == outcome.digest == content_digest(Path(file.path).read_bytes())
            assert of_content.features is None
        assert outcomes[4].kind == "not an image"


def test_a_recipe_is_sent_as_class_and_options_and_made_again() -> None:
    for descriptor in ALL:
        recipe = Recipe(descriptor, Reading(7, full_resolution=True))
        again = pickle.loads(pickle.dumps(recipe))
        assert again.descriptor is not descriptor
        assert type(again.descriptor) is type(descriptor)
        assert (again.key, again.reading) == (recipe.key, recipe.reading)
    assert Recipe(pickle.loads(pickle.dumps(Recipe(SignedGrid(5)))).descriptor).descriptor.name == "signed-grid-5x5"


def test_the_descriptor_says_how_much_of_a_picture_it_needs() -> None:
    large = by_opencv(np.full((4000, 3000, 3), 200, np.uint8), ".jpg")
    # The colour descriptor needs 0.7 megapixels, the grid 16 pixels on the shorter side.
    assert Recipe(ColorDescriptor()).describe(large).picture.shape == (1000, 750, 3)
    assert Recipe(SignedGrid()).describe(large).picture.shape == (500, 375, 3)
    whole = Recipe(SignedGrid(), Reading(full_resolution=True)).describe(large)
    assert whole.picture.shape == (4000, 3000, 3)
    with pytest.raises(UnreadableImage, match=r"12\.0 megapixels"):
        Recipe(ColorDescriptor(), Reading(max_megapixels=11)).describe(large)


def test_the_key_names_all_that_makes_a_vector() -> None:
    key = f"hsv-8x12x3-5-regions, reader {READER_VERSION}"
    assert Recipe(ColorDescriptor()).key == key
    assert Recipe(ColorDescriptor(), Reading(max_megapixels=5)).key == key
    assert Recipe(ColorDescriptor(), Reading(full_resolution=True)).key == f"{key}, full resolution"


@pytest.mark.parametrize("vector", [[-1, 0, 0], [np.nan, 0, 0], [np.inf, 0, 0], [0, 0], [[0, 0, 0]]])
def test_a_vector_that_its_distance_cannot_compare_is_refused(vector: list[float]) -> None:
    class Faulty(SignedGrid):
        distance = "chi-squared"

        def __init__(self) -> None:
            super().__init__(1)

        def describe(self, image: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            return np.array(vector, np.float32)

    with pytest.raises(UnreadableImage) as refused:
        Recipe(Faulty()).describe(by_opencv(draw_picture(1), ".png"))
    assert refused.value.kind == NOT_DESCRIBED
    assert refused.value.reason.startswith("signed-grid-1x1 gives no vector of it: a feature vector ")


def test_a_descriptor_of_an_unknown_distance_is_refused_before_anything_is_read() -> None:
    class Odd(SignedGrid):
        distance = "euclid"

    with pytest.raises(ValueError, match="no distance 'euclid'"):
        Recipe(Odd())


def test_who_describes_is_an_argument_of_indexing(tmp_path: Path) -> None:
    write_pictures(tmp_path / "photos", ["a.png", "b.jpg", "c.png"])
    paths = [str(tmp_path / name) for name in ("here.csv", "process.csv")]
    index_folder(str(tmp_path / "photos"), paths[0], describe=describe_here)
    index_folder(str(tmp_path / "photos"), paths[1])
    assert Path(paths[0]).read_bytes() == Path(paths[1]).read_bytes()


def test_queries_are_described_as_the_images_of_their_index_were(tmp_path: Path) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (2000, 1500, 3)).astype(np.uint8)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(by_opencv(photo, ".jpg"))
    for full_resolution in (False, True):
        path = str(tmp_path / f"{full_resolution}.csv")
        index_folder(str(tmp_path / "photos"), path, options=Options(reading=Reading(full_resolution=full_resolution)))
        searcher = Searcher(path)
        assert searcher.search(searcher.describe(str(tmp_path / "photos" / "a.jpg")))[0].distance == 0


class Memoryless(SignedGrid):
    """Has not enough memory for any picture."""

    def describe(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        raise MemoryError


@pytest.mark.parametrize("part", [None, Part(0, 0, 0.5, 0.5)], ids=["whole", "part"])
def test_too_little_memory_is_told_of_a_part_as_of_a_picture(part: Part | None) -> None:
    with pytest.raises(UnreadableImage, match="not enough memory to describe it"):
        Recipe(Memoryless()).describe(by_opencv(draw_picture(1), ".png"), part=part)


@pytest.mark.parametrize("descriptor", ALL, ids=lambda one: one.name)
def test_a_part_of_what_shows_through_is_described_as_it_is_shown(descriptor: ColorDescriptor) -> None:
    """Whether transparent parts are laid on white or on grey is up to all of a picture."""
    layers = np.dstack([draw_picture(2), np.full((*draw_picture(2).shape[:2], 1), 90, np.uint8)])
    data = by_opencv(layers, ".png")
    cut = Part(0, 0.5, 1, 0.5).cut(layers.shape[1], layers.shape[0])
    wanted = np.ascontiguousarray(cut.of(decode_image(data)))
    described = Recipe(descriptor).describe(data, part=Part(0, 0.5, 1, 0.5))
    np.testing.assert_array_equal(described.picture, wanted)
    np.testing.assert_array_equal(described.features, descriptor.describe(wanted))
