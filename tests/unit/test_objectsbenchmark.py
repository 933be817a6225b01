"""What benchmarks/objects.py measures, on drawn pictures."""

import json
import sys
from pathlib import Path

import cv2
import pytest

from benchmarks import objects
from tests.scenes import draw_scene


def test_things_are_counted_where_they_are_found_and_answers_where_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("things", "others", "photos", "absent"):
        (tmp_path / folder).mkdir()
    for seed, name in [(1, "things/1.png"), (2, "things/2.png"), (3, "others/3.png"), (4, "absent/4.png")]:
        cv2.imwrite(str(tmp_path / name), draw_scene(seed, 480, 640))
    for seed, shown in [(1, 1), (2, 4)]:
        cv2.imwrite(str(tmp_path / f"photos/{seed}.png"), objects.steeper(draw_scene(shown, 480, 640)))
    # This one is false: it is in the index.
    cv2.imwrite(str(tmp_path / "absent/3.png"), draw_scene(3, 480, 640))
    (tmp_path / "absent/LICENSE").write_text("no picture")
    arguments = ["--things", "things", "--photos", "photos", "--others", "others", "--absent", "absent"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["objects.py", *arguments, "--json", "objects.json"])
    objects.main()
    result = json.loads(Path("objects.json").read_text())
    assert result["right"]["as it is"] == 1 == max(result["right"].values())
    assert {Path(path).name for path in result["false"]} == {"3.png"}
    assert (result["pictures"], result["photos"], result["absent"]) == (3, 2, 2)
    assert "| false answers | 1 of 2 |" in capsys.readouterr().out


def test_nothing_is_measured_where_the_pictures_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["objects.py", "--things", str(tmp_path / "none")])
    objects.main()
    assert capsys.readouterr().out == f"{tmp_path / 'none'}: there is no such folder; nothing is measured\n"
