"""`farebox provider …`: caps over all channels of one provider."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.channel import describe_caps
from farebox.boot.cli.options import AtOnceSetting, DailyCapSetting, Data, Json, changes
from farebox.boot.cli.output import emit, facts, table
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog import caps
from farebox.catalog.snapshot import Snapshot
from farebox.catalog.store import load_snapshot

app = typer.Typer(rich_markup_mode=None)


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All providers, with their caps and channels."""

    async def work(session: Session) -> list[dict[str, Any]]:
        snapshot = await load_snapshot(session.connection)
        names = {channel.provider for channel in snapshot.channels.values()} | set(snapshot.providers)
        return [_describe(name, snapshot) for name in sorted(names)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("provider", "daily_cap", "concurrency", "stopped", "channels")))


@app.command()
def cap(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    daily_cap: DailyCapSetting = None,
    concurrency: AtOnceSetting = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Cap a provider's cost of a day and its jobs at once; none lifts a cap, what is not named stays."""
    asked = changes(daily_nano=daily_cap, concurrency=concurrency)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "provider.cap", f"provider:{name}", after=asked):
            capped = await caps.cap_provider(session.connection, name, asked)
        return {"provider": name, **describe_caps(capped)}

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


def _describe(name: str, snapshot: Snapshot) -> dict[str, Any]:
    known = snapshot.providers.get(name)
    return {
        "provider": name,
        **describe_caps(
            caps.SupplyCaps(None, None) if known is None else caps.SupplyCaps(known.daily_cap_nano, known.concurrency)
        ),
        "stopped": any(
            stop.scope == "all" or (stop.scope == "provider" and stop.target == name) for stop in snapshot.stops
        ),
        "channels": sorted(channel.name for channel in snapshot.channels.values() if channel.provider == name),
    }
