"""What of the gateway can be set: sizes, times and counts, with defaults for a server on the open internet."""

import msgspec

from farebox.upstream.limits import Timeouts

MIB = 1024 * 1024


class HttpLimits(msgspec.Struct, frozen=True):
    """What one client connection may take: bytes, headers and seconds."""

    request_line_bytes: int = 16 * 1024
    header_bytes: int = 64 * 1024
    header_count: int = 100
    # From the first byte of a request (or from the connection, for the first one) to the end of its header block.
    header_s: float = 20.0
    # Between two reads of a body, and for all of it.
    body_idle_s: float = 30.0
    body_s: float = 300.0
    keep_alive_s: float = 75.0
    # A client that reads less than the socket's buffer in this time does not read at all.
    stalled_write_s: float = 120.0
    # After an early refusal the rest of the request is read and thrown away for so long, so that the client gets to
    # read the answer: closing a socket with unread bytes would reset it.
    linger_s: float = 5.0
    linger_bytes: int = 64 * MIB
    pipelined_requests: int = 32


class GatewayOptions(msgspec.Struct, frozen=True):
    """Settings of one gateway worker; boot fills them in."""

    http: HttpLimits = msgspec.field(default_factory=HttpLimits)
    body_most_bytes: int = 32 * MIB
    # A form with a file that passes through in pieces; forms up to the second size are kept whole, and so much of a
    # larger one, so that it can be sent again to another route.
    upload_most_bytes: int = 100 * MIB
    form_kept_bytes: int = MIB
    answer_most_bytes: int = 64 * MIB
    error_most_bytes: int = MIB
    # Networks whose X-Forwarded-For is believed, such as "10.0.0.0/8".
    trusted_proxies: tuple[str, ...] = ()
    # A plain answer sends its first byte when all of it is there, so that it may take as long as a whole stream.
    plain_timeouts: Timeouts = Timeouts(connect_s=10.0, first_byte_s=600.0, idle_s=120.0)
    stream_timeouts: Timeouts = Timeouts(connect_s=10.0, first_byte_s=120.0, idle_s=120.0)
    # How long the count of a stream is waited for that its client has left, and how far behind the provider a client
    # must be for a broken stream to be its own doing.
    last_chunk_s: float = 3.0
    behind_s: float = 5.0
    attempts_per_call: int = 4
    # Second and later attempts of a worker: a share of its calls plus a burst, so that an outage is not multiplied.
    retry_share: float = 0.2
    retry_burst: int = 50
    cached_keys: int = 100_000
    cached_key_s: float = 30.0
    unknown_key_s: float = 1.0
    cached_unknown_keys: int = 10_000
    refusals_waiting: int = 10_000
    # Of one key in one worker: counting is free, but not for nothing.
    token_counts_per_minute: int = 600
    drain_s: int = 660
