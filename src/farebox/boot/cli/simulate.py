"""`farebox simulate`: the simulated provider as a process of its own, for tests and experiments."""

from typing import Annotated, Any

import msgspec
import typer
import uvloop

from farebox.domain.errors import CommandError
from farebox.simulator.__main__ import run
from farebox.simulator.options import SimulatorOptions, merge_options

app = typer.Typer(rich_markup_mode=None)


@app.command()
def simulate(
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, metavar="N", help="0 for any.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    ttft: Annotated[float | None, typer.Option(min=0, metavar="MS", help="Wait before an answer begins.")] = None,
    chunks: Annotated[int | None, typer.Option(min=0, metavar="N", help="Content chunks of an answer.")] = None,
    gap: Annotated[float | None, typer.Option(min=0, metavar="MS", help="Wait between chunks.")] = None,
    fail: Annotated[float | None, typer.Option(min=0, max=1, metavar="P", help="Chance of an error status.")] = None,
    cut: Annotated[float | None, typer.Option(min=0, max=1, metavar="P", help="Chance of a cut answer.")] = None,
    status: Annotated[int | None, typer.Option(min=200, max=599, metavar="CODE", help="The status to answer.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any other setting; may be repeated.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As always: its URL is printed as JSON.")] = False,
) -> None:
    """Speak OpenAI's wire format on a port, with these timings and faults; prints its URL as JSON when ready."""
    del json  # the one line it prints is JSON anyway
    named: dict[str, Any] = {
        "ttft_ms": ttft,
        "chunks": chunks,
        "gap_ms": gap,
        "fail": fail,
        "cut_probability": cut,
        "status": status,
    }
    changes = {name: value for name, value in named.items() if value is not None}
    for setting in set_ or ():
        name, mark, value = setting.partition("=")
        if not mark:
            raise typer.BadParameter(f"--set must look like NAME=VALUE, got {setting[:60]!r}")
        changes[name] = value
    try:
        options = merge_options(SimulatorOptions(), changes)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(f"--set: {error}") from None
    try:
        uvloop.run(run(options, host, port))
    except OSError as error:
        raise CommandError(f"{host}:{port} cannot be listened on: {error.strerror}") from None
