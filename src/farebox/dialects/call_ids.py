"""Ids of tool calls at providers that take only some forms of them (Mistral: nine letters and digits).

A conversation may have begun with another provider, whose ids are longer; what matters is that a call and its result
still name the same.
"""

import hashlib
import re

import msgspec

_LETTERS_AND_DIGITS = re.compile(r"[A-Za-z0-9]+")


class _Call(msgspec.Struct):
    id: str | None = None


class _Message(msgspec.Struct):
    tool_call_id: str | None = None
    tool_calls: list[_Call] | None = None


_MESSAGES = msgspec.json.Decoder(list[_Message])


def fitting_id(call_id: str, length: int | None) -> str:
    """The id itself where it fits, else one made of it that does, always the same; None is any length."""
    if length is None or (len(call_id) == length and _LETTERS_AND_DIGITS.fullmatch(call_id)):
        return call_id
    return hashlib.blake2b(call_id.encode("utf-8", "surrogatepass"), digest_size=length).hexdigest()[:length]


def with_fitting_ids(messages: bytes, length: int) -> bytes:
    """The messages of a chat completion with the ids of calls and results made to fit, all else as it came.

    Messages of a shape that nobody knows stay as they are, for the provider to refuse.
    """
    try:
        read = _MESSAGES.decode(messages)
    except msgspec.MsgspecError:
        return messages
    ids = {message.tool_call_id for message in read}
    ids |= {call.id for message in read for call in message.tool_calls or ()}
    for call_id in ids - {None}:
        assert call_id is not None
        fitting = fitting_id(call_id, length)
        if fitting != call_id:
            member = rb'("(?:tool_call_id|id)"[ \t\n\r]*:[ \t\n\r]*)%b' % re.escape(msgspec.json.encode(call_id))
            messages = re.sub(member, rb'\1"%b"' % fitting.encode(), messages)
    return messages
