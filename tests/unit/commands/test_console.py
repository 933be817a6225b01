import errno
import io
import os

import pytest

from src.commands import console
from src.errors import ExpectedError


def code_of(*, raising: BaseException) -> int:
    @console.door
    def main(_: list[str]) -> int:
        raise raising

    return main([])


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (ExpectedError("x.csv is odd: mend it"), 1, "x.csv is odd: mend it"),
        (OSError(errno.ENOSPC, "No space left", "x.csv"), 1, "x.csv: No space left"),
        (OSError("without a number"), 1, "without a number"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (KeyboardInterrupt("interrupted: run it again"), 130, "interrupted: run it again"),
        (SystemExit(2), 2, ""),
        (SystemExit(0), 0, ""),
    ],
)
def test_every_end_has_its_exit_code_and_its_line(
    end: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(raising=end) == code
    assert capsys.readouterr().err.endswith(f": {said}\n" if said else "")


def test_an_error_of_the_program_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        code_of(raising=ZeroDivisionError())


def test_a_larger_picture_limit_reaches_opencv_and_a_smaller_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCV_IO_MAX_IMAGE_PIXELS", "268435456")
    console.set_pixel_limit(100)
    assert os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] == "268435456"
    console.set_pixel_limit(1000)
    assert os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] == "1000000000"


class Screen(io.StringIO):
    """A terminal in memory."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("term", "quiet", "moves"), [("xterm", False, True), ("dumb", False, False), ("xterm", True, False)]
)
def test_progress_shows_only_where_a_line_can_be_written_anew(
    monkeypatch: pytest.MonkeyPatch, term: str, quiet: bool, moves: bool
) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", term)
    with console.ProgressBar("reading", "B", quiet=quiet) as bar:
        bar.update(1, 2)
        bar.report("a line")
        bar.update(2, 2)
    assert ("\r" in screen.getvalue()) == moves
    assert "a line\n" in screen.getvalue()


def test_progress_of_other_work_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with console.ProgressBar("reading", "image") as bar:
        bar.update(2, 2)
        bar.update(1, 40)
    assert "/40.0 [" in screen.getvalue()
