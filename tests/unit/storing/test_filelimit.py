import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.errors import IndexFileError
from src.indexer import Options, index_folder
from src.searcher import Searcher
from src.storing.filelimit import allow_shards
from tests.describing import describe_here
from tests.pictures import write_pictures


@pytest.fixture
def few_files() -> Iterator[int]:
    """Let only a few more files be opened, unless the process asks for more; return how many in all."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = os.dup(0)
    os.close(highest)
    soft = highest + 10
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    yield soft
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_an_index_of_more_shards_than_a_program_may_usually_open_is_searched(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write_pictures(tmp_path / "photos", [f"{number:02}.png" for number in range(15)])
    index_folder(str(tmp_path / "photos"), f"{tmp_path}/shards/", options=Options(shard_size=1), describe=describe_here)
    soft = request.getfixturevalue("few_files")
    assert len(Searcher(f"{tmp_path}/shards/")) == 15
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > soft


def test_more_shards_than_the_system_lets_a_program_open_are_told(
    few_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    with monkeypatch.context() as patch:
        patch.setattr(resource, "setrlimit", refuse)
        allow_shards("shards/", few_files - 1)
        with pytest.raises(IndexFileError, match=r"shards/ has 1,000 shards, and a program may open .*ulimit -n"):
            allow_shards("shards/", 1000)
