"""Signatures and sealed thoughts: what proves that a thought came back unchanged."""

import base64

import pytest

from farebox.simulator.signature import is_sealed, is_signed, seal, sign


def test_a_signature_is_good_for_its_text_and_kind_only():
    """Neither another text nor another dialect's signature passes."""
    signature = sign("a", "grüße")
    assert is_signed("a", "grüße", signature)
    assert not is_signed("a", "grüße ", signature)
    assert not is_signed("b", "grüße", signature)


def test_both_alphabets_of_base64_are_the_same_signature():
    """An SDK that decodes and encodes a signature may choose the other alphabet."""
    signature = sign("a", "x")
    assert is_signed("a", "x", base64.urlsafe_b64encode(base64.b64decode(signature)).decode())


@pytest.mark.parametrize("place", [0, 20, 100, -6])
def test_a_changed_seal_is_found_out(place):
    """Every part of sealed text is protected."""
    raw = bytearray(base64.urlsafe_b64decode(seal("a", "a thought of some length")))
    raw[place] ^= 1
    assert is_sealed("a", seal("a", "a thought of some length"))
    assert not is_sealed("a", base64.urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é"])
def test_garbage_is_no_signature(text):
    """What was never made here is refused without an error."""
    assert not is_signed("a", "x", text)
    assert not is_sealed("a", text)
