"""`farebox model …`: what is on sale, at which price, by which routes."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from farebox.boot.cli.options import (
    AmountSetting,
    Count,
    CountSetting,
    Data,
    InputPrice,
    Json,
    OutputPrice,
    PositiveAmount,
    Price,
    changes,
    parse_when,
)
from farebox.boot.cli.output import emit, facts, note, table, utc
from farebox.boot.cli.price_classes import Classes, shown_classes, tasks_of, with_classes
from farebox.boot.cli.repricing import Clear, repriced
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.boot.list_prices import with_list_prices
from farebox.catalog import admin, caps
from farebox.catalog.admin import NewModel, NewRoute
from farebox.catalog.prices import Scheduled, newest_prices, schedule_price
from farebox.catalog.snapshot import Model, Snapshot
from farebox.catalog.store import load_snapshot
from farebox.control import price_notice
from farebox.domain.money import format_amount, format_price
from farebox.domain.pricing import PerTokenCard, RateCard, Rates, TokenPrices

app = typer.Typer(rich_markup_mode=None)

_ROUTE = re.compile(r"([^/]+)/(.+?)(?:@(\d{1,6})(?::(\d{1,6}))?)?", re.ASCII)

Name = Annotated[str, typer.Argument(metavar="NAME")]
Tasks = Annotated[
    list[str] | None,
    typer.Option(metavar="TASK", help="What it serves, told by its prices unless given: chat, embeddings, images, …"),
]


@app.command()
def add(
    name: Name,
    *,
    route: Annotated[
        list[str], typer.Option(metavar="CHANNEL/UPSTREAM_MODEL[@priority[:weight]]", help="May be given many times.")
    ],
    input_: InputPrice = None,
    output: OutputPrice = None,
    cached_input: Price = None,
    cache_write: Price = None,
    cache_write_1h: Price = None,
    per_request: PositiveAmount = None,
    price: Classes = None,
    task: Tasks = None,
    context: Count = None,
    max_output: Count = None,
    max_seconds: Count = None,
    cost_input: Price = None,
    cost_output: Price = None,
    cost_cached_input: Price = None,
    cost_cache_write: Price = None,
    cost_cache_write_1h: Price = None,
    cost_per_request: PositiveAmount = None,
    cost: Classes = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put a model on sale. Prices are per million tokens; costs are the provider's, by default those of its preset."""
    if (cost_input is None) != (cost_output is None):
        raise typer.BadParameter("--cost-input and --cost-output belong together")
    costs: Rates | None = None
    if cost or (cost_input is not None and cost_output is not None):
        costs = _rates(
            cost_input, cost_output, cost_cached_input, cost_cache_write, cost_cache_write_1h, cost_per_request, cost
        )
    elif any(each is not None for each in (cost_cached_input, cost_cache_write, cost_cache_write_1h, cost_per_request)):
        raise typer.BadParameter("costs need --cost-input and --cost-output")
    rates = _rates(input_, output, cached_input, cache_write, cache_write_1h, per_request, price)
    new = NewModel(
        name=name,
        routes=tuple(_route(text, costs or admin.FREE) for text in route),
        rates=rates,
        context_tokens=context,
        most_output_tokens=max_output,
        tasks=tasks_of(rates, task or ()),
        most_audio_seconds=max_seconds,
    )

    async def work(session: Session) -> tuple[str, ...]:
        unknown: tuple[str, ...] = ()
        priced = new
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
    per_request: PositiveAmount = None,
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
    daily: AmountSetting = None,
    account_daily: AmountSetting = None,
    account_rpm: CountSetting = None,
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


def _rates(
    input_: int | None,
    output: int | None,
    cached_input: int | None,
    cache_write: int | None,
    cache_write_1h: int | None,
    per_request_nano: int | None,
    classes: list[str] | None,
) -> PerTokenCard:
    if (input_ is None or output is None) and not classes:
        # A price that was forgotten must not be nothing.
        raise typer.BadParameter("say --input and --output, 0 for nothing, or what else is sold with --price")
    prices = TokenPrices(
        input=input_ or 0,
        output=output or 0,
        cached_input=cached_input,
        cache_write=cache_write,
        cache_write_1h=cache_write_1h,
    )
    return with_classes(PerTokenCard(prices=prices, per_request_nano=per_request_nano or 0), classes or ())


def _route(text: str, cost: Rates) -> NewRoute:
    match = _ROUTE.fullmatch(text)
    if match is None:
        raise typer.BadParameter(
            f"--route must look like CHANNEL/UPSTREAM_MODEL[@priority[:weight]], got {text[:80]!r}"
        )
    channel, upstream_model, priority, weight = match.groups()
    return NewRoute(
        channel=channel,
        upstream_model=upstream_model,
        priority=int(priority or 0),
        weight=1 if weight is None else int(weight),
        cost=cost,
    )


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
        "pricing": {} if card is None else _pricing(card),
        "coming": [
            {"rate_card": dated.card.version, "effective_ms": dated.effective_ms, "pricing": _pricing(dated.card)}
            for dated in model.cards
            if dated.effective_ms > now_ms
        ],
        "routes": [
            f"{snapshot.channels[route.channel_id].name}/{route.upstream_model}@{route.priority}:{route.weight}"
            for route in model.routes
        ],
    }


def _pricing(card: RateCard) -> dict[str, str]:
    """Prices per million tokens as decimal strings; a card per call shows its tiers."""
    rates = card.rates
    if not isinstance(rates, PerTokenCard):
        return {
            f"up_to_{tier.up_to_input_tokens or 'any'}": format_amount(tier.amount_nano * rates.multiplier)
            for tier in rates.tiers
        }
    prices = {
        "input": rates.prices.input,
        "output": rates.prices.output,
        "cached_input": rates.prices.cached_input,
        "cache_write": rates.prices.cache_write,
        "cache_write_1h": rates.prices.cache_write_1h,
    }
    shown = {name: format_price(value) for name, value in prices.items() if value is not None} | shown_classes(rates)
    if rates.per_request_nano:
        shown["per_request"] = format_amount(rates.per_request_nano)
    return shown
