"""What goes over the wire about channels. The secrets of their keys go in and never out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from farebox.catalog.caps import SupplyCaps
from farebox.catalog.channel_keys import PoolKey
from farebox.catalog.snapshot import Channel, Snapshot
from farebox.control.text import NonEmptyLine, PositiveAmountText
from farebox.domain.money import format_amount, parse_amount
from farebox.upstream.presets import Preset
from farebox.upstream.report_store import ChannelDay
from farebox.upstream.trial import TrialResult

ChannelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
_Kind = Literal["openai", "openai-compatible", "anthropic", "gemini"]
_Url = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), Field(examples=["https://api.example.com/v1"])
]
_ApiKey = Annotated[SecretStr, Field(min_length=1, max_length=4_000, description="Stored sealed, never shown again.")]


class CapsView(BaseModel):
    """What it may cost on a day, in provider cost, and how many jobs it may serve at once; null is no cap."""

    model_config = ConfigDict(extra="forbid")

    daily_cap: PositiveAmountText | None = None
    concurrency: Annotated[int, Field(ge=1, le=10**6)] | None = None


class Changed(BaseModel):
    """Where a channel leads."""

    model_config = ConfigDict(extra="forbid")

    kind: _Kind
    provider: NonEmptyLine
    base_url: _Url
    allow_private: Annotated[bool, Field(description="Loopback and private addresses may be reached.")] = False


class NewChannelBody(BaseModel):
    """A channel to be added: by a preset, or by a kind; what is given goes before what the preset knows."""

    model_config = ConfigDict(extra="forbid")

    name: ChannelName | None = None
    preset: Annotated[str, Field(max_length=64, examples=["deepseek"])] | None = None
    kind: _Kind | None = None
    provider: NonEmptyLine | None = None
    base_url: _Url | None = None
    allow_private: bool = False
    api_key: _ApiKey | None = None
    caps: CapsView = CapsView()


class NewKey(BaseModel):
    """One more key of the pool."""

    model_config = ConfigDict(extra="forbid")

    api_key: _ApiKey


class KeyView(BaseModel):
    """A key of the pool, without its secret."""

    id: UUID
    enabled: bool
    created_at: datetime
    health: Literal["closed", "half_open", "open"]


class TrafficView(BaseModel):
    """Provider calls of the last 24 hours. Refused: the provider refused the request itself."""

    answered: int
    refused: int
    faults: int
    rate_limited: int
    auth_faults: int
    route_faults: int
    average_first_byte_ms: int | None


class ChannelView(BaseModel):
    """A channel. Health `open`: so many calls failed that none is tried for now."""

    id: UUID
    name: str
    kind: str
    preset: str
    provider: str
    base_url: str
    allow_private: bool
    proxied: bool
    enabled: bool
    stopped: bool
    caps: CapsView
    keys: Annotated[int, Field(description="Those in use.")]
    models: list[str]
    health: Literal["closed", "half_open", "open"]
    healthy_again_s: Annotated[int | None, Field(description="Seconds until an open channel is tried again.")]
    traffic: TrafficView


class ChannelList(BaseModel):
    """All channels, by name."""

    data: list[ChannelView]


class ChannelDetail(ChannelView):
    """One channel with its keys, and what is odd about its address."""

    pool: list[KeyView]
    remark: str | None = None


class PresetView(BaseModel):
    """A provider of which much is known."""

    name: str
    title: str
    kind: str
    base_url: str
    needs_key: bool
    deviations: list[str]
    models_with_prices: list[str]


class PresetList(BaseModel):
    """All of them; the last is for any other server."""

    data: list[PresetView]


class Trying(BaseModel):
    """Without a model, the provider's list of models is asked for, which costs nothing; with one, a token of it."""

    model_config = ConfigDict(extra="forbid")

    model: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class TrialView(BaseModel):
    """How the trial went; `fault` says why the channel does not work."""

    ok: bool
    fault: str | None
    status: int | None
    connect_ms: int | None
    first_byte_ms: int | None
    latency_ms: int | None
    answer: str


def caps_changes(view: CapsView) -> dict[str, int | None]:
    daily = view.daily_cap
    return {"daily_nano": None if daily is None else parse_amount(daily), "concurrency": view.concurrency}


def caps_view(caps: SupplyCaps) -> CapsView:
    daily_nano = caps.daily_nano
    return CapsView(daily_cap=None if daily_nano is None else format_amount(daily_nano), concurrency=caps.concurrency)


def channel_view(
    channel: Channel,
    snapshot: Snapshot,
    preset: Preset,
    health: tuple[str, float],
    traffic: ChannelDay | None,
) -> ChannelView:
    """`health` is the state and the seconds until its time is over."""
    state, wait_s = health
    served = {
        name for name, model in snapshot.models.items() if any(route.channel_id == channel.id for route in model.routes)
    }
    return ChannelView(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        preset=preset.name,
        provider=channel.provider,
        base_url=channel.base_url,
        allow_private=channel.allow_private,
        proxied=channel.proxy is not None,
        enabled=channel.enabled,
        stopped=snapshot.channel_is_stopped(channel) or any(stop.scope == "all" for stop in snapshot.stops),
        caps=caps_view(SupplyCaps(channel.daily_cap_nano, channel.concurrency)),
        keys=len(channel.keys),
        models=sorted(served),
        health=_state(state),
        healthy_again_s=max(0, round(wait_s)) if state == "open" else None,
        traffic=_traffic(traffic),
    )


def key_view(key: PoolKey, state: str) -> KeyView:
    return KeyView(id=key.id, enabled=key.enabled, created_at=key.created_at, health=_state(state))


def preset_view(preset: Preset) -> PresetView:
    return PresetView(
        name=preset.name,
        title=preset.title,
        kind=preset.kind,
        base_url=preset.base_url or preset.base_url_form or "",
        needs_key=preset.needs_key,
        deviations=list(preset.deviations),
        models_with_prices=[] if preset.prices is None else [model.name for model in preset.prices.models],
    )


def trial_view(result: TrialResult) -> TrialView:
    return TrialView(
        ok=result.fault is None,
        fault=result.fault,
        status=result.status,
        connect_ms=result.connect_ms,
        first_byte_ms=result.first_byte_ms,
        latency_ms=result.total_ms,
        answer=result.answer,
    )


def _state(state: str) -> Literal["closed", "half_open", "open"]:
    return "open" if state == "open" else "half_open" if state == "half_open" else "closed"


def _traffic(day: ChannelDay | None) -> TrafficView:
    if day is None:
        return TrafficView(
            answered=0, refused=0, faults=0, rate_limited=0, auth_faults=0, route_faults=0, average_first_byte_ms=None
        )
    return TrafficView(
        answered=day.answered,
        refused=day.refused,
        faults=day.faults,
        rate_limited=day.rate_limited,
        auth_faults=day.auth_faults,
        route_faults=day.route_faults,
        average_first_byte_ms=day.first_byte_ms // day.answered if day.answered else None,
    )
