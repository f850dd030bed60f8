"""What a channel that is to be added will be: what was given, completed by what its preset knows."""

import msgspec

from farebox.control.admin.channels.schemas import NewChannelBody
from farebox.domain.errors import ActionRefused
from farebox.kit.clock import Clock
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import EndpointError
from farebox.upstream.presets import Kind, Preset, find_preset, preset_named, presets
from farebox.upstream.reach import reach_of


class Plan(msgspec.Struct, frozen=True):
    """A channel to be added."""

    name: str
    kind: Kind
    provider: str
    base_url: str
    needs_key: bool


def plan(body: NewChannelBody) -> Plan:
    """ActionRefused names the field when something is missing or at odds."""
    chosen = None if body.preset is None else _known(body.preset)
    kind = body.kind or (None if chosen is None else chosen.kind)
    if kind is None:
        raise _missing("preset", "Give a preset, or the kind of API that the provider speaks.")
    if chosen is None and body.name is None:
        raise _missing("name", "A channel without a preset needs a name.")
    # A kind alone is its vendor's own, where it has one.
    of_kind = chosen or find_preset(kind, "", "")
    base_url = body.base_url or of_kind.base_url
    if base_url is None:
        raise _missing("base_url", f"This provider needs a base URL, such as {of_kind.base_url_form}.")
    host = endpoint_of(base_url, allow_private=True).host
    provider = body.provider
    if provider is None and chosen is not None and chosen is not presets()["openai-compatible"]:
        provider = chosen.name
    elif provider is None:
        provider = host if kind == "openai-compatible" else kind
    if chosen is not None and (found := find_preset(kind, provider, base_url)) is not chosen:
        raise _missing(
            "preset",
            f"A channel of kind {kind} and provider {provider} at {host} belongs to the preset {found.name}: leave out "
            "kind and provider, or give another base URL.",
        )
    needs_key = of_kind.needs_key and (chosen is not None or kind != "openai-compatible")
    return Plan(body.name or of_kind.name, kind, provider, base_url, needs_key)


def endpoint_of(base_url: str, *, allow_private: bool) -> Endpoint:
    try:
        return parse_endpoint(base_url, allow_private=allow_private)
    except EndpointError as error:
        raise ActionRefused("invalid_base_url", f"{error}.", status=422, field="base_url") from None


async def remark_on(base_url: str, clock: Clock, *, allow_private: bool, via_proxy: bool) -> str | None:
    """What is odd about an address that may be reached; ActionRefused for one that leads into our own network."""
    found = await reach_of(endpoint_of(base_url, allow_private=allow_private), clock, via_proxy=via_proxy)
    if found.refused is not None:
        raise ActionRefused(
            "address_not_allowed",
            f"{found.refused}: set allow_private if the channel is meant to reach it.",
            status=422,
            field="base_url",
        )
    return found.remark


def _known(name: str) -> Preset:
    preset = preset_named(name)
    if preset is None:
        raise _missing("preset", f"There is no such preset: use one of {', '.join(presets())}.")
    return preset


def _missing(field: str, message: str) -> ActionRefused:
    return ActionRefused("invalid_channel", message, status=422, field=field)
