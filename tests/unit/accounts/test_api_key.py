"""The text of API keys."""

import re

import pytest

from farebox.accounts.api_key import api_key_hash, is_well_formed, new_api_key, shown_prefix


@pytest.mark.parametrize("kind", ["live", "test"])
def test_a_new_key_has_the_documented_form(kind: str) -> None:
    """Guarantee: the form is fixed, and the checksum holds."""
    key = new_api_key("fb", kind)  # type: ignore[arg-type]
    assert re.fullmatch(rf"fb_{kind}_[A-Za-z0-9_-]{{43}}", key)
    assert is_well_formed(key)


def test_most_garbage_is_refused_without_a_query() -> None:
    """Guarantee: three of four altered keys fail the checksum, wherever they were altered."""
    refused = 0
    for _ in range(1000):
        key = new_api_key("fb", "live")
        altered = key[:20] + ("A" if key[20] != "A" else "B") + key[21:]
        refused += not is_well_formed(altered)
    assert 650 < refused < 850


@pytest.mark.parametrize(
    "text", ["", "fb_live_", "x" * 10_000, "fb_live_" + "é" * 43, "fb_dead_" + "A" * 43, "fb_live_" + "A" * 44]
)
def test_other_forms_are_no_keys(text: str) -> None:
    """Guarantee: only the exact form reaches the look-up."""
    assert not is_well_formed(text)


def test_a_key_is_random_hashed_whole_and_shown_in_part() -> None:
    """Guarantee: 256 bits of randomness; the hash depends on every character; 12 characters are shown."""
    key = new_api_key("fb", "live", lambda count: bytes(range(count)))
    assert key == new_api_key("fb", "live", lambda count: bytes(range(count)))
    assert api_key_hash(key) != api_key_hash(key[:-1])
    assert shown_prefix(key) == key[:12]
    assert len({new_api_key("fb", "live") for _ in range(1000)}) == 1000
