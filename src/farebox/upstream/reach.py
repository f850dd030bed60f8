"""Whether an address that somebody types in may be reached at all, told before the first call and not by it.

A courtesy: every connection is judged again on the address that it is made to.
"""

import msgspec

from farebox.kit.clock import Clock
from farebox.upstream.address import Resolver, is_local_name
from farebox.upstream.endpoint import Endpoint
from farebox.upstream.errors import AddressRefused, ConnectError


class Reach(msgspec.Struct, frozen=True):
    """`refused` says why the address is not reached, `remark` what is odd about one that is."""

    refused: str | None = None
    remark: str | None = None


async def reach_of(endpoint: Endpoint, clock: Clock, *, via_proxy: bool) -> Reach:
    """Refuses loopback and private addresses unless the endpoint allows them."""
    if endpoint.allow_private:
        return Reach()
    if is_local_name(endpoint.host):
        return Reach(refused=f"{endpoint.host} is this machine or its network")
    if via_proxy:
        return Reach()  # the proxy has a resolver of its own
    try:
        await Resolver(clock).addresses(endpoint.host, endpoint.port, allow_private=False)
    except AddressRefused as error:
        return Reach(refused=str(error))
    except ConnectError as error:
        return Reach(remark=str(error))
    return Reach()
