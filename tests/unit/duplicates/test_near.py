import numpy as np
import pytest

from src.duplicatefinder import Wanted, compare
from src.fingerprint import LAYOUT, Fingerprint
from src.imagereader import read_image
from tests.programs import ROOT


@pytest.mark.parametrize("name", ["Pleated_Satin_Midi_Skirtimg_000000{39,06}", "Tartan_Fringe_Scarfimg_000000{06,28}"])
def test_similarity_does_not_depend_on_which_picture_comes_first(name: str) -> None:
    stem, numbers = name.rstrip("}").split("{")
    names = [ROOT / "data" / f"{stem}{number}.jpg" for number in numbers.split(",")]
    bytes_of = [Fingerprint().describe(read_image(str(name))).astype(np.uint8) for name in names]
    one, other = (taken.view(LAYOUT) for taken in bytes_of)
    loose = Wanted(threshold=0.5)
    there, back = compare(one, other, False, loose), compare(other, one, False, loose)
    assert there.similarity == pytest.approx(back.similarity, abs=1e-6)
