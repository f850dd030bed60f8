"""Where a call comes from: the peer, or, behind proxies that the operator trusts, the last hop that is not one."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_REMEMBERED = 10_000


class AddressBook:
    """Parses addresses once; the same few come again and again."""

    def __init__(self, trusted_proxies: tuple[str, ...]) -> None:
        self._trusted: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(text) for text in trusted_proxies)
        self._known: dict[str, Address | None] = {}

    def client_address(self, peer: str | None, forwarded_for: bytes | None) -> Address | None:
        """The client's address; None when the peer has none (a local socket) and nobody trusted says more."""
        address = None if peer is None else self._parse(peer)
        if forwarded_for is None or not self._trusted or not self._is_trusted(address):
            return address
        for hop in reversed(forwarded_for.decode("latin-1").split(",")):
            named = self._parse(hop.strip())
            if named is None:
                return address  # garbage: believe what the last good hop saw
            address = named
            if not self._is_trusted(address):
                return address
        return address

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _parse(self, text: str) -> Address | None:
        if text in self._known:
            return self._known[text]
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        address = _parse_address(text)
        self._known[text] = address
        return address


def _parse_address(text: str) -> Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
