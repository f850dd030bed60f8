"""How the gateway answers: headers that every answer carries, and the error object of a refusal.

It knows HTTP headers and ASGI messages, and neither money nor providers beyond what is handed to it.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from farebox.domain.errors import Refusal
from farebox.domain.money import format_amount
from farebox.gateway.exchange import Send
from farebox.gateway.wire import Wire
from farebox.till.operations import Admitted, Refused, Window

Headers = list[tuple[bytes, bytes]]

JSON = (b"content-type", b"application/json")
NO_STORE = (b"cache-control", b"no-store")
EXPOSED = b"x-request-id, farebox-job-id, farebox-cost, farebox-balance, farebox-max-tokens, retry-after"


async def send_plain(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """A whole answer with its length."""
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, refusal: Refusal, headers: Headers, job_id: UUID | None, wire: Wire) -> None:
    """A refusal in the shape of the client's dialect, with every header it asks for."""
    headers.append(JSON)
    if refusal.retry_after_s is not None:
        headers.append((b"retry-after", b"%d" % refusal.retry_after_s))
    for name, value in refusal.headers.items():
        headers.append((name.encode("latin-1"), value.encode("latin-1")))
    await send_plain(send, refusal.status, headers, wire.codec.write_error(refusal, job_id))


def base_headers(call_id: UUID) -> Headers:
    return [(b"x-request-id", b"req_" + call_id.hex.encode())]


def admission_headers(admitted: Admitted, told_most_tokens: int | None) -> Headers:
    """What is known from admission on; a stream's answer starts with them."""
    headers = [(b"farebox-job-id", str(admitted.job_id).encode())]
    _add_window(headers, admitted.requests, b"requests")
    _add_window(headers, admitted.tokens, b"tokens")
    if told_most_tokens is not None:
        headers.append((b"farebox-max-tokens", b"%d" % told_most_tokens))
    return headers


def cors_headers(origin: bytes | None, allowed: Iterable[str]) -> Headers:
    """Nothing unless the key opens this origin."""
    if origin is None:
        return []
    named = origin.decode("latin-1")
    if named not in allowed and "*" not in allowed:
        return []
    return [
        (b"access-control-allow-origin", origin),
        (b"vary", b"origin"),
        (b"access-control-expose-headers", EXPOSED),
    ]


def refusal_of(refused: Refused) -> Refusal:
    """The till's refusal as the client is to see it."""
    extra: dict[str, str | int] = {}
    if refused.limit is not None:
        extra["limit"] = refused.limit
    if refused.required_nano is not None:
        extra["required"] = format_amount(refused.required_nano)
    if refused.available_nano is not None:
        extra["available"] = format_amount(refused.available_nano)
    if refused.most_output_tokens is not None:
        extra["max_tokens"] = refused.most_output_tokens
    if refused.job_id is not None:
        extra["job_id"] = str(refused.job_id)
    headers: Headers = []
    _add_window(headers, _as_refused(refused.requests, refused, "requests_per_minute"), b"requests")
    _add_window(headers, _as_refused(refused.tokens, refused, "tokens_per_minute"), b"tokens")
    named = {name.decode(): value.decode() for name, value in headers}
    if refused.code in ("idempotency_conflict", "idempotency_mismatch"):
        named["x-should-retry"] = "false"
    return Refusal(refused.code, refused.message, retry_after_s=refused.retry_after_s, extra=extra, headers=named)


def _as_refused(window: Window | None, refused: Refused, limit: str) -> Window | None:
    """The window that refuses a call resets, for this call, when retry-after says: one number for when to come back."""
    if window is None or refused.limit != limit or refused.retry_after_s is None:
        return window
    return msgspec.structs.replace(window, reset_ms=refused.retry_after_s * 1000)


def _add_window(headers: Headers, window: Window | None, what: bytes) -> None:
    if window is not None:
        headers.append((b"x-ratelimit-limit-" + what, b"%d" % window.limit))
        headers.append((b"x-ratelimit-remaining-" + what, b"%d" % max(0, window.remaining)))
        headers.append((b"x-ratelimit-reset-" + what, _duration(window.reset_ms)))


def _duration(milliseconds: int) -> bytes:
    """As OpenAI writes it: 120ms, 1.5s, 1m3s."""
    if milliseconds < 1000:
        return b"%dms" % milliseconds
    minutes, rest_ms = divmod(milliseconds, 60_000)
    seconds = f"{rest_ms / 1000:.3f}".rstrip("0").rstrip(".") + "s"
    return (f"{minutes}m{seconds}" if minutes else seconds).encode()
