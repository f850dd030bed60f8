"""`farebox model …`: what is on sale, at which price, by which routes."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from farebox.boot.cli.model_change import change
from farebox.boot.cli.model_route import METAVAR, parse_route
from farebox.boot.cli.model_route import app as route_app
from farebox.boot.cli.options import (
    CallPrice,
    DailySetting,
    Data,
    InputPrice,
    Json,
    OutputPrice,
    Price,
    Setting,
    amount_setting,
    changes,
    count_option,
    count_setting,
    parse_when,
)
from farebox.boot.cli.output import emit, facts, note, table, utc
from farebox.boot.cli.price_classes import Classes, tasks_of
from farebox.boot.cli.rates import costs_of, rates_of, shown_rates
from farebox.boot.cli.repricing import Clear, repriced
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.boot.list_prices import with_list_prices
from farebox.catalog import admin, caps
from farebox.catalog.admin import NewModel
from farebox.catalog.prices import Scheduled, newest_prices, schedule_price
from farebox.catalog.snapshot import Model, Snapshot
from farebox.catalog.store import load_snapshot
from farebox.control import price_notice
from farebox.domain.money import format_amount
from farebox.domain.pricing import Rates

app = typer.Typer(rich_markup_mode=None)
app.add_typer(route_app, name="route")
app.command()(change)

Name = Annotated[str, typer.Argument(metavar="NAME")]
PerCall = Annotated[
    int | None,
    typer.Option(min=1, max=1_000, metavar="TIMES", help="So many times the policy's price per call by input size."),
]
Tasks = Annotated[
    list[str] | None,
    typer.Option(metavar="TASK", help="What it serves, told by its prices unless given: chat, embeddings, images, …"),
]


@app.command()
def add(
    name: Name,
    *,
    route: Annotated[list[str], typer.Option(metavar=METAVAR, help="May be given many times.")],
    input_: InputPrice = None,
    output: OutputPrice = None,
    cached_input: Price = None,
    cache_write: Price = None,
    cache_write_1h: Price = None,
    per_request: CallPrice = None,
    price: Classes = None,
    per_call: PerCall = None,
    task: Tasks = None,
    context: Annotated[int | None, count_option("Tokens of input and output at most.")] = None,
    max_output: Annotated[int | None, count_option("Tokens of output at most.")] = None,
    max_seconds: Annotated[int | None, count_option("Of a recording at most.")] = None,
    cost_input: Price = None,
    cost_output: Price = None,
    cost_cached_input: Price = None,
    cost_cache_write: Price = None,
    cost_cache_write_1h: Price = None,
    cost_per_request: CallPrice = None,
    cost: Classes = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put a model on sale. Prices are per million tokens; costs are the provider's, by default those of its preset."""
    costs = costs_of(
        cost_input, cost_output, cost_cached_input, cost_cache_write, cost_cache_write_1h, cost_per_request, cost
    )
    per_token = (input_, output, cached_input, cache_write, cache_write_1h, per_request, price)
    if per_call is not None and any(each is not None for each in per_token):
        raise typer.BadParameter("a model is sold either --per-call or by other prices")
    rates = None if per_call is not None else rates_of(*per_token)
    routes = tuple(parse_route(text, costs or admin.FREE) for text in route)

    async def work(session: Session) -> tuple[str, ...]:
        unknown: tuple[str, ...] = ()
        sold = rates or session.config.policy.pricing.card(per_call or 1)
        priced = new = NewModel(
            name=name,
            routes=routes,
            rates=sold,
            context_tokens=context,
            most_output_tokens=max_output,
            tasks=tasks_of(sold, task or ()),
            most_audio_seconds=max_seconds,
        )
        if costs is None:
            priced, unknown = with_list_prices(new, await load_snapshot(session.connection))
        async with on_trail(session, "model.add", f"model:{name}", after=msgspec.to_builtins(priced)):
            await admin.add_model(session.connection, session.ids, priced)
        return unknown

    unknown = run_command(data, work)
    if unknown:
        note(
            f"no list prices are known for {', '.join(unknown)}: margins and spend caps count what they serve as free; "
            "see --cost-input"
        )
    emit({"model": name}, json=json, text=f"model {name} is on sale")


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All models with their prices in force and their routes."""

    async def work(session: Session) -> list[dict[str, Any]]:
        snapshot = await load_snapshot(session.connection)
        return [describe(snapshot.models[name], snapshot) for name in sorted(snapshot.models)]

    found = run_command(data, work)
    rows = [{**each, **each["pricing"]} for each in found]
    emit(found, json=json, text=table(rows, ("model", "enabled", "input", "output", "context", "max_output", "routes")))


@app.command()
def price(
    name: Name,
    *,
    input_: InputPrice = None,
    output: OutputPrice = None,
    cached_input: Price = None,
    cache_write: Price = None,
    cache_write_1h: Price = None,
    per_request: CallPrice = None,
    price: Classes = None,
    clear: Clear = None,
    effective: Annotated[
        str | None, typer.Option(metavar="WHEN", help="From when: a date, or a span such as 14d; now unless given.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change prices: the next version of the model's rate card. What is not named stays; jobs under way keep theirs."""
    prices = {
        "input": input_,
        "output": output,
        "cached_input": cached_input,
        "cache_write": cache_write,
        "cache_write_1h": cache_write_1h,
    }
    change = repriced(prices, per_request, price or (), clear or ())

    async def work(session: Session) -> dict[str, Any]:
        added = (await _set_price(session, name, change, _moment(effective, session.now))).card
        return {"model": name, "rate_card": added.version, "effective_at": utc(added.effective_at)}

    done = run_command(data, work)
    emit(done, json=json, text=f"rate card {done['rate_card']} of {name} is in force from {done['effective_at']}")


async def _set_price(
    session: Session, name: str, change: Callable[[Rates], Rates], effective_at: datetime | None
) -> Scheduled:
    """With the notice of the policy, announced, and on the trail."""
    connection, config, rule = session.connection, session.config, session.config.policy.price_change
    async with connection.transaction():
        rates = change(await newest_prices(connection, name))
        done = await schedule_price(
            connection, name, rates, effective_at, notice_days=rule.notice_days, now=session.now
        )
        url = config.public_url or ""
        await price_notice.announce(connection, session.ids, rule, name, done, now=session.now, public_url=url)
        told = {"version": done.card.version, "starts_at": utc(done.card.effective_at), "rises": done.rises}
        rates_told = msgspec.to_builtins(rates)
        async with on_trail(session, "price.set", f"model:{name}", after={**told, "rates": rates_told}):
            return done


@app.command()
def cap(
    name: Name,
    *,
    daily: DailySetting = None,
    account_daily: Annotated[Setting | None, amount_setting("Charges of an account's day.")] = None,
    account_rpm: Annotated[Setting | None, count_setting("An account's requests per minute.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Cap charges of a day, in all and per account, and an account's requests per minute; none lifts a cap."""
    asked = changes(daily_nano=daily, account_daily_nano=account_daily, account_requests_per_minute=account_rpm)

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "model.cap", f"model:{name}", after=asked):
            found = await caps.cap_model(session.connection, name, asked)
        return {"model": name, **_caps(found)}

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


@app.command()
def disable(name: Name, *, data: Data = None, json: Json = False) -> None:
    """Take a model off sale; calls that run end normally."""
    _switch(name, data, enabled=False, json=json)


@app.command()
def enable(name: Name, *, data: Data = None, json: Json = False) -> None:
    """Put a model on sale again."""
    _switch(name, data, enabled=True, json=json)


def _switch(name: str, data: str | None, *, enabled: bool, json: bool) -> None:
    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, f"model.{'enable' if enabled else 'disable'}", f"model:{name}"):
            await caps.set_model_enabled(session.connection, name, enabled=enabled)
        return {"model": name, "enabled": enabled}

    done = run_command(data, work)
    emit(done, json=json, text=f"model {name} is {'enabled' if enabled else 'disabled'}")


def _caps(found: caps.ModelCaps) -> dict[str, str | int | None]:
    daily_nano, account_daily_nano = found.daily_nano, found.account_daily_nano
    return {
        "daily_cap": None if daily_nano is None else format_amount(daily_nano),
        "account_daily_cap": None if account_daily_nano is None else format_amount(account_daily_nano),
        "account_rpm": found.account_requests_per_minute,
    }


def _moment(text: str | None, now: datetime) -> datetime | None:
    moment = None if text is None else parse_when(text, now)
    if moment is not None and moment < now:
        raise typer.BadParameter("a price cannot be set for the past")
    return moment


def describe(model: Model, snapshot: Snapshot) -> dict[str, Any]:
    """A model as the command line shows it."""
    now_ms = time.time_ns() // 1_000_000
    card = model.card_at(now_ms)
    return {
        "model": model.name,
        "enabled": model.enabled,
        "stopped": snapshot.stop_for(model.name) is not None,
        "context": model.context_tokens,
        "max_output": model.most_output_tokens,
        "max_seconds": model.most_audio_seconds,
        "tasks": list(model.tasks),
        **_caps(caps.ModelCaps(model.daily_cap_nano, model.account_daily_cap_nano, model.account_requests_per_minute)),
        "rate_card": None if card is None else card.version,
        "pricing": {} if card is None else shown_rates(card.rates),
        "coming": [
            {
                "rate_card": dated.card.version,
                "effective_ms": dated.effective_ms,
                "pricing": shown_rates(dated.card.rates),
            }
            for dated in model.cards
            if dated.effective_ms > now_ms
        ],
        "routes": [
            f"{snapshot.channels[route.channel_id].name}/{route.upstream_model}@{route.priority}:{route.weight}"
            for route in model.routes
        ],
    }
