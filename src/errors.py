"""The base of all errors that have their cause outside the program."""


class ExpectedError(Exception):
    """An error for the user, not for the programmer: its message is one line, and tells what happened, to which file,
    and what to do."""
