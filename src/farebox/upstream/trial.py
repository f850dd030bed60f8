"""One small request that shows whether a channel works, and how fast: its list of models, or a call of one token.

For operators who ask (`farebox channel test`) and for the worker that looks after channels which nobody calls. It knows
just enough of each wire format to ask for as little as there is.
"""

from typing import Any
from urllib.parse import quote

import msgspec

from farebox.catalog.snapshot import Channel
from farebox.dialects.scrub import Scrub
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal, SealError
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import EndpointError, UpstreamError
from farebox.upstream.limits import Timeouts
from farebox.upstream.presets import preset_of
from farebox.upstream.provider import ANTHROPIC_VERSION, Header, asked_path, auth_headers, models_request, versioned

_MOST_ANSWER_BYTES = 16 * 1024 * 1024
_SHOWN_CHARACTERS = 300
_PING = "ping"


class Trial(msgspec.Struct, frozen=True):
    """What to send; `upstream_model` is None when it asks for the list of models."""

    endpoint: Endpoint
    method: bytes
    target: bytes
    headers: tuple[Header, ...]
    body: bytes
    upstream_model: str | None


class TrialResult(msgspec.Struct, frozen=True):
    """How it went. Times count from the beginning, in milliseconds; None for what was not reached.

    `fault` says in one line why the channel does not work, and is None when it does; `is_down`: no call of anybody
    would have worked. `answer` is how the answer begins, without what names keys, accounts or addresses.
    """

    fault: str | None
    is_down: bool
    status: int | None = None
    connect_ms: int | None = None
    first_byte_ms: int | None = None
    total_ms: int | None = None
    answer: str = ""


def trial_of(
    channel: Channel, seal: Seal, *, proxy: str | None, upstream_model: str | None = None, turn: int = 0
) -> Trial:
    """A request with key number `turn` of the pool; raises EndpointError or SealError when none can be made."""
    endpoint = parse_endpoint(channel.base_url, allow_private=channel.allow_private, proxy=channel.proxy or proxy)
    preset = preset_of(channel)
    headers: tuple[Header, ...] = ((b"accept", b"application/json"), (b"user-agent", b"farebox"))
    if channel.keys:
        key = channel.keys[turn % len(channel.keys)]
        headers += auth_headers(preset, seal.open(key.sealed, purpose=key.purpose))
    if upstream_model is None:
        target, told = models_request(preset, channel.kind, endpoint.path_prefix)
        return Trial(endpoint, b"GET", target, headers + told, b"", None)
    headers += ((b"content-type", b"application/json"),)
    if channel.kind == "anthropic":
        headers += (ANTHROPIC_VERSION,)
    path, body = _smallest_call(channel.kind, upstream_model)
    if channel.kind in ("anthropic", "gemini"):
        target = versioned(channel.kind, endpoint.path_prefix, path)
    else:
        target = asked_path(preset, channel.kind, endpoint.path_prefix, path, upstream_model)
    return Trial(endpoint, b"POST", target, headers, msgspec.json.encode(body), upstream_model)


async def run_trial(client: UpstreamClient, trial: Trial, timeouts: Timeouts, clock: Clock) -> TrialResult:
    """Send it and read the whole answer; never raises for what a provider does."""
    began_s = clock.monotonic_s()
    sent_ms = first_byte_ms = status = None

    def on_sent() -> None:
        nonlocal sent_ms
        sent_ms = _since_ms(clock, began_s)

    try:
        response = await client.send(
            trial.endpoint, trial.method, trial.target, trial.headers, trial.body, timeouts, on_sent
        )
        status, first_byte_ms = response.status, _since_ms(clock, began_s)
        try:
            raw = await response.read(_MOST_ANSWER_BYTES)
        finally:
            response.close()
    except UpstreamError as error:
        return TrialResult(str(error), True, status, sent_ms, first_byte_ms)
    return TrialResult(
        fault=_fault(status, is_call=trial.upstream_model is not None),
        is_down=status >= 500,
        status=status,
        connect_ms=sent_ms,
        first_byte_ms=first_byte_ms,
        total_ms=_since_ms(clock, began_s),
        answer=_shown(raw),
    )


async def try_channel(
    client: UpstreamClient,
    channel: Channel,
    seal: Seal,
    timeouts: Timeouts,
    clock: Clock,
    *,
    proxy: str | None,
    upstream_model: str | None = None,
    turn: int = 0,
) -> TrialResult:
    """`trial_of` and `run_trial` in one; a request that cannot be made is a fault, too."""
    try:
        trial = trial_of(channel, seal, proxy=proxy, upstream_model=upstream_model, turn=turn)
    except (EndpointError, SealError) as error:
        return TrialResult(str(error), True)
    return await run_trial(client, trial, timeouts, clock)


def _smallest_call(kind: str, model: str) -> tuple[bytes, dict[str, Any]]:
    message = {"role": "user", "content": _PING}
    match kind:
        case "anthropic":
            return b"/messages", {"model": model, "max_tokens": 1, "messages": [message]}
        case "gemini":
            path = f"/models/{quote(model, safe='')}:generateContent"
            contents = [{"role": "user", "parts": [{"text": _PING}]}]
            return path.encode(), {"contents": contents, "generationConfig": {"maxOutputTokens": 1}}
        case "openai":
            # The vendor's newer models know this name of the bound alone; others know the older alone.
            return b"/chat/completions", {"model": model, "max_completion_tokens": 16, "messages": [message]}
        case _:
            return b"/chat/completions", {"model": model, "max_tokens": 1, "messages": [message]}


def _fault(status: int, *, is_call: bool) -> str | None:
    if status == 200 or (not is_call and status in (404, 405)):
        return None  # a compatible server without a list of models still answered us
    if status in (401, 403):
        return f"the provider refuses the key (status {status})"
    if status == 404:
        return "the provider does not know the model, or not for this key (status 404)"
    return f"the provider answers with status {status}"


def _since_ms(clock: Clock, began_s: float) -> int:
    return round((clock.monotonic_s() - began_s) * 1000)


def _shown(raw: bytes) -> str:
    text = " ".join(raw[: 4 * _SHOWN_CHARACTERS].decode(errors="replace").split())
    printable = "".join(character for character in text if character.isprintable())
    return Scrub(model="", names=()).text(printable)[:_SHOWN_CHARACTERS]
