"""What is known of providers before a channel is added: one file of facts each (vendors/*.toml), read once.

A channel belongs to the preset at whose host it calls, else to the one that its provider names, else to that of its
kind. So an address decides how a key is told, and a model on the operator's own machines is what the operator calls it.
It must not know of sockets, nor what a body means.
"""

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from farebox.catalog.snapshot import Channel
from farebox.dialects.codec import Target
from farebox.dialects.conversation import Effort
from farebox.dialects.openai_extras import Strip, strip_of
from farebox.domain.money import parse_price
from farebox.domain.pricing import InputSizeOverride, PerTokenCard, TokenPrices

Kind = Literal["openai", "anthropic", "gemini", "openai-compatible"]

_LONG_CONTEXT_TOKENS = 200_000
# Kinds that speak one dialect: what one is told in requests the other understands.
_FAMILIES = {"openai-compatible": "openai", "simulator": "openai"}
_PRESET_OF_KIND = {"gemini": "google", "simulator": "openai-compatible"}


class RequestFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a request must be written.

    `bound` names the bound of the output, `end_user` the field for the end user's id (None: there is none). `renames`
    are fields that the provider calls otherwise; `leaves_out` those that it refuses and that change no answer.
    `call_id_length` is the only number of letters and digits that ids of tool calls may have; `takes_reasoning`: past
    reasoning that nobody signed goes back.
    """

    bound: str
    end_user: str | None = None
    renames: dict[str, str] = {}
    leaves_out: tuple[str, ...] = ()
    call_id_length: int | None = None
    takes_reasoning: bool = False

    @property
    def takes_stream_options(self) -> bool:
        return "stream_options" not in self.leaves_out


class UsageFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a stream reports its usage, in words; which members mean what is in the usage table."""

    stream: str


class ModelFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How requests to some models differ; `match` is a list of patterns of their names."""

    match: str
    adaptive_thinking: bool = False
    native_schema: bool = True
    thinking_level: bool = True
    efforts: tuple[Effort, ...] | None = None

    def fits(self, model: str) -> bool:
        return any(fnmatchcase(model.lower(), pattern) for pattern in self.match.split(","))


class BalanceFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a key's holder is told what is left of a prepaid balance: a list of amounts, each of a currency."""

    path: str
    list: str
    amount: str
    currency: str


class TokenPriceFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices in USD per million tokens, as decimal strings."""

    input: str
    output: str
    cached_input: str | None = None
    cache_write: str | None = None
    cache_write_1h: str | None = None
    audio_input: str | None = None
    reasoning: str | None = None

    def prices(self) -> TokenPrices:
        values = {name: getattr(self, name) for name in TokenPriceFacts.__struct_fields__}
        return TokenPrices(**{name: parse_price(value) for name, value in values.items() if value is not None})


class ModelPriceFacts(TokenPriceFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list prices of one model, and those of a job whose input is larger than 200,000 tokens."""

    name: str
    above_200k: TokenPriceFacts | None = None

    def card(self) -> PerTokenCard:
        longer = self.above_200k
        overrides = () if longer is None else (InputSizeOverride(_LONG_CONTEXT_TOKENS, longer.prices()),)
        return PerTokenCard(prices=self.prices(), overrides=overrides)


class PriceFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A few list prices and their day. `same_as` and `resold` (by a name's first part) point to other presets'."""

    as_of: date
    models: tuple[ModelPriceFacts, ...] = ()
    same_as: str | None = None
    resold: dict[str, str] = {}


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider. `base_url` is as the vendor's SDK takes it; None where `base_url_form` must be filled in.

    `hosts` are its own; one that starts with a dot stands for every name below. `deployments_version` is for a base URL
    that asks by deployment.
    """

    name: str = ""
    title: str
    kind: Kind
    request: RequestFacts
    usage: UsageFacts
    aliases: tuple[str, ...] = ()
    base_url: str | None = None
    base_url_form: str | None = None
    hosts: tuple[str, ...] = ()
    key_header: str = "authorization"
    key_scheme: str = "Bearer "
    needs_key: bool = True
    deployments_version: str | None = None
    deviations: tuple[str, ...] = ()
    models: tuple[ModelFacts, ...] = ()
    prices: PriceFacts | None = None
    balance: BalanceFacts | None = None

    def is_at(self, host: str) -> bool:
        """Whether the provider itself answers at this host."""
        return any(host == own or (own.startswith(".") and host.endswith(own)) for own in self.hosts)

    def strip_at(self, host: str) -> Strip:
        """What to take out of answers from this host: a gateway at another than the provider's own may add things."""
        return strip_of(self.name if self.is_at(host) else None)

    def target(self, upstream_model: str, *, default_output_tokens: int) -> Target:
        """What a writer of requests must know of this model here."""
        facts = self._facts_of(upstream_model)
        return Target(
            model=upstream_model,
            default_output_tokens=default_output_tokens,
            ask_stream_usage=self.request.takes_stream_options,
            bound_name=self.request.bound,
            end_user_name=self.request.end_user,
            leaves_out=self.request.leaves_out,
            renames=self.request.renames,
            call_id_length=self.request.call_id_length,
            takes_reasoning=self.request.takes_reasoning,
            efforts=facts.efforts,
            has_adaptive_thinking=facts.adaptive_thinking,
            has_native_schema=facts.native_schema,
            has_thinking_level=facts.thinking_level,
        )

    def _facts_of(self, model: str) -> ModelFacts:
        return next((facts for facts in self.models if facts.fits(model)), _PLAIN)

    def cost_of(self, upstream_model: str) -> PerTokenCard | None:
        """The provider's list prices of a model; None where they are not known."""
        if self.prices is None:
            return None
        if self.prices.same_as is not None:
            return presets()[self.prices.same_as].cost_of(upstream_model)
        maker, _, rest = upstream_model.partition("/")
        if rest and maker in self.prices.resold:
            vendor = presets()[self.prices.resold[maker]]
            # Resellers write versions with a dot where Anthropic has a dash.
            return vendor.cost_of(rest) or vendor.cost_of(rest.replace(".", "-"))
        return next((model.card() for model in self.prices.models if model.name == upstream_model), None)


_PLAIN = ModelFacts(match="")


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name, in alphabetical order, the one of any other server last."""
    found: dict[str, Preset] = {}
    for file in sorted(files(__package__).joinpath("vendors").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            preset = msgspec.toml.decode(file.read_bytes(), type=Preset)
            name = file.name.removesuffix(".toml")
            found[name] = msgspec.structs.replace(preset, name=name)
    found["openai-compatible"] = found.pop("openai-compatible")
    return found


def preset_named(name: str) -> Preset | None:
    """The preset of this name or alias."""
    known = presets()
    return known.get(name) or next((preset for preset in known.values() if name in preset.aliases), None)


def preset_of(channel: Channel) -> Preset:
    """The preset that a channel belongs to."""
    return find_preset(channel.kind, channel.provider, channel.base_url)


@lru_cache(maxsize=1024)
def find_preset(kind: str, provider: str, base_url: str) -> Preset:
    """The same for a channel that is yet to be added."""
    family = _FAMILIES.get(kind, kind)
    known = [preset for preset in presets().values() if _FAMILIES.get(preset.kind, preset.kind) == family]
    host = urlsplit(base_url).hostname or ""
    for preset in known:
        if preset.is_at(host):
            return preset
    for preset in known:
        if provider == preset.name:
            return preset
    return presets()[_PRESET_OF_KIND.get(kind, kind)]
