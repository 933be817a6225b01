"""How much is done at the same time, and that what exceeds it is refused at once."""

import asyncio
from contextlib import ExitStack

import pytest

from src.threads import usable_cores
from src.web.admission import MOST_FILES, THUMBNAILS_A_CORE, THUMBNAILS_A_SEARCH, Admission
from src.web.problems import ProblemError
from src.web.uploadpace import Pace


def test_what_exceeds_the_most_searches_is_told_to_come_again() -> None:
    admission = Admission(2, 100)
    with admission.searches.hold(), admission.searches.hold():
        with pytest.raises(ProblemError) as refused, admission.searches.hold():
            pass
        assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})
        assert admission.searches.now == 2
    with admission.searches.hold():
        assert admission.searches.now == 1


def test_files_that_are_sent_are_bounded() -> None:
    admission = Admission(2, 100)
    with ExitStack() as sent:
        for _ in range(MOST_FILES):
            sent.enter_context(admission.files.hold())
        with pytest.raises(ProblemError, match="busy"):
            sent.enter_context(admission.files.hold())
    assert (admission.files.now, admission.refusals) == (0, 1)


def test_uploads_hold_their_bytes_until_they_end_however_they_end() -> None:
    async def upload() -> int:
        admission = Admission(2, 100)
        with admission.upload(Pace(60, 1)) as one, admission.upload(Pace(60, 1)) as other:
            one(60)
            other(40)
            with pytest.raises(ProblemError, match="busy"):
                one(1)
            assert admission.upload_bytes == 100
        with pytest.raises(ValueError, match="cut"), admission.upload(Pace(60, 1)) as one:
            one(100)
            raise ValueError("cut")
        return admission.upload_bytes

    assert asyncio.run(upload()) == 0


def test_uploads_that_are_late_are_ended_where_others_need_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.web.admission.LATE_SECONDS", 0.02)

    async def upload() -> list[bool]:
        admission = Admission(2, 100)
        paces = small, large, whole, steady, new = [Pace(60, 1000) for _ in range(5)]
        with ExitStack() as uploads:
            hold = {pace: uploads.enter_context(admission.upload(pace)) for pace in paces}
            for pace, count in ((small, 10), (large, 40), (whole, 30), (steady, 20)):
                hold[pace](count)
            whole.is_whole = True
            await asyncio.sleep(0.03)
            steady.move_on(50)
            hold[new](40)
            assert admission.upload_bytes == 100
            with pytest.raises(ProblemError, match="busy"):
                hold[new](11)
            return [pace.clock.cancel_called for pace in paces]

    assert asyncio.run(upload()) == [True, True, False, False, False]


def test_searches_wait_behind_few_thumbnails_and_too_many_of_these_are_told_to_come_again() -> None:
    async def ask_for_many() -> tuple[int, int]:
        admission = Admission(1, 100)
        made = most = refused = 0
        going_on = asyncio.Event()

        async def make() -> None:
            nonlocal made, most, refused
            try:
                async with admission.thumbnail():
                    made += 1
                    most = max(most, made)
                    await going_on.wait()
                    made -= 1
            except ProblemError:
                refused += 1

        tasks = [asyncio.create_task(make()) for _ in range(THUMBNAILS_A_SEARCH + 3)]
        await asyncio.sleep(0)
        # Whoever hangs up leaves its place, whether it waits or not.
        tasks[0].cancel()
        tasks[THUMBNAILS_A_SEARCH - 1].cancel()
        going_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (admission.thumbnails.now, admission.refusals) == (0, 3)
        return most, refused

    most, refused = asyncio.run(ask_for_many())
    assert (most, refused) == (min(THUMBNAILS_A_CORE * usable_cores(), THUMBNAILS_A_SEARCH), 3)
