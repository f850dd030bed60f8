"""How long and how much: the bounds that a call to a provider is held to."""

import msgspec


class Timeouts(msgspec.Struct, frozen=True):
    """Per call, in seconds.

    `connect_s` bounds name look-up, connection, proxy and TLS together. `first_byte_s` runs from the last progress of
    the request to the end of the answer's header block, so that a header sent drop by drop gains nothing. `idle_s`
    bounds each wait for body bytes; a reader that takes its time is not counted against the provider.
    """

    connect_s: float
    first_byte_s: float
    idle_s: float


class Limits(msgspec.Struct, frozen=True):
    """Per connection. The defaults are far above what providers send and far below what hurts."""

    header_block_bytes: int = 64 * 1024
    header_line_bytes: int = 16 * 1024
    header_count: int = 256
    # Chunk sizes, extensions and trailers beyond this much per body, plus a fair share per chunk, are garbage.
    framing_slack_bytes: int = 64 * 1024
    framing_bytes_per_chunk: int = 64
    # Unread body bytes at which we stop reading from the socket.
    buffer_bytes: int = 256 * 1024
    # Bodies up to this size leave in the same write as their header; larger ones in slices of this size.
    write_bytes: int = 64 * 1024
    decoded_bytes: int = 256 * 1024 * 1024
    # Text of tokens compresses to a tenth or a thirtieth; a bomb reaches a thousandth.
    decoded_ratio: int = 200
    decoded_ratio_from_bytes: int = 1024 * 1024
    # A server that dropped an idle connection says so within a round trip. One that kept our request for longer may
    # have acted on it, so that sending it again could be paid for twice.
    stale_retry_s: float = 2.0
