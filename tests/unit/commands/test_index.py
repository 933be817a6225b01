from pathlib import Path

import pytest

from src.commands import index
from src.commands.index import left_out, summary
from src.indexer import Report


@pytest.mark.parametrize(
    ("options", "what"), [([], "the next run goes on from here"), (["--rebuild"], "the index is as it was")]
)
def test_an_interrupted_run_says_what_has_become_of_its_work(
    options: list[str], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr("src.indexer.index_folder", interrupt)
    assert index.main(["-d", str(tmp_path), "-i", str(tmp_path / "index.csv"), *options]) == 130
    assert capsys.readouterr().err.endswith(f": interrupted; {what}\n")


def test_one_and_many_have_their_own_words() -> None:
    assert left_out(Report()) == []
    assert left_out(Report(hidden=1)) == ["left out 1 hidden file or folder; --hidden takes it"]
    assert left_out(Report(hidden=2000)) == ["left out 2,000 hidden files or folders; --hidden takes them"]
    assert summary(Report(indexed=3, kept=1)).startswith(
        "indexed 3 (0 new, 0 changed, 0 removed, 0 moved, 1 kept, 0 sk"
    )
