"""How much is done at the same time, and that what exceeds it is refused at once."""

import pytest

from src.web.admission import Admission
from src.web.problems import ProblemError


def test_what_exceeds_the_most_searches_is_told_to_come_again() -> None:
    admission = Admission(2, 100)
    with admission.search(), admission.search():
        with pytest.raises(ProblemError) as refused, admission.search():
            pass
        assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})
        assert admission.searches == 2
    with admission.search():
        assert admission.searches == 1


def test_uploads_hold_their_bytes_until_they_end_however_they_end() -> None:
    admission = Admission(2, 100)
    with admission.upload() as one, admission.upload() as other:
        one(60)
        other(40)
        with pytest.raises(ProblemError, match="busy"):
            one(1)
        assert admission.upload_bytes == 100
    with pytest.raises(ValueError, match="cut"), admission.upload() as one:
        one(100)
        raise ValueError("cut")
    assert admission.upload_bytes == 0
