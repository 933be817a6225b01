import numpy as np
import pytest

from src.color.regions import REGIONS
from src.colordescriptor import ColorDescriptor
from src.comparing.mergedbins import LARGEST_SUM, merging, merging_of
from src.comparing.mergetables import HSV, HSV_BINS, ROOT, TABLES
from src.rootdescriptor import ColorRootDescriptor


def test_the_tables_are_those_of_the_colour_descriptors() -> None:
    for maker, name in ((ColorDescriptor(), HSV), (ColorRootDescriptor(), ROOT)):
        assert (maker.name, maker.dimension) == (name, HSV_BINS)
        how = merging(HSV_BINS, name)
        assert (how.fine, how.coarse) == (192, 24)
        assert len(TABLES[name].coarse) == 24
    assert len(REGIONS) == 5


def test_a_table_for_vectors_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has 1440 bins, not 7"):
        merging(7, HSV)


@pytest.mark.parametrize(
    ("dimension", "descriptor"), [(HSV_BINS, HSV), (HSV_BINS, ROOT), (HSV_BINS, ""), (500, "another"), (5, "")]
)
def test_merged_bins_are_sums_of_bins_that_do_not_overlap(dimension: int, descriptor: str) -> None:
    how = merging(dimension, descriptor)
    half_sums, coarse, fine = how.merge(np.eye(dimension, dtype=np.float32))
    assert (half_sums == 0.5).all()
    for merged, count in ((coarse, how.coarse), (fine, how.fine)):
        assert merged.shape == (dimension, count)
        assert (merged.sum(axis=1) == 1).all()
        assert (merged.sum(axis=0) >= 1).all()
    rows = np.random.default_rng(0).random((3, dimension), np.float32)
    np.testing.assert_allclose(how.merge(rows)[1], rows @ coarse, rtol=1e-5)
    np.testing.assert_allclose(how.merge(rows)[2], rows @ fine, rtol=1e-5)


def test_rows_that_no_bound_holds_for_have_half_sums_of_minus_infinity() -> None:
    rows = np.ones((5, 5), np.float32)
    rows[0, 2], rows[1, 2], rows[2, 2], rows[3, 2] = -1e-9, np.nan, np.inf, 1.01 * LARGEST_SUM
    half_sums, coarse, fine = merging(5).merge(rows)
    assert half_sums.tolist() == [-np.inf] * 4 + [2.5]
    assert not coarse[:4].any()
    assert not fine[:4].any()


def test_a_merging_is_found_by_its_key() -> None:
    for dimension, descriptor in ((HSV_BINS, HSV), (HSV_BINS, ROOT), (HSV_BINS, ""), (300, "")):
        how = merging(dimension, descriptor)
        assert merging_of(dimension, how.key) is how
    assert len({merging(HSV_BINS, descriptor).key for descriptor in (HSV, ROOT, "")}) == 3
    with pytest.raises(ValueError, match="another table"):
        merging_of(300, merging(HSV_BINS, HSV).key)
