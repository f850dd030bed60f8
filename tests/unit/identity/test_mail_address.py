"""Mail addresses: which are taken, which reach one mailbox, which domains are thrown away."""

import pytest

from farebox.domain.errors import ActionRefused
from farebox.identity.mail_address import check_address, is_disposable, mailbox_of


@pytest.mark.parametrize("address", ["a@example.com", "a.b+c@xn--bcher-kva.example", "o'neil@a-b.co", "  a@b.cd  "])
def test_real_addresses_are_taken(address: str) -> None:
    """Without the blanks around them."""
    assert check_address(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@example.com",
        "a@",
        "a@localhost",
        "a@example..com",
        "a@-example.com",
        ".a@example.com",
        "a..b@example.com",
        "a b@example.com",
        '"a"@example.com',
        "a@example.com\r\nbcc: b@example.com",
        "a@example.com,b@example.com",
        "<a@example.com>",
        "a\x00@example.com",
        "ä@example.com",
        "x" * 65 + "@example.com",
        "a@" + "x" * 250 + ".com",
        "a@b@example.com",
    ],
)
def test_what_is_none_is_refused(address: str) -> None:
    """Whatever could become a second header, a second recipient or nobody's mailbox."""
    with pytest.raises(ActionRefused) as refused:
        check_address(address)
    assert (refused.value.code, refused.value.field) == ("not_an_address", "email")


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("A.B+tag@Gmail.com", "ab@gmail.com"),
        ("a.b@googlemail.com", "ab@gmail.com"),
        ("A.B+tag@Example.com", "a.b@example.com"),
        ("+only@example.com", "+only@example.com"),
    ],
)
def test_spellings_of_one_mailbox(address: str, mailbox: str) -> None:
    """Case and tags never matter, dots where the provider ignores them."""
    assert mailbox_of(address) == mailbox


def test_disposable_domains_are_known_with_all_below_them() -> None:
    """And a lasting provider is none, whatever stands before the @."""
    assert is_disposable("x@mailinator.com")
    assert is_disposable("x@a.b.MAILINATOR.com")
    assert not is_disposable("mailinator.com@example.com")
