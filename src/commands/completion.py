"""What makes a shell complete a command line: a script that shtab, an extra, writes."""

import argparse
from collections.abc import Mapping

from ..errors import ExpectedError

SHELLS = ("bash", "zsh", "fish", "tcsh")


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that makes a shell complete a command line.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        What reads the command line. What stands for a file in it has the metavar FILE, for a folder FOLDER.
    shell : str
        One of `SHELLS`.

    Returns
    -------
    str

    Raises
    ------
    ExpectedError
        If shtab is not installed.
    """
    try:
        import shtab
    except ImportError:
        raise ExpectedError("--print-completion needs shtab: pip install shtab") from None
    _complete_names(parser, {"FILE": shtab.FILE, "FOLDER": shtab.DIRECTORY})
    return shtab.complete(parser, shell=shell)


def _complete_names(parser: argparse.ArgumentParser, kinds: Mapping[str, object]) -> None:
    # argparse has no public way to ask for the options of a parser; shtab reads them from here too.
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb in action.choices.values():
                _complete_names(verb, kinds)
        elif isinstance(action.metavar, str) and action.metavar in kinds:
            action.complete = kinds[action.metavar]  # type: ignore[attr-defined]
