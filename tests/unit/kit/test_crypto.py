"""Secrets at rest."""

import pytest

from farebox.kit.crypto import Seal, SealError


def test_a_sealed_secret_opens_with_its_key_and_purpose_only() -> None:
    """Guarantee: a stolen database without the key, or a value moved to another row, opens nothing."""
    seal = Seal(b"k" * 32)
    sealed = seal.seal(b"sk-provider", purpose=b"channel_key:1")
    assert b"sk-provider" not in sealed
    assert seal.open(sealed, purpose=b"channel_key:1") == b"sk-provider"
    with pytest.raises(SealError):
        seal.open(sealed, purpose=b"channel_key:2")
    with pytest.raises(SealError):
        Seal(b"x" * 32).open(sealed, purpose=b"channel_key:1")


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    """Guarantee: sealed values cannot be altered."""
    seal = Seal(b"k" * 32)
    sealed = bytearray(seal.seal(b"sk-provider", purpose=b"p"))
    sealed[place] ^= 1
    with pytest.raises(SealError):
        seal.open(bytes(sealed), purpose=b"p")


def test_the_same_secret_seals_differently_each_time() -> None:
    """Guarantee: equal secrets cannot be told from their sealed form."""
    seal = Seal(b"k" * 32)
    assert seal.seal(b"same", purpose=b"p") != seal.seal(b"same", purpose=b"p")
