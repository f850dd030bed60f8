"""Client addresses: believed from the peer, and from X-Forwarded-For only behind trusted proxies."""

from ipaddress import ip_address

import pytest

from farebox.gateway.address import AddressBook

TRUSTED = ("10.0.0.0/8", "::1/128")

CASES = [
    # trusted proxies, peer, X-Forwarded-For -> address
    ((), "203.0.113.9", None, "203.0.113.9"),
    ((), "10.0.0.1", b"198.51.100.7", "10.0.0.1"),
    (TRUSTED, "203.0.113.9", b"198.51.100.7", "203.0.113.9"),
    (TRUSTED, "10.0.0.1", b"198.51.100.7", "198.51.100.7"),
    (TRUSTED, "10.0.0.1", b"6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
    (TRUSTED, "10.0.0.1", b"198.51.100.7, nonsense", "10.0.0.1"),
    (TRUSTED, "::1", b"[2001:db8::5]:443", "2001:db8::5"),
    (TRUSTED, "10.0.0.1", b"198.51.100.7:5555", "198.51.100.7"),
    (TRUSTED, "::ffff:10.0.0.1", b"198.51.100.7", "198.51.100.7"),
    (TRUSTED, "10.0.0.1", b"10.0.0.3", "10.0.0.3"),
]


@pytest.mark.parametrize(("trusted", "peer", "forwarded", "address"), CASES)
def test_address_is_the_last_hop_nobody_trusted_vouches_for(
    trusted: tuple[str, ...], peer: str, forwarded: bytes | None, address: str
) -> None:
    """A client cannot choose its address by sending the header itself."""
    assert AddressBook(trusted).client_address(peer, forwarded) == ip_address(address)


def test_a_local_socket_has_no_address() -> None:
    """No address is not some address."""
    assert AddressBook(()).client_address(None, None) is None
