"""Who the simulated provider claims to be: ids, headers and the marks that a gateway must not let through.

Answers are rendered once with holes where ids and times belong and filled for each request, so that a repeated request
costs a few byte replacements. A hole is made of DEL characters, which no realistic request contains.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from farebox.simulator.options import SimulatorOptions

ANSWER_HOLE = "\x7fA" * 14 + "\x7f"
CALL_HOLE = "\x7fC" * 10 + "\x7f"
REQUEST_HOLE = "\x7fR" * 16
CREATED_HOLE = 9_007_199_254  # ten digits, as every time in seconds until the year 2286

_ANSWER, _CALL, _REQUEST = ANSWER_HOLE.encode(), CALL_HOLE.encode(), REQUEST_HOLE.encode()
_CREATED = b"%d" % CREATED_HOLE
Vendor = Literal["openai", "anthropic", "google"]


class Marks(msgspec.Struct, frozen=True):
    """What fills the holes of one answer."""

    answer: bytes
    call: bytes
    request: bytes
    created: bytes

    def fill(self, data: bytes) -> bytes:
        """`data` with every hole filled; its length stays."""
        if b"\x7f" not in data:
            return data
        data = data.replace(_REQUEST, self.request).replace(_ANSWER, self.answer)
        return data.replace(_CREATED, self.created).replace(_CALL, self.call)


def marks_for(number: int, unix_ms: int) -> Marks:
    """The marks of the `number`-th answer, of the same length as the holes."""
    return Marks(
        answer=b"Sa%027d" % number,
        call=b"Sc%019d" % number,
        request=b"%032x" % (number * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF),
        created=b"%010d" % (unix_ms // 1000),
    )


def call_id(choice: int, position: int) -> str:
    return f"call_{CALL_HOLE}{choice}{position}"


def model_name(model: str, options: SimulatorOptions) -> str:
    """The dated name that the provider answers with."""
    return f"{model}-{options.model_snapshot}" if options.model_snapshot else model


def envelope(kind: str, id_prefix: str, model: str, options: SimulatorOptions) -> dict[str, Any]:
    """The members that every answer or chunk of one call has in common."""
    common: dict[str, Any] = {
        "id": f"{id_prefix}-{ANSWER_HOLE}",
        "object": kind,
        "created": CREATED_HOLE,
        "model": model_name(model, options),
    }
    if options.provider:
        common["provider"] = options.provider
    if options.service_tier:
        common["service_tier"] = options.service_tier
    common["system_fingerprint"] = options.system_fingerprint or None
    return common


def provider_headers(options: SimulatorOptions, vendor: Vendor = "openai") -> bytes:
    """Header lines that name the provider, the operator's account there and its limits."""
    lines = {**VENDOR_HEADERS[vendor](options), **options.extra_headers}
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("latin-1")


def _openai_headers(options: SimulatorOptions) -> dict[str, str]:
    return {
        "x-request-id": f"req_{REQUEST_HOLE}",
        "openai-organization": options.organization,
        "openai-processing-ms": str(int(options.ttft_ms) + 1),
        "openai-version": "2020-10-01",
        "x-ratelimit-limit-requests": "10000",
        "x-ratelimit-remaining-requests": "9999",
    }


def _anthropic_headers(options: SimulatorOptions) -> dict[str, str]:
    return {
        "request-id": f"req_{REQUEST_HOLE}",
        "anthropic-organization-id": options.organization,
        "anthropic-ratelimit-requests-limit": "4000",
        "anthropic-ratelimit-requests-remaining": "3999",
        "anthropic-ratelimit-input-tokens-remaining": "400000",
        "x-envoy-upstream-service-time": str(int(options.ttft_ms) + 1),
        "via": "1.1 simulated-edge",
        "cf-ray": "8f51a7c0ffee0000-SIM",
    }


def _google_headers(options: SimulatorOptions) -> dict[str, str]:
    return {
        "server": "scaffolding on simulated",
        "server-timing": f"gfet4t7; dur={int(options.ttft_ms) + 1}",
        "x-goog-request-id": REQUEST_HOLE,
        "x-goog-quota-user": options.organization,
        "x-gemini-service-tier": "standard",
        "alt-svc": 'h3=":443"; ma=2592000',
    }


VENDOR_HEADERS: dict[Vendor, Callable[[SimulatorOptions], dict[str, str]]] = {
    "openai": _openai_headers,
    "anthropic": _anthropic_headers,
    "google": _google_headers,
}
