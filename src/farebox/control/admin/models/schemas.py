"""What goes over the wire about models and their routes."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.catalog.admin import FREE, NewRoute
from farebox.catalog.models_store import ModelSettings
from farebox.catalog.snapshot import Model, Snapshot
from farebox.control.admin.channels.schemas import ChannelName
from farebox.control.rates import PerCallView, PerTokenView, RatesView, rates_from, rates_view
from farebox.control.text import PositiveAmountText
from farebox.domain.job import Task
from farebox.domain.money import format_amount, parse_amount

ModelName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$"), Field(examples=["sim-chat"])
]
_UpstreamName = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,256}$")]
_Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
_Family = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9 ._-]{0,63})?$")]
_Modality = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
_Tokens = Annotated[int, Field(ge=1, le=10**9)]


class RouteBody(BaseModel):
    """One way to a provider: lower priorities are tried first, weights share within one.

    Without a cost, that is what the preset of the channel lists, or nothing.
    """

    model_config = ConfigDict(extra="forbid")

    channel: ChannelName
    upstream_model: _UpstreamName
    priority: Annotated[int, Field(ge=0, le=10**6)] = 0
    weight: Annotated[int, Field(ge=0, le=10**6)] = 1
    cost: RatesView | None = None


class ModelBody(BaseModel):
    """What is said of a model. Caps are of charges and days; null is none."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    owned_by: _Word = "farebox"
    family: Annotated[_Family, Field(description="What the status page shows it under; empty is the model alone.")] = ""
    context_tokens: _Tokens | None = None
    most_output_tokens: _Tokens | None = None
    input_modalities: Annotated[list[_Modality], Field(max_length=10)] = ["text"]
    tasks: Annotated[list[Task], Field(min_length=1, max_length=10)] = ["chat", "embeddings"]
    most_audio_seconds: _Tokens | None = None
    daily_cap: PositiveAmountText | None = None
    account_daily_cap: PositiveAmountText | None = None
    account_requests_per_minute: Annotated[
        int | None, Field(ge=1, le=10**6, description="Of each account; for models that cost nothing.")
    ] = None


class NewModelBody(ModelBody):
    """A model to be put on sale, with its first prices."""

    name: ModelName
    routes: Annotated[list[RouteBody], Field(min_length=1, max_length=100)]
    rates: RatesView


class ModelChange(ModelBody):
    """All of it anew; prices are set by /admin/prices."""

    routes: Annotated[list[RouteBody], Field(min_length=1, max_length=100)]


class RouteView(BaseModel):
    """A route, with what the provider charges for it."""

    channel: str
    upstream_model: str
    priority: int
    weight: int
    cost: PerTokenView | PerCallView


class ModelView(ModelBody):
    """A model as it is sold."""

    name: str
    stopped: bool
    created_at: datetime
    rate_card: Annotated[int | None, Field(description="The version of the prices in force.")]
    rates: PerTokenView | PerCallView | None
    coming: Annotated[int, Field(description="How many prices are set for later.")]
    routes: list[RouteView]


class ModelMade(ModelView):
    """With the routes whose cost is not known: margins and caps count what they serve as free."""

    without_cost: list[str] = []


class ModelList(BaseModel):
    """All models, by name."""

    data: list[ModelView]


def settings_from(body: ModelBody) -> ModelSettings:
    return ModelSettings(
        enabled=body.enabled,
        owned_by=body.owned_by,
        family=body.family,
        context_tokens=body.context_tokens,
        most_output_tokens=body.most_output_tokens,
        input_modalities=tuple(dict.fromkeys(body.input_modalities)),
        tasks=tuple(dict.fromkeys(body.tasks)),
        most_audio_seconds=body.most_audio_seconds,
        daily_cap_nano=_nano(body.daily_cap),
        account_daily_cap_nano=_nano(body.account_daily_cap),
        account_requests_per_minute=body.account_requests_per_minute,
    )


def route_from(body: RouteBody) -> NewRoute:
    return NewRoute(
        channel=body.channel,
        upstream_model=body.upstream_model,
        priority=body.priority,
        weight=body.weight,
        cost=FREE if body.cost is None else rates_from(body.cost),
    )


def model_view(model: Model, snapshot: Snapshot, now_ms: int) -> ModelView:
    card = model.card_at(now_ms)
    return ModelView(
        name=model.name,
        enabled=model.enabled,
        owned_by=model.owned_by,
        family=model.family,
        context_tokens=model.context_tokens,
        most_output_tokens=model.most_output_tokens,
        input_modalities=list(model.input_modalities),
        tasks=list(model.tasks),
        most_audio_seconds=model.most_audio_seconds,
        daily_cap=_text(model.daily_cap_nano),
        account_daily_cap=_text(model.account_daily_cap_nano),
        account_requests_per_minute=model.account_requests_per_minute,
        stopped=snapshot.stop_for(model.name) is not None or snapshot.routes_are_stopped(model),
        created_at=datetime.fromtimestamp(model.created_ms / 1000, UTC),
        rate_card=None if card is None else card.version,
        rates=None if card is None else rates_view(card.rates),
        coming=sum(1 for dated in model.cards if dated.effective_ms > now_ms),
        routes=[
            RouteView(
                channel=snapshot.channels[route.channel_id].name,
                upstream_model=route.upstream_model,
                priority=route.priority,
                weight=route.weight,
                cost=rates_view(route.cost),
            )
            for route in model.routes
        ],
    )


def _nano(text: str | None) -> int | None:
    return None if text is None else parse_amount(text)


def _text(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)
