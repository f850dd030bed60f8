"""Passwords: what nobody should use, and that a missing one takes as long to refuse as a wrong one."""

import statistics
import time

import pytest

from farebox.domain.errors import ActionRefused
from farebox.identity.password import check_strength, hash_password, is_password


@pytest.mark.parametrize(
    "password",
    ["", "too short", "a" * 201, "aaaaaaaaaaaaaa", "abababababab", "ada.lovelace@example.com", "Ada.Lovelace"],
)
def test_what_nobody_should_use_is_refused(password: str):
    """Too short, too long, too few characters, one's own address."""
    with pytest.raises(ActionRefused) as refused:
        check_strength(password, email="ada.lovelace@example.com")
    assert (refused.value.code, refused.value.field) == ("weak_password", "password")


@pytest.mark.parametrize("password", ["correct horse battery", "пароль-пароль", "10 letters", "密码密码密码 ab cd"])
def test_words_in_any_script_are_fine(password: str):
    """No rules about digits and signs; length is what counts."""
    check_strength(password, email="ada@example.com")


async def test_the_same_letters_from_another_keyboard_match():
    """Composed and decomposed forms are one password."""
    stored = await hash_password("Stra\u00dfe caf\u00e9 12")
    assert await is_password("Stra\u00dfe cafe\u0301 12", stored)
    assert not await is_password("Strasse cafe 12", stored)
    assert "argon2id" in stored


async def test_nobody_takes_as_long_as_somebody():
    """Without a stored hash one is checked all the same, and the answer is no, also to that hash's own password."""
    stored = await hash_password("a long enough one")
    await is_password("warm", None)
    known, unknown = [], []
    for _ in range(7):
        for taken, against in ((known, stored), (unknown, None)):
            started = time.process_time()
            assert not await is_password("nobody has this password", against)
            taken.append(time.process_time() - started)
    ratio = statistics.median(unknown) / statistics.median(known)
    assert 0.4 < ratio < 2.5, (known, unknown)
