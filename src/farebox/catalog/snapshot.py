"""The catalogue as one immutable value, valid for exactly one version of the database's catalogue.

A worker quotes from its snapshot; the till compares the version inside its transaction, so that a stale snapshot can
make a call slower but never wrong.
"""

from uuid import UUID

import msgspec

from farebox.domain.job import Task
from farebox.domain.pricing import RateCard, Rates


class ChannelKey(msgspec.Struct, frozen=True):
    """One credential of a channel's key pool, sealed (kit/crypto.py)."""

    id: UUID
    sealed: bytes

    @property
    def purpose(self) -> bytes:
        """What the secret is sealed for, so that it cannot be moved to another row."""
        return channel_key_purpose(self.id)


def channel_key_purpose(key_id: UUID) -> bytes:
    return b"channel_key:" + key_id.bytes


class Channel(msgspec.Struct, frozen=True):
    """One way to reach a provider."""

    id: UUID
    name: str
    kind: str
    provider: str
    base_url: str
    allow_private: bool
    proxy: str | None
    enabled: bool
    daily_cap_nano: int | None
    concurrency: int | None
    keys: tuple[ChannelKey, ...]


class ProviderCaps(msgspec.Struct, frozen=True):
    """Caps over all channels of one provider."""

    name: str
    daily_cap_nano: int | None
    concurrency: int | None


class Route(msgspec.Struct, frozen=True):
    """Model to channel: the provider's model name, the order of trying, and the provider's prices."""

    id: UUID
    channel_id: UUID
    upstream_model: str
    priority: int
    weight: int
    cost: Rates


class DatedCard(msgspec.Struct, frozen=True):
    """A rate card and the moment from which it is in force; 0 when it was as it was read.

    Unix milliseconds, by the database's clock as it was read, by the reader's own once `told_by` has translated it.
    """

    effective_ms: int
    card: RateCard


class Discount(msgspec.Struct, frozen=True):
    """So much less is charged, from a moment until before another; times as in DatedCard, None is no end."""

    id: UUID
    name: str
    patterns: tuple[str, ...]
    off_ppm: int
    starts_ms: int
    ends_ms: int | None

    def holds_at(self, unix_ms: int) -> bool:
        return self.starts_ms <= unix_ms and (self.ends_ms is None or unix_ms < self.ends_ms)


class Model(msgspec.Struct, frozen=True):
    """A public model name. `cards` and `discounts` are those in force and coming ones, oldest first."""

    name: str
    enabled: bool
    owned_by: str
    context_tokens: int | None
    most_output_tokens: int | None
    account_daily_cap_nano: int | None
    daily_cap_nano: int | None
    first_step_tokens: int | None
    tokens_per_kilobyte: "TokensPerKilobyte | None"
    input_modalities: tuple[str, ...]
    created_ms: int
    cards: tuple[DatedCard, ...]
    routes: tuple[Route, ...]
    tasks: tuple[Task, ...] = ("chat", "embeddings")
    most_audio_seconds: int | None = None  # of one recording
    thinks_unseen: bool = False  # learned: its answers cost reasoning of which its streams show nothing
    family: str = ""  # what the status page shows it under; empty is the model alone
    account_requests_per_minute: int | None = None
    discounts: tuple[Discount, ...] = ()

    def card_at(self, unix_ms: int) -> RateCard | None:
        """The rate card in force at a time of the clock that `cards` are told by; None when there is no price yet."""
        chosen = None
        for dated in self.cards:
            if dated.effective_ms <= unix_ms:
                chosen = dated.card
        return chosen


class TokensPerKilobyte(msgspec.Struct, frozen=True):
    """Tokens per 1,024 bytes of input by class of byte: a high quantile, learned from settled jobs.

    The defaults are for models whose own are not learned yet. ASCII: English prose has about 250, unusual words up to
    400; digits and punctuation up to a token each. CJK: three bytes a character, one and a half tokens at most with
    older vocabularies. Other: Cyrillic, Arabic and Indic scripts reach a token for every two bytes, emoji and rare
    scripts more.

    `sign` is for ASCII that is neither letter nor white space; `ascii` for the rest of it. Signs are not learned: text
    of nothing else has about a token for each, however rare it is among a model's jobs.
    """

    ascii: int = 400
    cjk: int = 512
    other: int = 700
    sign: int = 1024


class Stop(msgspec.Struct, frozen=True):
    """An emergency stop in force; scope 'all' has an empty target."""

    scope: str
    target: str
    reason: str
    abort_running: bool


class Snapshot(msgspec.Struct, frozen=True):
    """Everything on sale at one version."""

    version: int
    models: dict[str, Model]
    channels: dict[UUID, Channel]
    providers: dict[str, ProviderCaps]
    stops: tuple[Stop, ...]
    read_ms: int = 0  # by the database's clock
    ahead_ms: int = 0  # of the database's clock, the one that times are told by
    groups: dict[str, int] = {}  # customer groups: what is charged of the price, in millionths

    def told_by(self, unix_ms: int) -> "Snapshot":
        """The same for a clock that shows `unix_ms` now: prices start when the database says so, and not earlier."""
        ahead_ms = unix_ms - self.read_ms
        coming = {
            name: msgspec.structs.replace(
                model,
                cards=tuple(_moved(dated, ahead_ms) for dated in model.cards),
                discounts=tuple(_moved_discount(each, ahead_ms) for each in model.discounts),
            )
            for name, model in self.models.items()
            if model.discounts or any(dated.effective_ms for dated in model.cards)
        }
        return msgspec.structs.replace(self, models={**self.models, **coming}, ahead_ms=ahead_ms)

    def stop_for(self, model: str) -> Stop | None:
        """The stop that bars this model on every route, if any."""
        for stop in self.stops:
            if stop.scope == "all" or (stop.scope == "model" and stop.target == model):
                return stop
        return None

    def channel_is_stopped(self, channel: Channel) -> bool:
        return any(
            (stop.scope == "channel" and stop.target == channel.name)
            or (stop.scope == "provider" and stop.target == channel.provider)
            for stop in self.stops
        )

    def routes_are_stopped(self, model: Model) -> bool:
        """Whether emergency stops, and nothing else, leave no way to this model."""
        channels = [self.channels[route.channel_id] for route in model.routes]
        enabled = [channel for channel in channels if channel.enabled]
        return bool(enabled) and all(map(self.channel_is_stopped, enabled))


def _moved(dated: DatedCard, by_ms: int) -> DatedCard:
    return DatedCard(dated.effective_ms + by_ms, dated.card) if dated.effective_ms else dated


def _moved_discount(discount: Discount, by_ms: int) -> Discount:
    return msgspec.structs.replace(
        discount,
        starts_ms=discount.starts_ms + by_ms if discount.starts_ms else 0,
        ends_ms=None if discount.ends_ms is None else discount.ends_ms + by_ms,
    )
