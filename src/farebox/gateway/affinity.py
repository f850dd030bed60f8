"""Which conversation a request belongs to, so that all of its turns go to the channel whose prompt cache knows it.

A digest of what all turns have in common: who asks, what stands before the messages, and the messages up to the first
one of the user. It lives as long as the request; nothing of it is kept. Marks that say where a cache ends move from
turn to turn and do not count.
"""

import hashlib
from typing import Any

import msgspec

from farebox.dialects.exchange import ParsedRequest
from farebox.gateway.authenticate import Caller

# Where a conversation is, by dialect, and what stands before it.
_TURNS = ("messages", "contents", "input", "prompt")
_BEFORE = ("system", "instructions", "systemInstruction", "system_instruction")
_CONVERSATIONS = frozenset({"chat.completions", "completions", "messages", "responses"})
# Marks that are set on whichever message is the last one.
_MOVING = "cache_control"

# Longer values are told apart by how they begin: reading all of a long one would cost more than it tells.
_MOST_READ_BYTES = 64 * 1024
_BEGINNING_BYTES = 4 * 1024
# Instructions may take several messages; the user comes soon after.
_MOST_MESSAGES = 8

_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class _Turn(msgspec.Struct):
    role: str | None = None


_TURN = msgspec.json.Decoder(_Turn)


def affinity_of(caller: Caller, parsed: ParsedRequest) -> bytes | None:
    """The conversation's digest, 16 bytes; None for calls that are no conversation and have no cache to hit."""
    if parsed.endpoint not in _CONVERSATIONS:
        return None
    turns = next((name for name in _TURNS if name in parsed.spans), None)
    if turns is None:
        return None
    digest = hashlib.blake2b(caller.key.account_id.bytes, digest_size=16)
    for name in _BEFORE:
        if name in parsed.spans:
            digest.update(_lasting(_value(parsed, name)))
    for message in _beginning(_value(parsed, turns)):
        digest.update(_lasting(message))
    return digest.digest()


def _value(parsed: ParsedRequest, name: str) -> memoryview:
    start, end = parsed.spans[name]
    return memoryview(parsed.raw)[start:end]


def _beginning(turns: memoryview) -> list[memoryview]:
    """The messages up to the first one of the user; all there is where they are no list."""
    if turns[0] != ord("["):
        return [turns[:_BEGINNING_BYTES]]
    found: list[memoryview] = []
    for message in _RAW_LIST.decode(turns)[:_MOST_MESSAGES]:
        found.append(memoryview(message))
        if _is_of_user(message):
            break
    return found


def _is_of_user(message: msgspec.Raw) -> bool:
    try:
        return _TURN.decode(message).role in ("user", None)
    except msgspec.MsgspecError:
        return True  # not a message as we know them: a text, or a list of numbers


def _lasting(value: memoryview) -> bytes:
    """The bytes of a value that stay the same from turn to turn."""
    if len(value) > _MOST_READ_BYTES:
        return bytes(value[:_BEGINNING_BYTES])
    raw = bytes(value)
    if _MOVING.encode() not in raw:
        return raw
    return msgspec.json.encode(_without_marks(msgspec.json.decode(raw)))


def _without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_marks(each) for name, each in value.items() if name != _MOVING}
    return [_without_marks(each) for each in value] if isinstance(value, list) else value
