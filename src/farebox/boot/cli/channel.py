"""`farebox channel …`: the ways to reach providers."""

from typing import Annotated, Any

import typer

from farebox.boot.channels import check_reachable_address, probe
from farebox.boot.cli.channel_key import app as key_app
from farebox.boot.cli.channel_presets import plan, show
from farebox.boot.cli.options import AtOnce, AtOnceSetting, DailyCap, DailyCapSetting, Data, Json, changes
from farebox.boot.cli.output import emit, facts, note, table
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.boot.config import read_secret_variable
from farebox.catalog import admin, caps
from farebox.catalog.admin import NewChannel
from farebox.catalog.channels import lead_elsewhere, lock_channel
from farebox.catalog.channels_store import ChannelState
from farebox.catalog.snapshot import Channel, Snapshot
from farebox.catalog.store import load_snapshot
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.presets import Kind

app = typer.Typer(rich_markup_mode=None)
app.add_typer(key_app, name="key")
app.command("presets")(show)

Name = Annotated[str, typer.Argument(metavar="NAME")]


@app.command()
def add(
    *,
    name: Annotated[str | None, typer.Option(metavar="N", help="Else the preset's name.")] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of whom much is known: see `farebox channel presets`.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the provider speaks; else the preset's.")] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="As the vendor's SDK takes it; else the preset's. With its version for openai-compatible.",
        ),
    ] = None,
    api_key_env: Annotated[
        str | None, typer.Option(metavar="VAR", help="The variable with the provider's key, read once, stored sealed.")
    ] = None,
    provider: Annotated[
        str | None, typer.Option(metavar="P", help="Whose channel; else the preset, the kind or the host.")
    ] = None,
    daily_cap: DailyCap = None,
    concurrency: AtOnce = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Loopback and private addresses may be reached.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a channel: by a preset, or by a kind; options that are given go before what the preset knows."""
    planned = plan(name=name, preset=preset, kind=kind, base_url=base_url, provider=provider)
    if api_key_env is None and planned.needs_key:
        raise typer.BadParameter(f"--api-key-env is needed for channels of {planned.provider}")
    endpoint = parse_endpoint(planned.base_url, allow_private=allow_private)
    api_key = None if api_key_env is None else read_secret_variable(api_key_env)
    if api_key is not None and not endpoint.is_tls and not allow_private:
        note("the provider's key will travel unencrypted: the base URL starts with http://")

    async def work(session: Session) -> dict[str, Any]:
        unresolved = await check_reachable_address(endpoint, via_proxy=session.config.upstream_proxy is not None)
        if unresolved is not None:
            note(f"{unresolved}; added all the same")
        new = NewChannel(
            name=planned.name,
            kind=planned.kind,
            provider=planned.provider,
            base_url=planned.base_url,
            allow_private=allow_private,
            daily_cap_nano=daily_cap,
            concurrency=concurrency,
            api_key=api_key,
        )
        seal = await session.seal()
        told = {"kind": new.kind, "provider": new.provider, "base_url": new.base_url}
        async with on_trail(session, "channel.add", f"channel:{new.name}", after=told):
            channel_id = await admin.add_channel(session.connection, session.ids, seal, new)
        return {"channel_id": str(channel_id), "name": planned.name}

    made = run_command(data, work)
    emit(made, json=json, text=f"channel {planned.name} added")


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All channels."""

    async def work(session: Session) -> list[dict[str, Any]]:
        snapshot = await load_snapshot(session.connection)
        return [describe(channel, snapshot) for channel in _by_name(snapshot)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("name", "kind", "provider", "base_url", "enabled", "stopped", "keys")))


@app.command("test")
def probe_(
    name: Name,
    *,
    model: Annotated[
        str | None,
        typer.Option(metavar="M", help="Ask for one token of this model, ours or the provider's name, which costs it."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Ask the provider for its list of models, which costs nothing; exit status 1 when that fails."""

    async def work(session: Session) -> dict[str, Any]:
        snapshot = await load_snapshot(session.connection)
        channel = next((channel for channel in _by_name(snapshot) if channel.name == name), None)
        if channel is None:
            raise CommandError(f"there is no channel named {name}")
        if channel.kind == "simulator":
            raise CommandError(f"{name} is the simulator inside `farebox serve`: call its model with a key instead")
        upstream_model = None if model is None else _upstream_name(snapshot, channel, model)
        found = await probe(channel, await session.seal(), session.config, upstream_model=upstream_model)
        return {
            "name": name,
            "ok": found.fault is None,
            "fault": found.fault,
            "upstream_model": upstream_model,
            "status": found.status,
            "connect_ms": found.connect_ms,
            "first_byte_ms": found.first_byte_ms,
            "latency_ms": found.total_ms,
            "answer": found.answer,
        }

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))
    if not found["ok"]:
        note(f"channel {name} does not work: {found['fault']}")
        raise typer.Exit(1)


@app.command()
def change(
    name: Name,
    *,
    base_url: Annotated[str, typer.Option(metavar="URL", help="Where its keys go with the next call.")],
    kind: Annotated[Kind | None, typer.Option(help="What the provider speaks there; else as before.")] = None,
    provider: Annotated[str | None, typer.Option(metavar="P", help="Whose channel; else as before.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Loopback and private addresses may be reached; say it again.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Lead a channel elsewhere; calls that run end where they began."""
    endpoint = parse_endpoint(base_url, allow_private=allow_private)

    async def work(session: Session) -> tuple[dict[str, Any], str | None]:
        remark = await check_reachable_address(endpoint, via_proxy=session.config.upstream_proxy is not None)
        async with session.connection.transaction():
            known = await lock_channel(session.connection, name)
            before, after = await lead_elsewhere(
                session.connection,
                name,
                kind=kind or known.kind,
                provider=provider or known.provider,
                base_url=base_url,
                allow_private=allow_private,
            )
            told = _told(before), _told(after)
            async with on_trail(session, "channel.change", f"channel:{name}", before=told[0], after=told[1]):
                return {"name": name, **_told(after)}, remark

    done, remark = run_command(data, work)
    if remark is not None:
        note(f"{remark}; changed all the same")
    if not endpoint.is_tls and not allow_private:
        note("the provider's keys travel unencrypted: the base URL starts with http://")
    emit(done, json=json, text=f"channel {name} leads to {base_url}")


@app.command()
def disable(name: Name, *, data: Data = None, json: Json = False) -> None:
    """Send no more calls to a channel; calls that run end normally."""
    _switch(name, data, enabled=False, json=json)


@app.command()
def enable(name: Name, *, data: Data = None, json: Json = False) -> None:
    """Use a channel again."""
    _switch(name, data, enabled=True, json=json)


@app.command()
def cap(
    name: Name,
    *,
    daily_cap: DailyCapSetting = None,
    concurrency: AtOnceSetting = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Cap a channel's cost of a day and its jobs at once; none lifts a cap, what is not named stays."""
    asked = changes(daily_nano=daily_cap, concurrency=concurrency)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "channel.cap", f"channel:{name}", after=asked):
            capped = await caps.cap_channel(session.connection, name, asked)
        return {"name": name, **describe_caps(capped)}

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


def describe_caps(found: caps.SupplyCaps) -> dict[str, Any]:
    """The caps of a channel or a provider as the command line shows them."""
    daily_nano = found.daily_nano
    return {
        "daily_cap": None if daily_nano is None else format_amount(daily_nano),
        "concurrency": found.concurrency,
    }


def _told(state: ChannelState) -> dict[str, Any]:
    return {
        "kind": state.kind,
        "provider": state.provider,
        "base_url": state.base_url,
        "allow_private": state.allow_private,
    }


def _switch(name: str, data: str | None, *, enabled: bool, json: bool) -> None:
    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, f"channel.{'enable' if enabled else 'disable'}", f"channel:{name}"):
            channel_id = await admin.set_channel_enabled(session.connection, name, enabled=enabled)
        return {"channel_id": str(channel_id), "name": name, "enabled": enabled}

    done = run_command(data, work)
    emit(done, json=json, text=f"channel {name} is {'enabled' if enabled else 'disabled'}")


def _by_name(snapshot: Snapshot) -> list[Channel]:
    return sorted(snapshot.channels.values(), key=lambda channel: channel.name)


def describe(channel: Channel, snapshot: Snapshot) -> dict[str, Any]:
    """A channel as the command line shows it; of its keys only how many there are."""
    return {
        "channel_id": str(channel.id),
        "name": channel.name,
        "kind": channel.kind,
        "provider": channel.provider,
        "base_url": channel.base_url,
        "allow_private": channel.allow_private,
        "enabled": channel.enabled,
        "stopped": snapshot.channel_is_stopped(channel) or any(stop.scope == "all" for stop in snapshot.stops),
        **describe_caps(caps.SupplyCaps(channel.daily_cap_nano, channel.concurrency)),
        "keys": len(channel.keys),
    }


def _upstream_name(snapshot: Snapshot, channel: Channel, model: str) -> str:
    """What the provider calls the model: by our route to it there, or the name as it was given."""
    routes = snapshot.models[model].routes if model in snapshot.models else ()
    return next((route.upstream_model for route in routes if route.channel_id == channel.id), model)
