"""Recorded traffic of every vendor, passed through: nothing in it tells who served, and its usage adds up.

What identifies is taken from the recordings themselves: ids, fingerprints, account headers, served models' names.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects import anthropic_answer, gemini_answer, openai_answer, responses_answer
from farebox.dialects.anthropic_relay import AnthropicRelay
from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.gemini_stream import StreamRelay as GeminiRelay
from farebox.dialects.openai_stream import StreamRelay as ChatRelay
from farebox.dialects.responses_relay import StreamRelay as ResponsesRelay
from farebox.domain.usage import Usage, sanitize
from farebox.gateway.crossing import Relay
from farebox.upstream.presets import find_preset

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"
STAMP = JobStamp(UUID(int=0xABCDEF), "public-model")
FAMILIES = ("openai-chat", "compatible-chat", "openai-responses", "anthropic-messages", "gemini")
families = pytest.mark.parametrize("family", FAMILIES)
# Of a body: names whose values tell who served. Of ids only those at the top: clients send those inside back.
TELLING = ("system_fingerprint", "request_id", "provider", "native_finish_reason", "responseId", "x_groq")
TELLING_HEADERS = ("request-id", "organization", "project", "cf-ray", "trace")

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded traffic is not here")


def recorded(family: str) -> Iterator[dict[str, Any]]:
    for line in (RECORDINGS / f"{family}.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["status"] == 200:
            yield row


def bodies(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The plain answer, or the data of every event."""
    if "json" in row["response"]:
        return [row["response"]["json"]]
    lines = row["response"]["text"].splitlines()
    return [json.loads(line[5:]) for line in lines if line.startswith("data:") and line[5:].strip().startswith("{")]


def inner(body: dict[str, Any]) -> dict[str, Any]:
    """The answer that an event is about."""
    return dict(body.get("message") or body.get("response") or body)


def identifying(row: dict[str, Any]) -> set[str]:
    """Values that a client must not find, long enough to be nobody else's."""
    found: set[Any] = set()
    for body in bodies(row):
        for part in (body, inner(body)):
            found |= {part.get("id"), *(part.get(name) for name in TELLING if isinstance(part.get(name), str))}
            found.add((part.get("x_groq") or {}).get("id"))
    for name, value in row["headers"].items():
        if any(part in name.lower() for part in TELLING_HEADERS):
            found |= set(value) if isinstance(value, list) else {value}
    return {value for value in found if isinstance(value, str) and len(value) >= 8}


def relay_for(family: str, row: dict[str, Any]) -> Relay:
    match family:
        case "anthropic-messages":
            return AnthropicRelay(STAMP)
        case "gemini":
            return GeminiRelay(STAMP, form="sse", answers=1)
        case "openai-responses":
            return ResponsesRelay(STAMP)
        case _:
            host = row["host"].partition(":")[0]
            strip = find_preset("openai-compatible", host, f"https://{host}/v1").strip_at(host)
            return ChatRelay("chat.completions", STAMP, True, strip=strip)


def passed(family: str, row: dict[str, Any]) -> tuple[bytes, Usage | None] | None:
    """What the client gets, and the usage read; None for what is no answer, or failed midway."""
    if "text" in row["response"]:
        if not bodies(row):
            return None
        relay = relay_for(family, row)
        out = relay.feed(row["response"]["text"].encode()) + relay.end_of_input()
        assert relay.end is not None
        if relay.end.kind != "done":
            return None
        return out + relay.finish("0.25", relay.usage or Usage()), relay.usage
    raw = json.dumps(row["response"]["json"]).encode()
    match family:
        case "anthropic-messages":
            answer = anthropic_answer.read_answer(200, "", raw)
            stamp = anthropic_answer.stamp_answer
        case "gemini":
            answer = gemini_answer.read_answer("generateContent", 200, "", raw)
            stamp = gemini_answer.stamp_answer
        case "openai-responses":
            answer = responses_answer.read_answer(200, "", raw)
            stamp = responses_answer.stamp_answer
        case _:
            host = row["host"].partition(":")[0]
            strip = find_preset("openai-compatible", host, f"https://{host}/v1").strip_at(host)
            chat = openai_answer.read_answer("chat.completions", 200, "", raw)
            assert isinstance(chat, PlainAnswer), row["name"]
            return openai_answer.stamp_answer(chat, STAMP, "0.25", Usage(), strip), chat.usage
    if not isinstance(answer, PlainAnswer):
        return None
    return stamp(answer, STAMP, "0.25", Usage()), answer.usage


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(entry)


@families
def test_nothing_that_identifies_the_provider_is_left(family: str) -> None:
    """No id, fingerprint, account header or name of the served model of any recorded exchange reaches the client."""
    seen = 0
    for row in recorded(family):
        found = passed(family, row)
        if found is None:
            continue
        out = found[0].decode()
        left = {value for value in identifying(row) if value in out}
        assert not left, (row["name"], left)
        served = {inner(body).get("model") or inner(body).get("modelVersion") for body in bodies(row)} - {None}
        sent = [json.loads(line[5:]) for line in out.splitlines() if line.startswith("data: {")] or [json.loads(out)]
        assert not served & set(strings(sent)), (row["name"], served & set(strings(sent)))
        seen += 1
    assert seen >= {"gemini": 100, "anthropic-messages": 120}.get(family, 65)


def counted(family: str, reported: dict[str, Any]) -> tuple[int, int, int, int]:
    """Input, output, cached and written tokens by hand: from totals where there are any, from parts where not."""
    if family == "anthropic-messages":
        cached, written = reported["cache_read_input_tokens"], reported["cache_creation_input_tokens"]
        return reported["input_tokens"] + cached + written, reported["output_tokens"], cached, written
    if family == "gemini":
        given = reported["promptTokenCount"] + reported.get("toolUsePromptTokenCount", 0)
        return given, reported["totalTokenCount"] - given, reported.get("cachedContentTokenCount", 0), 0
    given = reported.get("prompt_tokens", reported.get("input_tokens"))
    details = reported.get("prompt_tokens_details") or reported.get("input_tokens_details") or {}
    cached = details.get("cached_tokens") or reported.get("num_cached_tokens") or reported.get("cached_tokens") or 0
    out = reported.get("completion_tokens", reported.get("output_tokens"))
    total = reported.get("total_tokens", given + out)
    return given, total - given, cached, details.get("cache_write_tokens") or 0


def last_usage(row: dict[str, Any]) -> dict[str, Any]:
    """The last usage object of an answer; what Anthropic's later events leave out stands in the first."""
    found: dict[str, Any] = {}
    for body in bodies(row):
        for part in (inner(body), body, body.get("x_groq") or {}):
            found |= {k: v for k, v in (part.get("usage") or part.get("usageMetadata") or {}).items() if v is not None}
    return found


@families
def test_every_usage_object_is_read_right(family: str) -> None:
    """Input, output, cached and written tokens are those of independent arithmetic, and parts fit their whole."""
    seen = 0
    for row in recorded(family):
        found = passed(family, row)
        if found is None:
            continue
        usage = found[1]
        assert usage is not None, row["name"]
        by_hand = counted(family, last_usage(row))
        assert (
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_input_tokens,
            usage.cache_write_tokens,
        ) == by_hand, row["name"]
        sane = sanitize(usage)
        assert sane.total_tokens == usage.total_tokens
        assert sane.cached_input_tokens + sane.cache_write_tokens <= sane.input_tokens
        assert sane.reasoning_tokens <= sane.output_tokens
        seen += 1
    assert seen >= {"gemini": 100, "anthropic-messages": 120}.get(family, 65)
