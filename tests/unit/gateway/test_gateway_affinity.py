"""Which requests belong to one conversation."""

from typing import Any

import msgspec
import pytest
from tests.unit.gateway.facts import a_caller, a_request

from farebox.dialects.json_body import members
from farebox.gateway.affinity import affinity_of

HELLO = {"role": "user", "content": "hello"}
REPLY = {"role": "assistant", "content": "hi"}
MORE = {"role": "user", "content": "and then?"}


def affinity(endpoint: str = "chat.completions", **body: Any) -> bytes | None:
    raw = msgspec.json.encode(body)
    return affinity_of(a_caller(), a_request(endpoint=endpoint, raw=raw, spans=members(raw)))


def marked(text: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]}


def plain(text: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text}]}


# By name: the first turn and a later one of the same conversation.
CONVERSATIONS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "chat": ("chat.completions", {"messages": [HELLO]}, {"messages": [HELLO, REPLY, MORE], "temperature": 1}),
    "chat with instructions": (
        "chat.completions",
        {"messages": [{"role": "system", "content": "be kind"}, HELLO]},
        {"messages": [{"role": "system", "content": "be kind"}, HELLO, REPLY, MORE]},
    ),
    "messages": (
        "messages",
        {"system": "be kind", "messages": [HELLO]},
        {"messages": [HELLO, REPLY, MORE], "max_tokens": 5, "system": "be kind"},
    ),
    "a cache mark that moved on": (
        "messages",
        {"messages": [marked("hello")]},
        {"messages": [plain("hello"), REPLY, marked("and then?")]},
    ),
    "responses": (
        "responses",
        {"instructions": "be kind", "input": [HELLO]},
        {"instructions": "be kind", "input": [HELLO, {"type": "function_call", "name": "f"}, MORE]},
    ),
    "contents": (
        "chat.completions",
        {"contents": [{"parts": [{"text": "hello"}]}]},
        {"contents": [{"parts": [{"text": "hello"}]}, {"role": "model", "parts": []}, {"parts": []}]},
    ),
    "a first message too long to read": (
        "chat.completions",
        {"messages": [{"role": "user", "content": "x" * 100_000}]},
        {"messages": [{"role": "user", "content": "x" * 100_000}, REPLY, MORE]},
    ),
    "a prompt that grows": ("completions", {"prompt": "x" * 5_000}, {"prompt": "x" * 9_000}),
}


@pytest.mark.parametrize(("endpoint", "first", "later"), CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_all_turns_of_a_conversation_are_one(endpoint: str, first: dict[str, Any], later: dict[str, Any]) -> None:
    """Each turn finds the provider's cache that the turns before have filled."""
    found = affinity(endpoint, **first)
    assert found is not None
    assert found == affinity(endpoint, **later)


def test_conversations_are_told_apart() -> None:
    """Another beginning, other instructions or another account: another conversation, which may go elsewhere."""
    one = affinity(messages=[HELLO])
    assert one != affinity(messages=[MORE])
    assert one != affinity(messages=[HELLO], system="be kind")
    raw = msgspec.json.encode({"messages": [HELLO]})
    request = a_request(raw=raw, spans=members(raw))
    stranger = a_caller()
    stranger = msgspec.structs.replace(stranger, key=msgspec.structs.replace(stranger.key, account_id=stranger.key.id))
    assert one != affinity_of(stranger, request)


@pytest.mark.parametrize("odd", [{"messages": []}, {"messages": [1, "x", None]}, {"input": "hello"}, {"prompt": [1]}])
def test_odd_bodies_have_an_affinity_too(odd: dict[str, Any]) -> None:
    """Whatever the dialect has let through, routing does not fail on it."""
    assert affinity(**odd) is not None


def test_calls_without_a_conversation_are_spread() -> None:
    """Embeddings and the like have no prompt cache to hit: the load is better spread."""
    assert affinity("embeddings", input="hello") is None
    assert affinity(max_tokens=1) is None
