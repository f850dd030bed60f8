"""Judging a channel from the command line: may its address be reached, and does the provider answer?"""

from farebox.boot.config import Config
from farebox.catalog.snapshot import Channel
from farebox.domain.errors import CommandError
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal, SealError
from farebox.upstream.address import Resolver, is_local_name
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import AddressRefused, ConnectError, UpstreamError
from farebox.upstream.limits import Timeouts
from farebox.upstream.provider import auth_headers, models_request

_PROBE = Timeouts(connect_s=10.0, first_byte_s=20.0, idle_s=20.0)
_MOST_ANSWER_BYTES = 16 * 1024 * 1024


async def check_reachable_address(endpoint: Endpoint, *, via_proxy: bool) -> str | None:
    """Refuses loopback and private addresses unless the endpoint allows them; a remark when the name has no address.

    A courtesy to the operator: every connection is judged again on the address that it is made to.
    """
    if endpoint.allow_private:
        return None
    if is_local_name(endpoint.host):
        raise _refused(f"{endpoint.host} is this machine or its network")
    if via_proxy:
        return None
    try:
        await Resolver(SystemClock()).addresses(endpoint.host, endpoint.port, allow_private=False)
    except AddressRefused as error:
        raise _refused(str(error)) from None
    except ConnectError as error:
        return str(error)
    return None


async def probe(channel: Channel, seal: Seal, config: Config) -> str | None:
    """Why the channel does not work, in one line; None when the provider lists its models with the first key."""
    endpoint = parse_endpoint(
        channel.base_url, allow_private=channel.allow_private, proxy=channel.proxy or config.upstream_proxy
    )
    path, told = models_request(channel.kind, endpoint.path_prefix)
    headers: list[tuple[bytes, bytes]] = [(b"accept", b"application/json"), *told]
    if channel.keys:
        key = channel.keys[0]
        try:
            headers += auth_headers(channel.kind, seal.open(key.sealed, purpose=key.purpose))
        except SealError as error:
            return str(error)
    client = UpstreamClient()
    try:
        response = await client.send(endpoint, b"GET", path, headers, b"", _PROBE)
        await response.read(_MOST_ANSWER_BYTES)
    except UpstreamError as error:
        return str(error)
    finally:
        await client.close()
    if response.status in (401, 403):
        return f"the provider refuses the key (status {response.status})"
    # A compatible server without a list of models still answered us.
    return None if response.status in (200, 404, 405) else f"the provider answers with status {response.status}"


def _refused(why: str) -> CommandError:
    return CommandError(f"{why}: give --allow-private if the channel is meant to reach it")
