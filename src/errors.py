"""Errors that have their cause outside the program."""


class ExpectedError(Exception):
    """An error for the user, not for the programmer: its message is one line, and tells what happened, to which file,
    and what to do."""


class IndexFileError(ExpectedError):
    """An index that cannot be used, told in one line: which file, which line of it, what to do."""
