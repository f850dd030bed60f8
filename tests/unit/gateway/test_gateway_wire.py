"""Which way a call takes: by its path, by the kinds of its routes' channels, by what each of them can carry."""

import json
from typing import Any

import msgspec
import pytest
from tests.unit.gateway.facts import a_candidate, a_channel, a_model

from farebox.dialects.anthropic_betas import passed_betas, refuse_priced_betas
from farebox.domain.errors import Refusal
from farebox.gateway.passthrough import MessagesPassthrough, OpenAIPassthrough, ResponsesPassthrough
from farebox.gateway.translate import TranslatedCrossing
from farebox.gateway.wire import Wire, wire_at, wire_of_read
from farebox.upstream.route import Candidate

BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "m", "messages": [{"role": "user", "content": "hi"}]},
    "/v1/completions": {"model": "m", "prompt": "hi"},
    "/v1/embeddings": {"model": "m", "input": "hi"},
    "/v1/responses": {"model": "m", "input": "hi"},
    "/v1/messages": {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
    "/v1beta/models/m:generateContent": {"contents": [{"parts": [{"text": "hi"}]}]},
    "/v1beta/models/m:embedContent": {"content": {"parts": [{"text": "hi"}]}},
}


def wire(path: str) -> Wire:
    found = wire_at(path, path.encode(), b"")
    assert found is not None
    return found


def candidate(kind: str, number: int = 0, base_url: str = "http://127.0.0.1:1") -> Candidate:
    made = a_candidate(a_model(), a_channel(kind=kind, base_url=base_url))
    return msgspec.structs.replace(made, route=msgspec.structs.replace(made.route, priority=number))


def ways(path: str, *kinds: str, **fields: Any) -> tuple[list[str], list[Any]]:
    raw = json.dumps(BODIES[path] | fields).encode()
    there = wire(path)
    candidates = tuple(candidate(kind, number) for number, kind in enumerate(kinds))
    kept, crossings = there.ways(there.parse({}, raw), candidates, 512)
    return [found.channel.kind for found in kept], list(crossings)


@pytest.mark.parametrize(
    ("path", "kind", "way", "target"),
    [
        ("/v1/chat/completions", "openai", OpenAIPassthrough, b"/v1/chat/completions"),
        ("/v1/chat/completions", "simulator", OpenAIPassthrough, b"/v1/chat/completions"),
        ("/v1/chat/completions", "anthropic", TranslatedCrossing, b"/v1/messages"),
        ("/v1/chat/completions", "gemini", TranslatedCrossing, b"/v1beta/models/up:generateContent"),
        ("/v1/responses", "openai", ResponsesPassthrough, b"/v1/responses"),
        ("/v1/responses", "openai-compatible", TranslatedCrossing, b"/v1/chat/completions"),
        ("/v1/messages", "anthropic", MessagesPassthrough, b"/v1/messages"),
        ("/v1/messages", "openai", TranslatedCrossing, b"/v1/chat/completions"),
    ],
)
def test_same_dialect_passes_through_and_all_else_is_translated(path: str, kind: str, way: type, target: bytes) -> None:
    """The kind of the channel decides, and with it the path that the provider is asked."""
    _, [crossing] = ways(path, kind)
    assert isinstance(crossing, way)
    assert crossing.target() == target


def test_routes_that_cannot_carry_a_request_are_left_out() -> None:
    """`seed` has no word in Anthropic's dialect: the others serve, in their order."""
    kept, _ = ways("/v1/chat/completions", "anthropic", "openai", "gemini", seed=7)
    assert kept == ["openai", "gemini"]


def test_when_no_route_can_carry_it_the_clients_field_is_named() -> None:
    """A clear 400, and nothing is dropped in silence."""
    with pytest.raises(Refusal) as refused:
        ways("/v1/chat/completions", "anthropic", seed=7)
    assert (refused.value.status, refused.value.param) == (400, "seed")


@pytest.mark.parametrize(("path", "kind"), [("/v1/completions", "gemini"), ("/v1/embeddings", "anthropic")])
def test_endpoints_that_a_provider_does_not_have(path: str, kind: str) -> None:
    """What cannot be translated at all is refused before admission."""
    with pytest.raises(Refusal) as refused:
        ways(path, kind)
    assert refused.value.status == 400


def test_embeddings_cross_between_openai_and_gemini() -> None:
    """Vectors in either client's shape, base64 where it asked so."""
    _, [crossing] = ways("/v1/embeddings", "gemini", input=["a", "b"], encoding_format="base64")
    assert crossing.target() == b"/v1beta/models/up:batchEmbedContents"
    assert len(json.loads(crossing.body(None))["requests"]) == 2
    _, [back] = ways("/v1beta/models/m:embedContent", "openai")
    assert back.target() == b"/v1/embeddings"
    assert json.loads(back.body(None))["input"] == ["hi"]


def test_a_provider_that_must_be_told_a_bound_is_told_the_models() -> None:
    """Anthropic requires `max_tokens`; a client of OpenAI's dialect need not give one."""
    _, [crossing] = ways("/v1/chat/completions", "anthropic")
    assert json.loads(crossing.body(None))["max_tokens"] == 512
    assert json.loads(crossing.body(7))["max_tokens"] == 7


def test_reads_answer_in_the_dialect_of_whoever_asks() -> None:
    """The list of models is one path of three dialects."""
    assert wire_of_read("/v1/models", {}).codec.DIALECT == "openai_chat"
    assert wire_of_read("/v1/models", {b"anthropic-version": b"2023-06-01"}).codec.DIALECT == "anthropic"
    assert wire_of_read("/v1/models", {b"x-goog-api-key": b"k"}).codec.DIALECT == "gemini"
    assert wire_of_read("/v1beta/models", {}).codec.DIALECT == "gemini"
    assert wire_of_read("/v1/messages/batches", {}).codec.DIALECT == "anthropic"
    assert wire_at("/v1/models/llama3:8b", b"/v1/models/llama3:8b", b"") is None


def test_betas_pass_only_when_they_cost_nothing() -> None:
    """Known ones go on, priced ones are refused by name, unknown ones stay here."""
    assert passed_betas(b"interleaved-thinking-2025-05-14, files-api-2025-04-14") == b"interleaved-thinking-2025-05-14"
    assert passed_betas(b"mcp-client-2025-04-04") is None
    with pytest.raises(Refusal, match="context-1m"):
        refuse_priced_betas(b"claude-code-20250219,context-1m-2025-08-07")
    refuse_priced_betas(None)
