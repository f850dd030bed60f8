"""Whom throttling counts, and what scopes cover."""

import pytest

from farebox.identity.scopes import covers, permits
from farebox.identity.throttle import for_mail_to, for_sign_in, from_address

SALT = b"salt"


def test_one_subject_however_it_is_written():
    """Case and blanks of an address, and the lower half of an IPv6 one, make no other subject."""
    assert for_sign_in(" Ada@Example.com").digest(SALT) == for_sign_in("ada@example.com").digest(SALT)
    assert from_address("2001:db8::1").digest(SALT) == from_address("2001:db8::ffff:1").digest(SALT)
    assert from_address("2001:db8:0:1::1").digest(SALT) != from_address("2001:db8::1").digest(SALT)
    assert from_address("203.0.113.9").digest(SALT) != from_address("203.0.113.10").digest(SALT)
    assert from_address(None).digest(SALT) == from_address("no address").digest(SALT)


def test_subjects_of_kinds_and_deployments_are_apart():
    """A digest tells nobody whose it is without the deployment's salt."""
    assert for_sign_in("ada@example.com").digest(SALT) != for_mail_to("ada@example.com").digest(SALT)
    assert for_sign_in("ada@example.com").digest(SALT) != for_sign_in("ada@example.com").digest(b"other")


@pytest.mark.parametrize(
    ("granted", "wanted", "is_covered"),
    [
        (("*",), "money:write", True),
        (("*",), "*", True),
        (("money:write",), "money:read", True),
        (("money:read",), "money:write", False),
        (("money:write",), "*", False),
        ((), "money:read", False),
        (("stop:write",), "money:read", False),
    ],
)
def test_a_scope_covers_what_it_names_and_reading_of_it(granted: tuple[str, ...], wanted: str, is_covered: bool):
    """All covers all; nothing else covers all."""
    assert covers(granted, wanted) is is_covered
    if wanted != "*":
        assert permits(granted, wanted) is is_covered
