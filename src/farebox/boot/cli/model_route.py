"""`farebox model route …`: by which channels a model is served; in force for the next admission."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec
import typer

from farebox.boot.cli.options import CallPrice, Data, Json, Price
from farebox.boot.cli.output import emit, note, table
from farebox.boot.cli.price_classes import Classes
from farebox.boot.cli.rates import costs_of, shown_rates
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.boot.list_prices import route_with_list_price
from farebox.catalog.admin import FREE, NewRoute
from farebox.catalog.models import lock_routes, no_model, set_routes
from farebox.catalog.snapshot import Snapshot
from farebox.catalog.store import load_snapshot
from farebox.domain.errors import CommandError
from farebox.domain.pricing import Rates

app = typer.Typer(rich_markup_mode=None, help="The routes of a model: list, add, remove.")
METAVAR = "CHANNEL/UPSTREAM_MODEL[@priority[:weight]]"
_ROUTE = re.compile(r"([^/]+)/(.+?)(?:@(\d{1,6})(?::(\d{1,6}))?)?", re.ASCII)

Name = Annotated[str, typer.Argument(metavar="NAME")]
_Change = Callable[[Snapshot, list[NewRoute]], Sequence[NewRoute]]


def parse_route(text: str, cost: Rates) -> NewRoute:
    """A route as it is written, at this cost; bad usage when it is none."""
    match = _ROUTE.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"--route must look like {METAVAR}, got {text[:80]!r}")
    channel, upstream_model, priority, weight = match.groups()
    return NewRoute(
        channel=channel,
        upstream_model=upstream_model,
        priority=int(priority or 0),
        weight=1 if weight is None else int(weight),
        cost=cost,
    )


@app.command("list")
def list_(name: Name, *, data: Data = None, json: Json = False) -> None:
    """The routes of a model, and what the provider charges there."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return _described(await load_snapshot(session.connection), name)

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("channel", "upstream_model", "priority", "weight", "cost")))


@app.command()
def add(
    name: Name,
    route: Annotated[str, typer.Argument(metavar=METAVAR)],
    *,
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
    """Serve a model by another channel, or change priority, weight and cost of a route that is there.

    Costs are the provider's, by default those of its preset.
    """
    costs = costs_of(
        cost_input, cost_output, cost_cached_input, cost_cache_write, cost_cache_write_1h, cost_per_request, cost
    )
    new = parse_route(route, costs or FREE)
    without_cost: list[str] = []

    def added(snapshot: Snapshot, routes: list[NewRoute]) -> Sequence[NewRoute]:
        listed = route_with_list_price(new, snapshot) if costs is None else new
        if listed is None:
            without_cost.append(route)
        return [*(each for each in routes if not _is_same(each, new)), listed or new]

    _carry_out(name, added, data, json=json)
    if without_cost:
        note(f"no list prices are known for {route}: margins and spend caps count what it serves as free")


@app.command()
def remove(
    name: Name,
    route: Annotated[str, typer.Argument(metavar="CHANNEL/UPSTREAM_MODEL")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Serve a model by a route no more; calls that run end normally. The last route stays: disable the model."""
    gone = parse_route(route, FREE)

    def without(_: Snapshot, routes: list[NewRoute]) -> Sequence[NewRoute]:
        left = [each for each in routes if not _is_same(each, gone)]
        if len(left) == len(routes):
            raise CommandError(f"model {name} has no route {route}: see `farebox model route list {name}`")
        if not left:
            raise CommandError(
                f"this is the last route of {name}: take the model off sale with `farebox model disable`"
            )
        return left

    _carry_out(name, without, data, json=json)


def _carry_out(name: str, change: _Change, data: str | None, *, json: bool) -> None:
    async def work(session: Session) -> list[dict[str, Any]]:
        connection = session.connection
        snapshot = await load_snapshot(connection)
        async with connection.transaction():
            before = await lock_routes(connection, name)
            after = change(snapshot, before)
            told = {"routes": msgspec.to_builtins(before)}, {"routes": msgspec.to_builtins(after)}
            async with on_trail(session, "model.change", f"model:{name}", before=told[0], after=told[1]):
                await set_routes(connection, session.ids, name, after)
        return _described(await load_snapshot(connection), name)

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("channel", "upstream_model", "priority", "weight", "cost")))


def _is_same(one: NewRoute, other: NewRoute) -> bool:
    return (one.channel, one.upstream_model) == (other.channel, other.upstream_model)


def _described(snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    model = snapshot.models.get(name)
    if model is None:
        raise no_model(name)
    return [
        {
            "channel": snapshot.channels[route.channel_id].name,
            "upstream_model": route.upstream_model,
            "priority": route.priority,
            "weight": route.weight,
            "cost": shown_rates(route.cost),
        }
        for route in model.routes
    ]
