"""Stage 1: the request's header and body, bounded.

It decides on sizes and codings only; what the bytes mean is the dialect's. Compressed bodies are refused: no SDK of
the dialects we speak sends them, and a bound on what they expand to would be one more thing to get wrong.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from farebox.domain.errors import Refusal
from farebox.domain.job import Endpoint
from farebox.gateway.crossing import Header, HeaderMap
from farebox.gateway.exchange import Exchange, Receive, Scope
from farebox.gateway.paths import path_as_meant
from farebox.gateway.wire import Wire, wire_at, wire_of_read

_MOST_MEMBERS = 50_000
_SURELY_SIMPLE_BYTES = 3 * _MOST_MEMBERS


class ClientGone(Exception):
    """The client closed before its request was complete."""


class Call(msgspec.Struct, frozen=True):
    """A request as it came, before its body. `id` becomes the job's id if it is admitted.

    `wire` is what the client speaks; `endpoint` what is billed, None for what is not. `began_s` is monotonic.
    """

    id: UUID
    exchange: Exchange
    wire: Wire
    endpoint: Endpoint | None
    method: str
    path: str
    query: bytes
    headers: HeaderMap
    peer: str | None
    began_s: float


def new_call(call_id: UUID, scope: Scope, began_s: float) -> Call:
    client = scope["client"]
    headers = dict(scope["headers"])
    if len(headers) != len(scope["headers"]):
        headers = _combined(scope["headers"])
    raw_path, query = scope["raw_path"], scope["query_string"]
    path = path_as_meant(scope["path"], raw_path)
    wire = wire_at(path, raw_path, query)
    return Call(
        id=call_id,
        exchange=scope["farebox.exchange"],
        wire=wire_of_read(path, headers) if wire is None else wire,
        endpoint=None if wire is None or wire.is_count else wire.endpoint,
        method=scope["method"],
        path=path,
        query=query,
        headers=headers,
        peer=None if client is None else client[0],
        began_s=began_s,
    )


def _combined(lines: Iterable[Header]) -> HeaderMap:
    """Headers of which some came on several lines, as one list each (RFC 9110, 5.3); a line that repeats itself once.

    What is no list, such as two keys, becomes a value that is none either: nobody decides which of the two was meant.
    """
    values: dict[bytes, dict[bytes, None]] = {}
    for name, value in lines:
        values.setdefault(name, {})[value] = None
    return {name: b", ".join(each) for name, each in values.items()}


async def receive_body(call: Call, receive: Receive, most_bytes: int) -> bytes:
    """The whole body; a Refusal before it is read when its declared length is too large, ClientGone when it breaks."""
    refuse_coding(call)
    declared = call.headers.get(b"content-length")
    if declared is not None and int(declared) > most_bytes:
        raise too_large(most_bytes)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message["body"]
    if not message["more_body"] and len(body) <= most_bytes:
        return _simple_enough(body)
    return _simple_enough(await _receive_rest(receive, body, more=message["more_body"], most_bytes=most_bytes))


def refuse_coding(call: Call) -> None:
    """A Refusal for a body that is compressed."""
    coding = call.headers.get(b"content-encoding")
    if coding is not None and coding.strip().lower() not in (b"identity", b""):
        raise Refusal(
            "invalid_request",
            "Send the body without Content-Encoding.",
            status=415,
            param="content-encoding",
            headers={"accept-encoding": "identity"},
        )


def _simple_enough(body: bytes) -> bytes:
    """Reading JSON costs by its members, not by its bytes, and while it is read nobody else is served."""
    if len(body) > _SURELY_SIMPLE_BYTES and body.count(b'":') + body.count(b'" :') > _MOST_MEMBERS:
        raise Refusal("request_too_large", f"The body has more than {_MOST_MEMBERS} members; send a simpler one.")
    return body


async def _receive_rest(receive: Receive, first: bytes, *, more: bool, most_bytes: int) -> bytes:
    pieces = [first]
    size = len(first)
    while more and size <= most_bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        pieces.append(message["body"])
        size += len(message["body"])
        more = message["more_body"]
    if size > most_bytes:
        raise too_large(most_bytes)
    return b"".join(pieces)


def too_large(most_bytes: int) -> Refusal:
    return Refusal("request_too_large", f"The body is larger than {most_bytes} bytes; send a smaller one.")
