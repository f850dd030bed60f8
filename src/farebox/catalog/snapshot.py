"""The catalogue as one immutable value, valid for exactly one version of the database's catalogue.

A worker quotes from its snapshot; the till compares the version inside its transaction, so that a stale snapshot can
make a call slower but never wrong.
"""

from uuid import UUID

import msgspec

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
    """A rate card and the moment from which it is in force, in unix milliseconds; 0 when it was as it was read."""

    effective_ms: int
    card: RateCard


class Model(msgspec.Struct, frozen=True):
    """A public model name. `cards` are in force and coming ones, oldest first."""

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

    def card_at(self, unix_ms: int) -> RateCard | None:
        """The rate card in force; None when the model has no price yet."""
        chosen = None
        for dated in self.cards:
            if dated.effective_ms <= unix_ms:
                chosen = dated.card
        return chosen


class TokensPerKilobyte(msgspec.Struct, frozen=True):
    """Tokens per 1,024 bytes of input by class of byte: a high quantile, learned from settled jobs."""

    ascii: int
    cjk: int
    other: int


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
