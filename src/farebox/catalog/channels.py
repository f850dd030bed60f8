"""What the operator changes of a channel that is there. Its name stays: routes and stops are known by it."""

from typing import Any

import msgspec

from farebox.catalog import channels_store as store
from farebox.catalog.channels_store import ChannelState
from farebox.domain.errors import ActionRefused


async def lock_channel(connection: Any, name: str) -> ChannelState:
    """A channel as it is, locked until the transaction ends; 404 without one."""
    found = await store.lock(connection, name)
    if found is None:
        raise no_channel(name)
    return found


async def lead_elsewhere(
    connection: Any, name: str, *, kind: str, provider: str, base_url: str, allow_private: bool
) -> tuple[ChannelState, ChannelState]:
    """The channel before and after; its keys go there with the next call, and calls that run end where they began."""
    before = await lock_channel(connection, name)
    if before.kind == "simulator":
        raise ActionRefused("simulator_channel", "The simulator's channel stays where it is: add another.", status=422)
    after = msgspec.structs.replace(
        before, kind=kind, provider=provider, base_url=base_url, allow_private=allow_private
    )
    await store.update(connection, name, after)
    return before, after


def no_channel(name: str) -> ActionRefused:
    return ActionRefused("not_found", f"There is no channel named {name[:64]}.", status=404)
