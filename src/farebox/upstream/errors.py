"""What can go wrong between us and a provider.

    UpstreamError
    ├── RequestRefused           we would not send this: a header with a line break, a name that is no token
    ├── ConnectError             no connection, so the provider has seen nothing
    │   ├── ConnectTimeout       name, connection, proxy and TLS together took longer than allowed
    │   ├── AddressRefused       the name leads to an address that we do not connect to
    │   └── TlsError             handshake or certificate
    ├── FirstByteTimeout         the request is out, the answer's header block is not here
    ├── IdleTimeout              the body stopped coming
    ├── ConnectionLost           reset or closed where the protocol does not allow it
    ├── ProtocolError            the peer does not speak HTTP as we understand it
    │   └── BodyTruncated        closed before the length or the last chunk it had promised
    ├── BodyTooLarge             more than the reader was ready to hold
    └── DecompressionError       broken, unknown or suspiciously dense content coding

Every error answers one question for whoever decides on a second try: `maybe_processed`, could the provider have
acted on the request? Texts are for the operator; they never carry content, header values or credentials.
"""

from farebox.domain.errors import FareboxError


class EndpointError(FareboxError, ValueError):
    """A base URL or proxy URL that cannot be used."""


class UpstreamError(FareboxError):
    """Base of everything a call to a provider can raise."""

    def __init__(self, message: str, *, maybe_processed: bool = True) -> None:
        super().__init__(message)
        self.maybe_processed = maybe_processed


class RequestRefused(UpstreamError, ValueError):
    """Nothing was sent: the request itself cannot be put on a wire safely."""

    def __init__(self, message: str) -> None:
        super().__init__(message, maybe_processed=False)


class ConnectError(UpstreamError):
    """There was no connection to send on."""

    def __init__(self, message: str) -> None:
        super().__init__(message, maybe_processed=False)


class ConnectTimeout(ConnectError):
    """Connecting took longer than `connect_s`."""


class AddressRefused(ConnectError):
    """The endpoint's address is not public and the endpoint was not allowed to be private."""


class TlsError(ConnectError):
    """The peer could not prove who it is, or the handshake failed."""


class FirstByteTimeout(UpstreamError):
    """No complete header block within `first_byte_s` of the request."""


class IdleTimeout(UpstreamError):
    """No body byte for `idle_s` while somebody waited for one."""


class ConnectionLost(UpstreamError):
    """The connection ended under a running call.

    `received_bytes` counts everything that came for this answer, header block included; `after_headers` tells
    whether the caller had seen a status.
    """

    def __init__(self, message: str, *, received_bytes: int, after_headers: bool) -> None:
        super().__init__(message)
        self.received_bytes = received_bytes
        self.after_headers = after_headers


class ProtocolError(UpstreamError):
    """Bad framing, or a line, header block or framing overhead above the limits."""


class BodyTruncated(ProtocolError):
    """The body ended before its promised end; `received_bytes` of it came (as sent, before decoding)."""

    def __init__(self, message: str, *, received_bytes: int) -> None:
        super().__init__(message)
        self.received_bytes = received_bytes


class BodyTooLarge(UpstreamError):
    """The body is larger than the reader's bound."""


class DecompressionError(UpstreamError):
    """The body cannot be decoded, or decodes to suspiciously much."""
