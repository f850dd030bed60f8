"""`farebox simulate`: the simulated providers as a process of their own, for tests and experiments."""

from typing import Annotated, Any

import msgspec
import typer
import uvloop

from farebox.domain.errors import CommandError
from farebox.simulator.__main__ import run
from farebox.simulator.options import SimulatorOptions, merge_options
from farebox.simulator.payments.options import PaymentOptions, merge_payment_options

app = typer.Typer(rich_markup_mode=None, add_completion=False)

Port = Annotated[int, typer.Option(min=0, max=65_535, metavar="N", help="0 for any.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any other setting; may be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As always: its URL is printed as JSON.")]


@app.callback(invoke_without_command=True)
def simulate(
    context: typer.Context,
    *,
    port: Port = 0,
    host: Host = "127.0.0.1",
    ttft: Annotated[float | None, typer.Option(min=0, metavar="MS", help="Wait before an answer begins.")] = None,
    chunks: Annotated[int | None, typer.Option(min=0, metavar="N", help="Content chunks of an answer.")] = None,
    gap: Annotated[float | None, typer.Option(min=0, metavar="MS", help="Wait between chunks.")] = None,
    fail: Annotated[float | None, typer.Option(min=0, max=1, metavar="P", help="Chance of an error status.")] = None,
    cut: Annotated[float | None, typer.Option(min=0, max=1, metavar="P", help="Chance of a cut answer.")] = None,
    status: Annotated[int | None, typer.Option(min=200, max=599, metavar="CODE", help="The status to answer.")] = None,
    set_: Settings = None,
    json: AsJson = False,
) -> None:
    """Speak OpenAI's wire format on a port, with these timings and faults; prints its URL as JSON when ready."""
    del json  # the one line it prints is JSON anyway
    if context.invoked_subcommand is not None:
        return
    named: dict[str, Any] = {
        "ttft_ms": ttft,
        "chunks": chunks,
        "gap_ms": gap,
        "fail": fail,
        "cut_probability": cut,
        "status": status,
    }
    changes = {**{name: value for name, value in named.items() if value is not None}, **_settings(set_)}
    try:
        options = merge_options(SimulatorOptions(), changes)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(f"--set: {error}") from None
    _serve(options, host, port)


@app.command()
def payments(
    *,
    port: Port = 0,
    host: Host = "127.0.0.1",
    stripe_webhook: Annotated[str, typer.Option(metavar="URL", help="Where Stripe's events go.")] = "",
    creem_webhook: Annotated[str, typer.Option(metavar="URL", help="Where Creem's events go.")] = "",
    product: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=CENTS", help="A product at Creem, in USD; may be repeated."),
    ] = None,
    set_: Settings = None,
    json: AsJson = False,
) -> None:
    """Stand in for Stripe and Creem on a port: API, page to pay on, webhooks; prints its URL as JSON when ready."""
    del json
    changes: dict[str, Any] = {
        "stripe_webhook": stripe_webhook,
        "creem_webhook": creem_webhook,
        "products": [{"id": name, "price": value} for name, value in _settings(product, "--product").items()],
        **_settings(set_),
    }
    try:
        options = merge_payment_options(PaymentOptions(), changes, strict=False)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(f"--set or --product: {error}") from None
    _serve(SimulatorOptions(), host, port, options)


def _settings(texts: list[str] | None, option: str = "--set") -> dict[str, str]:
    """NAME=VALUE of each; what has another form is bad usage."""
    found = {}
    for text in texts or ():
        name, mark, value = text.partition("=")
        if not mark:
            raise typer.BadParameter(f"{option} must look like NAME=VALUE, got {text[:60]!r}")
        found[name] = value
    return found


def _serve(options: SimulatorOptions, host: str, port: int, payments: PaymentOptions | None = None) -> None:
    try:
        uvloop.run(run(options, host, port, payments))
    except OSError as error:
        raise CommandError(f"{host}:{port} cannot be listened on: {error.strerror}") from None
