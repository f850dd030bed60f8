"""Which addresses we connect to, and which addresses a name has.

Base URLs come from operators and one day from customers: a name that leads into our own network, to the machine
itself or to a cloud's metadata service must not be reached through us. The check is on the address that is then
connected to, so that a second answer of the name server changes nothing. This module must not know of HTTP.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from farebox.kit.clock import Clock
from farebox.upstream.errors import AddressRefused, ConnectError

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

# The special-purpose registry of IPv4 (RFC 6890 and its updates), plus multicast and the reserved upper end.
_REFUSED_4 = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local or metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "special purpose"),
        ("192.52.193.0/24", "special purpose"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "special purpose"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        # A public address, but of the cloud host under the machine: Azure's wire server and its metadata.
        ("168.63.129.16/32", "metadata"),
    )
)
# For IPv6 the global unicast space is allowed and the rest is not: loopback, mapped (::ffff:0:0/96), NAT64
# (64:ff9b::/96), unique local, link-local and multicast all lie outside it. These lie inside and are refused as well.
_GLOBAL_6 = IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "protocol assignments or Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "special purpose"),
        ("3fff::/20", "documentation"),
    )
)
_CACHED_NAMES = 1024


def refusal_of(address: str) -> str | None:
    """Why we do not connect to this literal address, in two words; None when it is public."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return next((why for network, why in _REFUSED_4 if parsed in network), None)
    return _refusal_of_6(parsed)


def _refusal_of_6(address: IPv6Address) -> str | None:
    if address not in _GLOBAL_6:
        return "not global unicast"
    return next((why for network, why in _REFUSED_6 if address in network), None)


def is_literal(host: str) -> bool:
    """Whether a host is an address already, so that no name server is asked."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_local_name(host: str) -> bool:
    """Names that mean the machine itself or a cloud's metadata by convention, whatever a proxy resolves them to."""
    name = host.rstrip(".")
    return name == "localhost" or name.endswith((".localhost", ".internal"))


async def look_up(host: str, port: int) -> Sequence[str]:
    """The machine's resolver: literal addresses in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """Names to checked addresses, remembered for seconds so that a burst of connections asks once."""

    def __init__(self, clock: Clock, lookup: Lookup = look_up, remember_s: float = 5.0) -> None:
        self._clock = clock
        self._lookup = lookup
        self._remember_s = remember_s
        self._remembered: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._running: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def addresses(self, host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
        """The addresses to try, in order; AddressRefused when there are some but none that we connect to."""
        found = (host,) if is_literal(host) else await self._resolve(host, port)
        if allow_private:
            return found
        allowed = tuple(address for address in found if refusal_of(address) is None)
        if not allowed:
            raise AddressRefused(f"{host} leads to an address that is {refusal_of(found[0])}")
        return allowed

    async def _resolve(self, host: str, port: int) -> tuple[str, ...]:
        remembered = self._remembered.get(host)
        if remembered is not None and remembered[0] > self._clock.monotonic_s():
            return remembered[1]
        running = self._running.get(host)
        if running is None:
            running = self._running[host] = asyncio.ensure_future(self._ask(host, port))
            running.add_done_callback(lambda _: self._running.pop(host, None))
        # Several calls may wait for one look-up: a call that goes away must not take it from the others.
        return await asyncio.shield(running)

    async def _ask(self, host: str, port: int) -> tuple[str, ...]:
        try:
            found = _interleaved(await self._lookup(host, port))
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"the name {host} cannot be resolved") from error
        if not found:
            raise ConnectError(f"the name {host} has no address")
        if len(self._remembered) >= _CACHED_NAMES:
            self._remembered.clear()
        self._remembered[host] = (self._clock.monotonic_s() + self._remember_s, found)
        return found


def _interleaved(addresses: Sequence[str]) -> tuple[str, ...]:
    """The two families in turn, the resolver's favourite first: a network with a broken IPv6 costs one try, not all."""
    first_is_6 = bool(addresses) and ":" in addresses[0]
    favourite = [address for address in addresses if (":" in address) is first_is_6]
    other = [address for address in addresses if (":" in address) is not first_is_6]
    mixed: list[str] = []
    for position in range(max(len(favourite), len(other))):
        mixed += favourite[position : position + 1] + other[position : position + 1]
    return tuple(mixed)
