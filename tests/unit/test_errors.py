import errno
import os
import pickle
import stat

import pytest

from src.errors import COULD_NOT_LOOK, UnreadableImage, explain_mode, explain_os_error


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        (errno.EACCES, "no permission", "no permission to open it"),
        (errno.ENOENT, "not there", "it is not there (any more)"),
        (errno.ENOTDIR, "not there", "it is not there (any more)"),
        (errno.ELOOP, "link not followed", "a link that leads back to itself"),
        (errno.ENAMETOOLONG, "cannot be read", "its path is longer than the system can open"),
        (errno.ENXIO, "not a regular file", "a socket or device, not a file"),
        (errno.EIO, "cannot be read", os.strerror(errno.EIO)),
    ],
)
def test_what_the_system_says_has_a_kind_and_plain_words(number: int, kind: str, reason: str) -> None:
    assert explain_os_error(OSError(number, "said by the system", "a.jpg")) == (kind, reason)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EIO, errno.EAGAIN, errno.ESTALE, errno.ETIMEDOUT])
def test_what_the_system_refuses_now_says_nothing_about_the_picture(number: int) -> None:
    assert explain_os_error(OSError(number, "said by the system", "a.jpg"))[0] in COULD_NOT_LOOK


def test_what_is_gone_is_known_to_be_gone() -> None:
    assert explain_os_error(OSError(errno.ENOENT, "said by the system", "a.jpg"))[0] not in COULD_NOT_LOOK


def test_an_error_without_a_number_has_words_too() -> None:
    assert explain_os_error(OSError("odd")) == ("cannot be read", "the system cannot read it")


@pytest.mark.parametrize(
    ("mode", "words"),
    [(stat.S_IFIFO, "a named pipe"), (stat.S_IFSOCK, "a socket"), (stat.S_IFDIR, "a folder"), (0, "something special")],
)
def test_what_is_no_regular_file_is_called_by_its_name(mode: int, words: str) -> None:
    assert explain_mode(mode | 0o644) == ("not a regular file", f"{words}, not a file")


def test_an_unreadable_image_reads_as_its_reason_and_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(UnreadableImage("damaged", "its data is damaged")))
    assert (error.kind, error.reason, str(error)) == ("damaged", "its data is damaged", "its data is damaged")
