"""Channels, keys, models and prices of LiteLLM's configuration file.

A deployment becomes a route; deployments with the same provider, address and key share a channel. Keys that stand as
`os.environ/NAME` are read from there, once.
"""

import os
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from farebox.boot.imports.plan import Found, FoundChannel, FoundRoute, channel_name, per_token, preset_or_compatible
from farebox.domain.errors import CommandError
from farebox.domain.pricing import Rates

# What stands before the slash of a model there, where our preset has another name.
_PRESETS = {
    "gemini": "google",
    "dashscope": "alibaba",
    "volcengine": "bytedance",
    "hosted_vllm": "vllm",
    "ollama_chat": "ollama",
}
_FROM_ENVIRONMENT = "os.environ/"
_PER_MILLION = Decimal(10**6)


class _Parameters(msgspec.Struct, frozen=True):
    model: str
    api_base: str | None = None
    api_key: str | None = None
    weight: int | None = None
    order: int | None = None
    input_cost_per_token: Any = None
    output_cost_per_token: Any = None

    def __repr__(self) -> str:
        return f"_Parameters({self.model!r})"


class _Info(msgspec.Struct, frozen=True):
    input_cost_per_token: Any = None
    output_cost_per_token: Any = None


class _Deployment(msgspec.Struct, frozen=True):
    model_name: str
    litellm_params: _Parameters
    model_info: _Info = _Info()


class _File(msgspec.Struct, frozen=True):
    model_list: list[_Deployment] = []


def read(place: Path, environ: Mapping[str, str] | None = None) -> Found:
    """All that can be used; CommandError when the file is none of LiteLLM's."""
    try:
        file = msgspec.yaml.decode(place.read_bytes(), type=_File)
    except OSError as error:
        raise CommandError(f"{place} cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        # What the decoder says may quote a key.
        raise CommandError(f"{place} is no configuration of LiteLLM: it has no model_list of deployments") from None
    return _found(file, os.environ if environ is None else environ)


def _found(file: _File, environ: Mapping[str, str]) -> Found:
    channels: dict[tuple[str, str | None, str], FoundChannel] = {}
    routes: list[FoundRoute] = []
    notes: list[str] = []
    for deployment in file.model_list:
        given = deployment.litellm_params
        provider, upstream_model = _provider_and_model(given.model)
        preset = preset_or_compatible(_PRESETS.get(provider, provider), given.api_base)
        if preset is None:
            notes.append(f"model {deployment.model_name}: the provider {provider!r} is not known, and has no api_base")
            continue
        key = _key(given.api_key, environ)
        if key is None:
            notes.append(f"model {deployment.model_name}: the variable of its key, {given.api_key}, is not set")
        way = (provider, given.api_base, key or "")
        if way not in channels:
            name = channel_name(provider, [channel.name for channel in channels.values()])
            keys = (key.encode(),) if key else ()
            channels[way] = FoundChannel(name=name, preset=preset, base_url=given.api_base, keys=keys)
        routes.append(
            FoundRoute(
                model=deployment.model_name,
                channel=channels[way].name,
                upstream_model=upstream_model,
                priority=max(0, given.order or 0),
                weight=max(1, given.weight or 1),
                rates=_rates(given, deployment.model_info),
            )
        )
    return Found(tuple(channels.values()), tuple(routes), tuple(notes))


def _provider_and_model(name: str) -> tuple[str, str]:
    """A name without a provider is one of OpenAI's."""
    provider, slash, model = name.partition("/")
    return (provider, model) if slash else ("openai", name)


def _key(given: str | None, environ: Mapping[str, str]) -> str | None:
    """The key; empty where there is none, None where its variable is not set."""
    if given is None or not given.startswith(_FROM_ENVIRONMENT):
        return (given or "").strip()
    return environ.get(given.removeprefix(_FROM_ENVIRONMENT), "").strip() or None


def _rates(given: _Parameters, info: _Info) -> Rates | None:
    costs = [
        info_cost if own is None else own
        for own, info_cost in (
            (given.input_cost_per_token, info.input_cost_per_token),
            (given.output_cost_per_token, info.output_cost_per_token),
        )
    ]
    if None in costs:
        return None
    try:
        # By way of text: the decimal that was written, and not the nearest binary fraction.
        input_usd, output_usd = (Decimal(str(cost)) * _PER_MILLION for cost in costs)
    except InvalidOperation:
        return None
    return per_token(input_usd, output_usd)
