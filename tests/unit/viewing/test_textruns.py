import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.viewing.textruns import BOX, Run, clusters_of, drawable, runs_of

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"


def is_latin(letter: str) -> bool:
    return ord(letter) < 0x250


def test_accents_of_names_from_macos_are_put_onto_their_letters() -> None:
    name = "Übergröße é が 한국어.jpg"
    apart = unicodedata.normalize("NFD", name)

    assert apart != name
    assert clusters_of(apart) == list(name)
    assert runs_of(unicodedata.normalize("NFD", "Übergröße"), is_latin) == [Run("Übergröße", True)]


@pytest.mark.parametrize("letter", ["x\u0301\u0302", FAMILY, FLAG, "❤\ufe0f", "\U0001f44d\U0001f3fd", "नी"])
def test_a_letter_is_what_people_see_as_one(letter: str) -> None:
    assert clusters_of(f"a{letter}{letter}b") == ["a", letter, letter, "b"]
    assert [run.text for run in runs_of(f"a{letter}.jpg", is_latin)] == ["a", letter, ".jpg"]
    assert runs_of(f"a{letter}.jpg", is_latin)[1].stand_in(is_latin) == ("x" if letter[0] == "x" else BOX)


def test_what_no_typeface_has_is_a_box_and_never_a_question_mark() -> None:
    (dress,) = runs_of("\U0001f457", is_latin)
    assert not dress.is_usual
    assert dress.stand_in(is_latin) == BOX


def test_words_from_right_to_left_stay_together_with_their_spaces() -> None:
    assert runs_of("a שלום עולם b", is_latin) == [Run("a ", True), Run("שלום עולם", False), Run(" b", True)]
    assert Run("אב", False).from_left() == Run("בא", False)
    assert [run.text for run in Run("अब", False).letters()] == ["अ", "ब"]


@given(st.text(max_size=30))
def test_nothing_is_lost_or_added(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert "".join(clusters_of(text)) == composed
    assert "".join(run.text for run in runs_of(text, is_latin)) == composed


def test_joiners_are_kept_where_they_join_and_what_else_is_unseen_is_shown() -> None:
    assert drawable(f"{FAMILY}.jpg") == f"{FAMILY}.jpg"
    assert drawable("می\u200cخواهم") == "می\u200cخواهم"
    assert drawable("a\u200db\n\u202eجpg\u200d") == "a\\u200db\\n\\u202eجpg\\u200d"
