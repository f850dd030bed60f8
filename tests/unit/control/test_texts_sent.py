"""Texts that people send: what cannot be seen neither turns them round nor stands for one."""

import pytest
from pydantic import TypeAdapter, ValidationError

from farebox.control.text import EmailText, Line, LongText, NonEmptyLine, NonEmptyWords, PasswordText, Words

_UNSEEN = ("\u200b", "\u200d\ufeff", "\u2060 \u00ad", "\u3164", "\u2800", "\ufe0f", "\u202e\u2066", " \u200b\n\u200b ")


@pytest.mark.parametrize("turning", [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))])
@pytest.mark.parametrize("kind", [Line, NonEmptyLine, Words, NonEmptyWords, LongText, EmailText])
def test_no_text_is_shown_in_another_order_than_it_is_stored(kind: type[str], turning: str) -> None:
    """Whoever decides reads what was written: overrides, embeddings and isolates are left out, wherever they stand."""
    assert TypeAdapter(kind).validate_python(f"{turning}refund {turning} 001 yap{turning}") == "refund  001 yap"


@pytest.mark.parametrize("text", _UNSEEN)
def test_a_text_that_shows_nothing_is_empty(text: str) -> None:
    """Where one may be left out it is; where one is needed the sender learns that it is missing."""
    for kind in (Line, Words):
        assert TypeAdapter(kind).validate_python(text) == ""
    for needed in (NonEmptyLine, NonEmptyWords, LongText):
        with pytest.raises(ValidationError, match="string_too_short"):
            TypeAdapter(needed).validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "1\ufe0f\u20e3",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\u05e9\u05dc\u05d5\u05dd\u200f!",
        "e\u0301t\u00e9",
        "\u8b1d\u8b1d",
        "...",
    ],
    ids=["family", "keycap", "persian", "conjunct", "hebrew", "accents", "han", "dots"],
)
def test_joiners_and_marks_stay_where_a_script_needs_them(text: str) -> None:
    """Words and emoji are stored as they were written."""
    for kind in (Line, NonEmptyLine, Words, NonEmptyWords, LongText):
        assert TypeAdapter(kind).validate_python(text) == text


def test_a_control_character_is_refused_and_not_left_out() -> None:
    """Also alone: it was hardly meant."""
    for text in ("\0", "a\x1b[2J", "\u202e\x07"):
        with pytest.raises(ValidationError, match="control characters"):
            TypeAdapter(Line).validate_python(text)


def test_what_is_no_text_is_refused_as_such() -> None:
    """The shape is judged as ever, after what cannot be seen is gone."""
    with pytest.raises(ValidationError, match="string_type"):
        TypeAdapter(Line).validate_python(7)
    assert TypeAdapter(Line).validate_python("\u202e" + "x" * 200) == "x" * 200


def test_a_password_is_taken_as_it_was_typed() -> None:
    """Whatever stands in it: else its owner could not sign in any more."""
    assert TypeAdapter(PasswordText).validate_python("\u202e\u200b ") == "\u202e\u200b "
