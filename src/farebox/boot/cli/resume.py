"""`farebox resume`: the end of an emergency stop."""

from typing import Any

import typer

from farebox.boot.cli.options import Data, Json, Reason
from farebox.boot.cli.output import emit
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.stop import All, ChannelName, ModelName, ProviderName, scope_and_target, trail_target
from farebox.boot.cli.trail import on_trail
from farebox.catalog import admin

app = typer.Typer(rich_markup_mode=None)


@app.command()
def resume(
    *,
    everything: All = False,
    model: ModelName = None,
    channel: ChannelName = None,
    provider: ProviderName = None,
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """End the stop of everything, or of one model, channel or provider."""
    scope, target = scope_and_target(model=model, channel=channel, provider=provider, everything=everything)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "stop.end", trail_target(scope, target), reason=reason):
            await admin.resume(session.connection, scope, target)
        return {"scope": scope, "target": target, "stopped": False}

    done = run_command(data, work)
    emit(done, json=json, text=f"resumed: {admin.describe_stop(scope, target)}{reason and f' ({reason})'}")
