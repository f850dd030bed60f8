"""`farebox stop`: the emergency stop, in force for the next request on every node."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.options import Data, Json, NeededReason
from farebox.boot.cli.output import emit
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog import admin
from farebox.catalog.admin import StopScope

app = typer.Typer(rich_markup_mode=None)

All = Annotated[bool, typer.Option("--all", help="Everything.")]
ModelName = Annotated[str | None, typer.Option("--model", metavar="M", help="One model.")]
ChannelName = Annotated[str | None, typer.Option("--channel", metavar="C", help="One channel.")]
ProviderName = Annotated[str | None, typer.Option("--provider", metavar="P", help="All channels of one provider.")]


@app.command()
def stop(
    *,
    everything: All = False,
    model: ModelName = None,
    channel: ChannelName = None,
    provider: ProviderName = None,
    reason: NeededReason,
    now: Annotated[bool, typer.Option("--now", help="End running jobs, too.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Admit no new job to everything, or to one model, channel or provider."""
    scope, target = scope_and_target(model=model, channel=channel, provider=provider, everything=everything)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "stop.set", trail_target(scope, target), after={"now": now}, reason=reason):
            await admin.stop(session.connection, scope, target, reason, abort_running=now)
        return {"scope": scope, "target": target, "stopped": True}

    done = run_command(data, work)
    emit(done, json=json, text=f"stopped: {admin.describe_stop(scope, target)}")


def trail_target(scope: StopScope, target: str) -> str:
    """How the audit trail names what is stopped."""
    return scope if scope == "all" else f"{scope}:{target}"


def scope_and_target(
    *, everything: bool, model: str | None, channel: str | None, provider: str | None
) -> tuple[StopScope, str]:
    """What the options name; exactly one thing must be named."""
    named: list[tuple[StopScope, str]] = [("all", "")] if everything else []
    given: tuple[tuple[StopScope, str | None], ...] = (("model", model), ("channel", channel), ("provider", provider))
    named += [(scope, target) for scope, target in given if target is not None]
    if len(named) != 1:
        raise typer.BadParameter("give exactly one of --all, --model, --channel and --provider")
    return named[0]
