"""Members of answers that tell who served, whatever dialect and vendor they come from: taken out wherever they stand.

What a vendor adds at one place of its own stands in the tables of its dialect. Here is what gateways and servers of all
kinds add anywhere. Values that are the client's or the model's own words (arguments of tools, metadata, schemas) are
never looked into: a tool may well have an argument `region`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from farebox.dialects.json_body import DEEPEST_NESTING, DuplicateKey, edit, members

IDENTITY = frozenset(
    {
        "provider",
        "provider_id",
        "provider_name",
        "provider_metadata",
        "provider_request_id",
        "native_finish_reason",
        "served_by",
        "system_fingerprint",
        "organization",
        "organization_id",
        "org_id",
        "project_id",
        "account_id",
        "tenant_id",
        "user_id",
        "request_id",
        "requestId",
        "trace_id",
        "traceId",
        "x_groq",
        "_hidden_params",
        "cost_details",
        "region",
        "inference_geo",
        "host",
        "hostname",
        "server",
        "server_id",
        "node_id",
        "deployment",
        "deployment_id",
        "api_base",
        "upstream",
    }
)
# What usage objects tell of the operator's side beside the above; the cost there is ours.
IDENTITY_IN_USAGE = IDENTITY | {"cost", "is_byok", "trafficType"}

# Members whose values are somebody's own: a model's arguments, a client's metadata, schemas and settings echoed.
_OWN_WORDS = frozenset(
    {
        "input",
        "args",
        "arguments",
        "metadata",
        "tools",
        "tool_choice",
        "response_format",
        "json_schema",
        "schema",
        "parameters",
        "result",
        "results",
        "document",
        "documents",
        "prompt",
        "variables",
    }
)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


def any_of(names: Iterable[str]) -> bytes:
    """A pattern for any of these names, grouped by their first letters: that is read faster than one after another."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        grouped[name[0]].append(re.escape(name[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in grouped.items()).encode()


_MENTIONED = re.compile(rb'"(?:%b)"[ \t\n\r]*:' % any_of(IDENTITY))


def tells_identity(raw: bytes) -> bool:
    """Whether any of these members may be in it; True also for one that stays, within somebody's own words."""
    return _MENTIONED.search(raw) is not None


def without_identity(raw: bytes) -> bytes:
    """The JSON value without these members at any depth, every other byte of its members as it came.

    Gives `raw` itself where there is nothing to take out; never fails for valid JSON. What is nested too deeply to be
    looked into becomes null.
    """
    return _taken_out(raw, DEEPEST_NESTING)


def _taken_out(raw: bytes, levels: int) -> bytes:
    if not tells_identity(raw):
        return raw
    if not levels:
        return b"null"
    if raw[:1] == b"{":
        return _object_without(raw, levels)
    if raw[:1] == b"[":
        values = [bytes(value) for value in _ARRAY.decode(raw)]
        return b"[" + b",".join([_taken_out(value, levels - 1) for value in values]) + b"]"
    return raw  # a text that quotes one


def _object_without(raw: bytes, levels: int) -> bytes:
    try:
        spans = members(raw)
    except DuplicateKey:
        # Which of the two a client reads is not known: both are gone but for the last.
        raw = msgspec.json.encode(msgspec.json.decode(raw, type=dict[str, msgspec.Raw]))
        spans = members(raw)
    changes: dict[str, bytes | None] = {}
    for name, (begin, end) in spans.items():
        if name in IDENTITY:
            changes[name] = None
        elif name not in _OWN_WORDS:
            value = raw[begin:end]
            new = _taken_out(value, levels - 1)
            if new is not value:
                changes[name] = new
    return edit(raw, spans, changes) if changes else raw
