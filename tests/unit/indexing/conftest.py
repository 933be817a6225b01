from pathlib import Path

import pytest

from tests.pictures import write_pictures


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    write_pictures(tmp_path / "photos", [f"{number}.png" for number in range(8)])
    return tmp_path / "photos"
