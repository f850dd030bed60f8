"""What the routes of a new model cost the operator where nobody said so: the list prices of their channels' presets."""

import msgspec

from farebox.catalog.admin import NewModel, NewRoute
from farebox.catalog.snapshot import Snapshot
from farebox.upstream.presets import preset_of


def with_list_prices(new: NewModel, snapshot: Snapshot) -> tuple[NewModel, tuple[str, ...]]:
    """The model with each route's cost from the list, and the routes of which no list tells, as they were given.

    A channel that is not there is left for whoever adds the model to refuse.
    """
    listed = [(route, route_with_list_price(route, snapshot)) for route in new.routes]
    unknown = tuple(f"{route.channel}/{route.upstream_model}" for route, priced in listed if priced is None)
    return msgspec.structs.replace(new, routes=tuple(priced or route for route, priced in listed)), unknown


def route_with_list_price(route: NewRoute, snapshot: Snapshot) -> NewRoute | None:
    """The route with the cost that the list of its channel's preset tells; None when it tells none."""
    channel = next((each for each in snapshot.channels.values() if each.name == route.channel), None)
    cost = None if channel is None else preset_of(channel).cost_of(route.upstream_model)
    return None if cost is None else msgspec.structs.replace(route, cost=cost)
