"""Reranking, in the shape that Cohere, Jina and many compatible servers share: a query and documents in, ranks out.

Sold by the search unit as Cohere defines it: one query with up to 100 documents, where a document that has more than
500 tokens together with the query is split and each piece counts as a document. Or by the token, as Jina does.
"""

import math
from collections.abc import Sequence
from typing import Any

from farebox.dialects.exchange import JobStamp, Media, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.json_body import MalformedJson, edit, read_value
from farebox.dialects.media_answer import identity_changes, is_told, plain_answer, read_object, unusable, value_at
from farebox.dialects.media_events import EventRelay
from farebox.dialects.media_request import Judge, encoded, judge_fields, media_request, text_field, upstream_json, whole
from farebox.dialects.openai_fields import bad_field
from farebox.dialects.openai_usage import read_usage, stamped_usage
from farebox.dialects.request_body import read_request_body
from farebox.dialects.scrub import Scrub
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

MOST_DOCUMENTS = 10_000
_DOCUMENTS_PER_UNIT = 100
_TOKENS_PER_CHUNK = 500
# A query takes part in every chunk, but servers cut it before it takes all of it.
_LEAST_CHUNK_TOKENS = 250
# Tokens per byte, ASCII and other: at most, for the hold, and usual, for the count.
_MOST_RATES = (0.40, 0.70)
_USUAL_RATES = (0.24, 0.32)

_FIELDS: dict[str, Judge] = {
    "top_n": whole(1, 1_000_000),
    "max_tokens_per_doc": whole(1, 1_000_000),
}


def parse_request(raw: bytes) -> ParsedRequest:
    """A request to rank documents; raises Refusal."""
    body = read_request_body(raw)
    tree = body.tree
    facts = judge_fields(tree, _FIELDS)
    query = text_field(tree, "query")
    given = tree.get("documents")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_DOCUMENTS:
        raise bad_field("documents", f"must be a list of 1 to {MOST_DOCUMENTS} documents")
    if facts.stream:
        raise bad_field("stream", "is not for reranking")
    documents = [_text(index, document) for index, document in enumerate(given)]
    most_per_document = tree.get("max_tokens_per_doc") or math.inf
    units = (_units(query, documents, most_per_document, rates) for rates in (_MOST_RATES, _USUAL_RATES))
    most, usual = (Pieces(search_units=count) for count in units)
    tokens = sum(_tokens(text, _USUAL_RATES) for text in (query, *documents))
    media = Media(most=most, counted=Usage(input_tokens=tokens, pieces=usual))
    return media_request("rerank", raw, body, facts, media)


def upstream_body(parsed: ParsedRequest, upstream_model: str) -> bytes:
    return upstream_json(parsed, upstream_model, {})


def added_fields(parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]:
    """Nothing: requests to rank are no forms."""
    del parsed, upstream_model
    return ()


def read_answer(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """The ranks, with the search units or tokens that the provider says, else as counted from the request."""
    assert parsed.media is not None
    spans = read_object(status, content_type, raw)
    if isinstance(spans, ProviderFault):
        return spans
    if not value_at(raw, spans, "results").startswith(b"["):
        return unusable(status, "empty_answer")
    meta, reported = _object(value_at(raw, spans, "meta")), _object(value_at(raw, spans, "usage"))
    billed = meta.get("billed_units")
    units = _whole(billed.get("search_units")) if isinstance(billed, dict) else 0
    # All tokens are input, and some vendors give only the total: as for embeddings.
    used = read_usage(reported, "embeddings") or read_usage(meta.get("tokens"), "embeddings")
    counted = parsed.media.counted
    assert counted.pieces is not None
    usage = Usage(
        input_tokens=counted.input_tokens if used is None else used.input_tokens,
        pieces=Pieces(search_units=units or counted.pieces.search_units),
    )
    return plain_answer(parsed.endpoint, raw, spans, usage, is_counted=not units and used is None)


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    """The answer as the customer gets it: of what the provider tells about itself only the units billed are left."""
    raw, spans = answer.raw, answer.spans
    changes = identity_changes(raw, spans, stamp, "rerank-")
    units = 0 if usage.pieces is None else usage.pieces.search_units
    if "meta" in spans:
        changes["meta"] = encoded({"billed_units": {"search_units": units}})
    reported = value_at(raw, spans, "usage")
    told = {"total_tokens": usage.input_tokens, "search_units": units, "cost": cost}
    changes["usage"] = stamped_usage(reported, cost) if is_told(reported) else encoded(told)
    return edit(raw, spans, changes)


def relay(parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> EventRelay:
    raise AssertionError("ranks are never streamed: requests for it are refused")


def _text(index: int, document: Any) -> str:
    if isinstance(document, str):
        return document
    if isinstance(document, dict):
        return " ".join(value for value in document.values() if isinstance(value, str))
    raise bad_field(f"documents[{index}]", "must be a text or an object with texts")


def _units(query: str, documents: Sequence[str], most_per_document: float, rates: tuple[float, float]) -> int:
    room = max(_LEAST_CHUNK_TOKENS, _TOKENS_PER_CHUNK - _tokens(query, rates))
    chunks = sum(max(1, math.ceil(min(_tokens(text, rates), most_per_document) / room)) for text in documents)
    return math.ceil(chunks / _DOCUMENTS_PER_UNIT)


def _tokens(text: str, rates: tuple[float, float]) -> int:
    size = len(text.encode("utf-8", "replace"))
    plain = size if text.isascii() else sum(character < "\x80" for character in text)
    return math.ceil(plain * rates[0] + (size - plain) * rates[1])


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = read_value(raw)
    except MalformedJson:
        return {}
    return found if isinstance(found, dict) else {}


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9 else 0
