"""Judging a channel from the command line: may its address be reached, and does the provider answer?"""

from farebox.boot.config import Config
from farebox.catalog.snapshot import Channel
from farebox.domain.errors import CommandError
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint
from farebox.upstream.limits import Timeouts
from farebox.upstream.reach import reach_of
from farebox.upstream.trial import TrialResult, try_channel

_PATIENCE = Timeouts(connect_s=10.0, first_byte_s=30.0, idle_s=20.0)


async def check_reachable_address(endpoint: Endpoint, *, via_proxy: bool) -> str | None:
    """Refuses loopback and private addresses unless the endpoint allows them; a remark when the name has no address.

    A courtesy to the operator: every connection is judged again on the address that it is made to.
    """
    found = await reach_of(endpoint, SystemClock(), via_proxy=via_proxy)
    if found.refused is not None:
        raise CommandError(f"{found.refused}: give --allow-private if the channel is meant to reach it")
    return found.remark


async def probe(channel: Channel, seal: Seal, config: Config, *, upstream_model: str | None = None) -> TrialResult:
    """Asks the provider for its list of models, or for one token of a model, with the first key; tells how it went."""
    clock = SystemClock()
    client = UpstreamClient(clock=clock)
    try:
        return await try_channel(
            client, channel, seal, _PATIENCE, clock, proxy=config.upstream_proxy, upstream_model=upstream_model
        )
    finally:
        await client.close()
