"""What a request's headers say about who sends it, and whether that is enough for the provider.

Each vendor wants its key in a header of its own; a key in another vendor's header is no key.
"""

from urllib.parse import parse_qs

from farebox.simulator.errors import ProviderError, Refused
from farebox.simulator.identity import Vendor

AUTHORIZATION = b"authorization"
SIMULATE = b"x-simulate"
CONTENT_TYPE = b"content-type"
ANTHROPIC_KEY = b"x-api-key"
ANTHROPIC_VERSION = b"anthropic-version"
GOOGLE_KEY = b"x-goog-api-key"
FOREIGN = (ANTHROPIC_KEY, ANTHROPIC_VERSION, GOOGLE_KEY)
IDEMPOTENCY_KEY = b"idempotency-key"
WATCHED = frozenset((AUTHORIZATION, SIMULATE, CONTENT_TYPE, IDEMPOTENCY_KEY, *FOREIGN))
UNREMARKABLE = frozenset(
    spelled
    for name in (b"host", b"accept", b"accept-encoding", b"content-length", b"user-agent", b"connection")
    for spelled in (name, name.title())
)


def bearer_of(headers: dict[bytes, bytes], query: bytes) -> bytes:
    """The key in whichever place it came, as an Authorization header would carry it; empty when there is none."""
    given = headers.get(AUTHORIZATION) or b""
    if given:
        return given
    key = headers.get(ANTHROPIC_KEY) or headers.get(GOOGLE_KEY) or _query_key(query)
    return b"Bearer " + key if key else b""


def check_credentials(vendor: Vendor, headers: dict[bytes, bytes], query: bytes) -> None:
    """Refuse a request that this vendor would not know the sender of.

    OpenAI-compatible servers on an operator's own network ask for no key, so that none at all is accepted there.
    """
    bearer = bool(headers.get(AUTHORIZATION))
    match vendor:
        case "anthropic":
            if not bearer and not headers.get(ANTHROPIC_KEY):
                raise Refused(401, ProviderError("authentication_error", None, "x-api-key header is required"))
            if not headers.get(ANTHROPIC_VERSION):
                raise Refused(
                    400, ProviderError("invalid_request_error", None, "anthropic-version: header is required")
                )
        case "google":
            if not bearer and not headers.get(GOOGLE_KEY) and not _query_key(query):
                message = "Method doesn't allow unregistered callers (callers without established identity)."
                raise Refused(403, ProviderError("PERMISSION_DENIED", None, message))
        case _:
            if not bearer and any(name in headers for name in FOREIGN):
                message = "You didn't provide an API key. You need to provide it in an Authorization header."
                raise Refused(401, ProviderError("invalid_request_error", None, message))


def _query_key(query: bytes) -> bytes:
    return parse_qs(query).get(b"key", [b""])[-1]
