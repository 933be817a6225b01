import unicodedata

import numpy as np
import pytest
from numpy.typing import NDArray

from src.viewing import lettering
from src.viewing.lettering import ELLIPSIS, Style, blended, shorten, text_width, write

WHITE = (255, 255, 255)
PLAIN = Style(20, WHITE)


@pytest.fixture(params=["OpenCV", "Pillow", "Pillow without DejaVu Sans"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "OpenCV":
        if not lettering.HAS_TYPEFACE:
            pytest.skip("this OpenCV has no typeface of its own")
        return
    monkeypatch.setattr(lettering, "HAS_TYPEFACE", False)
    forget(request)
    if request.param != "Pillow":
        from PIL import ImageFont

        monkeypatch.setattr(lettering, "_pillow_font", lambda size, bold: (ImageFont.load_default(size), False))


def forget(request: pytest.FixtureRequest) -> None:
    """Forget what is known of the usual typeface, now and after the test."""
    for kept in (lettering._has_letter, lettering._runs):
        kept.cache_clear()
        request.addfinalizer(kept.cache_clear)


def drawn(text: str, style: Style = PLAIN, left: int = 50, middle: int = 50) -> NDArray[np.uint8]:
    picture = np.zeros((100, 800, 3), np.uint8)
    write(picture, text, left, middle, style)
    return picture


def extent(picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """First and last column, first and last row that are not black."""
    rows, columns = np.nonzero(picture.max(axis=2))
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "text", ["a", "Classic_Mid-Rise_Skinny_Jeans.jpg", "0.873", "HHHH", "Übergröße", "Юбка", "连衣裙"]
)
@pytest.mark.parametrize("bold", [False, True])
def test_text_takes_the_width_that_was_foretold(text: str, bold: bool) -> None:
    left, right, top, bottom = extent(drawn(text, PLAIN._replace(bold=bold)))

    width = text_width(text, PLAIN._replace(bold=bold))
    assert 48 <= left <= 54
    assert abs(right - (50 + width)) <= 4
    assert top >= 30
    assert bottom <= 70


@pytest.mark.usefixtures("engine")
def test_capital_letters_stand_around_the_middle_line() -> None:
    _, _, top, bottom = extent(drawn("HH"))

    assert abs((top + bottom) / 2 - 50) <= 1.5


@pytest.mark.usefixtures("engine")
def test_text_has_the_colour_asked_for_and_smooth_edges() -> None:
    picture = drawn("SOS", Style(30, (10, 200, 90)))

    assert (10, 200, 90) in {tuple(pixel) for pixel in picture.reshape(-1, 3).tolist()}
    assert len(np.unique(picture[:, :, 1])) > 20


@pytest.mark.usefixtures("engine")
def test_text_over_the_edge_is_cut_off() -> None:
    for left, middle in ((-30, 5), (780, 99), (700, 0), (5000, 5000), (50, 500)):
        drawn("HHHHHHHH", PLAIN, left, middle)


@pytest.mark.usefixtures("engine")
def test_no_text_draws_nothing_and_has_no_width() -> None:
    assert not drawn("").any()
    assert text_width("", PLAIN) == 0


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("room", [400, 200, 100, 60, 40])
def test_long_names_lose_their_middle_and_keep_their_end(room: int) -> None:
    name = "Classic_Mid-Rise_Skinny_Jeansimg_00000050.jpg"
    short = shorten(name, PLAIN, room)

    beginning, end = short.split(ELLIPSIS)
    assert name.startswith(beginning)
    assert name.endswith(end)
    assert len(end) >= len(beginning)
    assert text_width(short, PLAIN) <= room
    assert text_width(short, PLAIN) > room - 35


@pytest.mark.usefixtures("engine")
def test_names_that_fit_stay_whole_and_no_room_leaves_nothing() -> None:
    assert shorten("a.jpg", PLAIN, 200) == "a.jpg"
    assert shorten("a.jpg", PLAIN, 3) == ""


@pytest.mark.skipif(not lettering.HAS_TYPEFACE, reason="OpenCV 4 has no typeface of its own")
@pytest.mark.parametrize("text", ["é", "Ж", "ř", "连", "ン", "한"])
def test_letters_of_many_scripts_are_more_than_empty_boxes(text: str) -> None:
    assert (drawn(text) != drawn("\U0010ffff")).any()
    assert (drawn(text) != drawn("?")).any()


def test_a_typeface_for_english_only_gets_the_nearest_letters() -> None:
    assert lettering._plain("Äpfel élégant … 5×3 – 服") == "Apfel elegant ... 5x3 - □"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["Übergröße é ñ ệ", "が プ", "한국어", "Å.jpg"])
def test_names_from_macos_are_drawn_as_those_of_other_systems(name: str) -> None:
    apart = unicodedata.normalize("NFD", name)

    assert apart != name
    assert np.array_equal(drawn(apart), drawn(name))
    assert text_width(apart, PLAIN) == text_width(name, PLAIN)
    assert shorten(apart * 9, PLAIN, 200) == shorten(name * 9, PLAIN, 200)


@pytest.mark.usefixtures("engine")
def test_accents_that_no_letter_has_stand_on_their_letter() -> None:
    for letter in ("x\u0301", "q\u0308"):
        assert abs(text_width(letter, PLAIN) - text_width(letter[0], PLAIN)) <= 2


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "letter", ["\U0001f457", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\U00013000"]
)
def test_an_emoji_is_one_sign_and_no_question_mark(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "find_face", lambda text, size: None)
    lettering._runs.cache_clear()

    assert (drawn(letter) != drawn("?")).any()
    assert np.array_equal(drawn(letter), drawn("\U0010fffe")), "the sign of all letters that no typeface has"
    assert 0 < text_width(letter, PLAIN) <= 22
    lettering._runs.cache_clear()


@pytest.mark.usefixtures("engine")
def test_letters_from_right_to_left_begin_at_the_right() -> None:
    # Of alef and lamed, lamed stands at the left, where it would stand alone.
    lamed, word = drawn("\u05dc"), drawn("\u05d0\u05dc")
    first, last, _, _ = extent(lamed)
    assert np.abs(lamed[:, first : last - 1].astype(int) - word[:, first : last - 1]).mean() < 8


def test_each_pixel_takes_on_its_share_of_a_colour() -> None:
    picture = np.full((1, 3, 3), 100, np.uint8)
    share = np.array([0, 0.5, 1], np.float32)[None, :, None]
    assert blended(picture, (0, 200, 255), share).tolist() == [[[100, 100, 100], [50, 150, 178], [0, 200, 255]]]
