"""What codes look like, and what people make of them."""

import pytest

from farebox.domain.errors import ActionRefused
from farebox.payments.codes.text import hash_of, hint_of, new_code


def test_codes_are_long_and_all_different() -> None:
    """Twenty-two random characters of thirty-two each: 110 bits, of which the hint tells twenty."""
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5, 5, 5, 5, 5]
        assert len(hint_of(code)) == 4
        assert code.startswith(hint_of(code))
    # Each place but those of the checksum takes every character.
    plain = [code.replace("-", "") for code in codes]
    assert all(len({code[place] for code in plain}) == 32 for place in range(25))


def test_a_code_is_read_however_it_was_typed() -> None:
    """Small letters, blanks, missing dashes, O for 0 and I or L for 1: all are the same code."""
    for _ in range(200):
        code = new_code()
        typed = code.lower().replace("-", " ")
        assert hash_of(f"  {typed} ") == hash_of(code) == hash_of(code.replace("-", ""))
        assert hash_of(code.replace("0", "O").replace("1", "l")) == hash_of(code.replace("1", "I"))


def is_found_out(slip: str) -> bool:
    try:
        hash_of(slip)
    except ActionRefused as refused:
        return refused.code == "code_mistyped"
    return False


def test_a_slip_of_the_pen_is_told_from_an_unknown_code() -> None:
    """Another character, two in the wrong order, one too few: none is taken for a code of ours."""
    found_out = tried = 0
    for _ in range(300):
        code = new_code().replace("-", "")
        other = "A" if code[7] != "A" else "B"
        slips = [code[:7] + other + code[8:], code[:-1], code + "0"]
        if code[3] != code[4]:
            slips.append(code[:3] + code[4] + code[3] + code[5:])
        for slip in slips:
            tried += 1
            found_out += is_found_out(slip)
    # One in 32,768 passes by chance.
    assert found_out >= tried - 3
    for nonsense in ("", "-", "\u00e9" * 25, "U" * 25, "0" * 24):
        with pytest.raises(ActionRefused):
            hash_of(nonsense)
