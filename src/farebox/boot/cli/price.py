"""`farebox price …`: prices over time: what was and what is coming, taking it back, trying prices on past usage."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.options import CallPrice, Data, InputPrice, Json, OutputPrice, Price, Reason
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.price_classes import Classes
from farebox.boot.cli.rates import shown_rates
from farebox.boot.cli.repricing import Clear, repriced
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog.prices import Effect, cancel_price, newest_prices, price_history
from farebox.catalog.prices import preview as preview_prices
from farebox.control import price_notice
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)

Model = Annotated[str, typer.Argument(metavar="MODEL")]


@app.command("list")
def list_(model: Model, *, data: Data = None, json: Json = False) -> None:
    """All versions of a model's prices, coming ones among them; where two begin at once, the later one counts."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [
            {
                "version": row.version,
                "starts_at": utc(row.effective_at),
                "set_at": utc(row.created_at),
                "coming": row.is_coming,
                "pricing": shown_rates(row.rates),
            }
            for row in await price_history(session.connection, model)
        ]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("version", "starts_at", "set_at", "coming", "pricing")))


@app.command()
def cancel(
    model: Model,
    *,
    version: Annotated[int, typer.Option(min=1, max=2**31 - 1, metavar="N", help="Which coming version.")],
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Take coming prices back: the ones before them are in force from the same moment."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            card, announcement_id = await cancel_price(connection, model, version, now=session.now)
            if announcement_id is not None:
                await price_notice.withdraw(connection, announcement_id)
            told = {"version": card.version, "starts_at": utc(card.effective_at)}
            async with on_trail(
                session, "price.cancel", f"model:{model}", before={"version": version}, after=told, reason=reason
            ):
                return {"model": model, "cancelled": version, **told}

    done = run_command(data, work)
    emit(done, json=json, text=f"version {version} is taken back: {done['version']} is in force from its moment on")


@app.command()
def preview(
    model: Model,
    *,
    input_: InputPrice = None,
    output: OutputPrice = None,
    cached_input: Price = None,
    cache_write: Price = None,
    cache_write_1h: Price = None,
    per_request: CallPrice = None,
    price: Classes = None,
    clear: Clear = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """What the calls of the last days would have been charged at other prices; what is not named stays as it is."""
    prices = {
        "input": input_,
        "output": output,
        "cached_input": cached_input,
        "cache_write": cache_write,
        "cache_write_1h": cache_write_1h,
    }
    change = repriced(prices, per_request, price or (), clear or ())

    async def work(session: Session) -> Effect:
        async with session.connection.transaction():
            rates = change(await newest_prices(session.connection, model))
        return await preview_prices(session.connection, model, rates, now=session.now)

    found = _described(run_command(data, work))
    emit(found, json=json, text=facts(found))


def _described(effect: Effect) -> dict[str, Any]:
    charged, repriced_nano, cost = effect.charged_nano, effect.repriced_nano, effect.cost_nano
    return {
        "days": effect.days,
        "jobs": effect.jobs,
        "charged": format_amount(charged),
        "repriced": format_amount(repriced_nano),
        "difference": format_amount(repriced_nano - charged),
        "cost": format_amount(cost),
        "margin": format_amount(charged - cost),
        "margin_repriced": format_amount(repriced_nano - cost),
        "is_estimate": effect.is_estimate,
    }
