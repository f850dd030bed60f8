"""/admin/channels: the ways to reach providers. What holds a secret, or sends one elsewhere, wants a fresh factor."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import SecretStr

from farebox.audit.record import record
from farebox.catalog import admin, caps, channel_keys
from farebox.catalog.admin import NewChannel
from farebox.catalog.channels import lead_elsewhere, lock_channel, no_channel
from farebox.catalog.channels_store import ChannelState
from farebox.catalog.snapshot import Channel, Snapshot
from farebox.catalog.store import load_snapshot
from farebox.control.access import Staff, operator
from farebox.control.admin.channels.planning import plan, remark_on
from farebox.control.admin.channels.schemas import (
    CapsView,
    Changed,
    ChannelDetail,
    ChannelList,
    ChannelName,
    ChannelView,
    NewChannelBody,
    NewKey,
    PresetList,
    TrialView,
    Trying,
    caps_changes,
    caps_view,
    channel_view,
    key_view,
    preset_view,
    trial_view,
)
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import channel_subject, key_subject
from farebox.upstream.health_store import load_states
from farebox.upstream.limits import Timeouts
from farebox.upstream.presets import preset_of, presets
from farebox.upstream.report_store import load_channel_day
from farebox.upstream.trial import try_channel

router = APIRouter(prefix="/admin/channels", tags=["Operator: channels"])

Reader = Annotated[Staff, operator("catalogue:read")]
Writer = Annotated[Staff, operator("catalogue:write")]
Keeper = Annotated[Staff, operator("catalogue:write", fresh=True)]
Name = Annotated[ChannelName, Path()]

_PATIENCE = Timeouts(connect_s=10.0, first_byte_s=30.0, idle_s=20.0)
_HEALTHY = ("closed", 0.0, None)


@router.get("")
async def list_channels(_: Reader, services: Here) -> ChannelList:
    """All channels with health, caps and what their last 24 hours were like."""
    async with services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
        return ChannelList(data=await _views(connection, snapshot, sorted(snapshot.channels.values(), key=_by_name)))


@router.get("/presets")
async def list_presets(_: Reader) -> PresetList:
    """Providers of which Farebox knows address, key header, parameters, usage and prices."""
    return PresetList(data=[preset_view(preset) for preset in presets().values()])


@router.post("", status_code=201)
async def add_channel(body: NewChannelBody, staff: Keeper, services: Here) -> ChannelDetail:
    """Add a channel; a private address needs `allow_private`."""
    planned = plan(body)
    if planned.needs_key and body.api_key is None:
        raise ActionRefused(
            "key_missing",
            f"Channels of {planned.provider} need an API key.",
            status=422,
            field="api_key",
            values={"provider": planned.provider},
        )
    remark = await _remark(services, planned.base_url, allow_private=body.allow_private)
    asked = caps_changes(body.caps)
    new = NewChannel(
        name=planned.name,
        kind=planned.kind,
        provider=planned.provider,
        base_url=planned.base_url,
        allow_private=body.allow_private,
        daily_cap_nano=asked["daily_nano"],
        concurrency=asked["concurrency"],
        api_key=None if body.api_key is None else _secret(body.api_key),
    )
    told = {"kind": new.kind, "provider": new.provider, "base_url": new.base_url, "caps": body.caps.model_dump()}
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            await admin.add_channel(connection, services.ids, services.seal, new)
            await _note(connection, services, staff, "channel.add", new.name, after=told)
        return await _detail(connection, new.name, remark)


@router.get("/{name}")
async def show_channel(name: Name, _: Reader, services: Here) -> ChannelDetail:
    """One channel with the keys of its pool."""
    async with services.pool.acquire() as connection:
        return await _detail(connection, name)


@router.put("/{name}")
async def change_where(name: Name, body: Changed, staff: Keeper, services: Here) -> ChannelDetail:
    """Lead a channel elsewhere; its keys go there with the next call."""
    remark = await _remark(services, body.base_url, allow_private=body.allow_private)
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            before, after = await lead_elsewhere(connection, name, **body.model_dump())
            await _note(connection, services, staff, "channel.change", name, before=_told(before), after=_told(after))
        return await _detail(connection, name, remark)


@router.put("/{name}/caps")
async def cap_channel(name: Name, body: CapsView, staff: Writer, services: Here) -> CapsView:
    """Replace a channel's caps; in force for the next admission."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await lock_channel(connection, name)
        was = caps_view(caps.SupplyCaps(before.daily_cap_nano, before.concurrency))
        shown = caps_view(await caps.cap_channel(connection, name, caps_changes(body)))
        told = {"before": was.model_dump(), "after": shown.model_dump()}
        await _note(connection, services, staff, "channel.cap", name, **told)
    return shown


@router.post("/{name}/enable")
async def enable_channel(name: Name, staff: Writer, services: Here) -> ChannelDetail:
    """Use a channel again."""
    return await _switch(name, staff, services, enabled=True)


@router.post("/{name}/disable")
async def disable_channel(name: Name, staff: Writer, services: Here) -> ChannelDetail:
    """Send no more calls to a channel; calls that run end normally."""
    return await _switch(name, staff, services, enabled=False)


@router.post("/{name}/keys", status_code=201)
async def add_key(name: Name, body: NewKey, staff: Keeper, services: Here) -> ChannelDetail:
    """Add a key to the pool of a channel."""
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            await lock_channel(connection, name)
            secret = _secret(body.api_key)
            key_id = await channel_keys.add_channel_key(connection, services.ids, services.seal, name, secret)
            await _note(connection, services, staff, "channel_key.add", name, after={"key_id": str(key_id)})
        return await _detail(connection, name)


@router.delete("/{name}/keys/{key_id}")
async def remove_key(name: Name, key_id: UUID, staff: Keeper, services: Here) -> ChannelDetail:
    """Forget a key for good; the last one of a channel that needs one stays."""
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            await lock_channel(connection, name)
            if key_id not in {key.id for key in await channel_keys.list_channel_keys(connection, name)}:
                raise ActionRefused("not_found", "This channel has no such key.", status=404)
            await channel_keys.remove_channel_key(connection, key_id)
            await _note(connection, services, staff, "channel_key.remove", name, before={"key_id": str(key_id)})
        return await _detail(connection, name)


@router.post("/{name}/test")
async def try_out(name: Name, body: Trying, _: Writer, services: Here) -> TrialView:
    """Ask the provider for its list of models, or for one token of a model."""
    async with services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
    channel = _channel(snapshot, name)
    if channel.kind == "simulator":
        raise ActionRefused("simulator_channel", "The simulator needs no test: call its model with a key.", status=422)
    asked = None if body.model is None else _upstream_name(snapshot, channel, body.model)
    client = UpstreamClient(clock=services.clock)
    try:
        result = await try_channel(
            client,
            channel,
            services.seal,
            _PATIENCE,
            services.clock,
            proxy=services.upstream_proxy,
            upstream_model=asked,
        )
    finally:
        await client.close()
    return trial_view(result)


async def _switch(name: str, staff: Staff, services: Services, *, enabled: bool) -> ChannelDetail:
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            before = await lock_channel(connection, name)
            await admin.set_channel_enabled(connection, name, enabled=enabled)
            told = {"before": {"enabled": before.enabled}, "after": {"enabled": enabled}}
            await _note(connection, services, staff, "channel.enable" if enabled else "channel.disable", name, **told)
        return await _detail(connection, name)


async def _detail(connection: Connection, name: str, remark: str | None = None) -> ChannelDetail:
    snapshot = await load_snapshot(connection)
    (view,) = await _views(connection, snapshot, [_channel(snapshot, name)])
    states = await load_states(connection)
    pool = [
        key_view(key, states.get(key_subject(key.id), _HEALTHY)[0])
        for key in await channel_keys.list_channel_keys(connection, name)
    ]
    return ChannelDetail(**view.model_dump(), pool=pool, remark=remark)


async def _views(connection: Connection, snapshot: Snapshot, channels: list[Channel]) -> list[ChannelView]:
    states, traffic = await load_states(connection), await load_channel_day(connection)
    return [
        channel_view(
            channel,
            snapshot,
            preset_of(channel),
            states.get(channel_subject(channel.id), _HEALTHY)[:2],
            traffic.get(channel.id),
        )
        for channel in channels
    ]


async def _remark(services: Services, base_url: str, *, allow_private: bool) -> str | None:
    via_proxy = services.upstream_proxy is not None
    return await remark_on(base_url, services.clock, allow_private=allow_private, via_proxy=via_proxy)


def _channel(snapshot: Snapshot, name: str) -> Channel:
    channel = next((each for each in snapshot.channels.values() if each.name == name), None)
    if channel is None:
        raise no_channel(name)
    return channel


def _upstream_name(snapshot: Snapshot, channel: Channel, model: str) -> str:
    """What the provider calls the model: by our route to it there, or the name as it was given."""
    routes = snapshot.models[model].routes if model in snapshot.models else ()
    return next((route.upstream_model for route in routes if route.channel_id == channel.id), model)


def _secret(given: SecretStr) -> bytes:
    text = given.get_secret_value().strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ActionRefused(
            "invalid_api_key", "This is no API key: it has blanks or odd characters.", status=422, field="api_key"
        )
    return text.encode()


def _told(state: ChannelState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in ("kind", "provider", "base_url", "allow_private")}


def _by_name(channel: Channel) -> str:
    return channel.name


async def _note(
    connection: Connection,
    services: Services,
    staff: Staff,
    action: str,
    name: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    await record(connection, services.ids, staff.actor, action, target=f"channel:{name}", before=before, after=after)
