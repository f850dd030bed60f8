"""The answer of a provider, as its caller reads it."""

from collections.abc import Callable

from farebox.upstream.connection import Connection, State
from farebox.upstream.decoding import Decoder
from farebox.upstream.errors import BodyTooLarge, ConnectionLost
from farebox.upstream.limits import Limits, Timeouts

_DONE = State.DONE
_NOT_CODED = (b"", b"identity")
# They describe the coded body and would be wrong beside the decoded one.
_CODED_HEADERS = (b"content-encoding", b"content-length")


class UpstreamResponse:
    """Status, headers, and a body that is pulled.

    Whoever gets one closes it. `close` gives the connection back when the answer was complete and breaks it off
    otherwise: that is how a call is cancelled at the provider. Names in `headers` are lower-case; when the body is
    decoded here, its content coding and coded length are left out of them.
    """

    __slots__ = ("_connection", "_decoder", "_is_ended", "_limits", "_release", "_timeouts", "headers", "status")

    def __init__(
        self, connection: Connection, limits: Limits, timeouts: Timeouts, release: Callable[[Connection], None]
    ) -> None:
        self.status = connection.status
        self.headers = connection.headers
        self._connection: Connection | None = connection
        self._limits = limits
        self._timeouts = timeouts
        self._release = release
        self._is_ended = False
        self._decoder: Decoder | None = None
        coding = connection.framing.get(b"content-encoding", b"")
        if coding.lower() not in _NOT_CODED:
            self._decode(coding)

    def _decode(self, coding: bytes) -> None:
        self._decoder = Decoder(coding, self._limits)
        self.headers = [header for header in self.headers if header[0] not in _CODED_HEADERS]

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        for known, value in self.headers:
            if known == name:
                return value
        return None

    async def next_chunk(self) -> bytes | None:
        """Body bytes, decoded, as soon as there are some; None at the clean end, an error at any other."""
        connection = self._connection
        if connection is None:
            if self._is_ended:
                return None
            raise ConnectionLost("the answer was closed before its end", received_bytes=0, after_headers=True)
        try:
            while True:
                chunk = self._take(connection)
                if chunk:
                    return chunk
                if connection.state == _DONE:
                    break
                if connection.failure is not None:
                    raise connection.failure
                await connection.wait_body(self._timeouts)
            if self._decoder is not None:
                self._decoder.finish()
        except BaseException:
            self._break_off()
            raise
        self._is_ended = True
        self.close()
        return None

    async def pour(self, sink: Callable[[bytes], bool]) -> None:
        """Give body bytes to `sink` as they arrive, at once, until it says False or `next_chunk` has something to say.

        The fast way of a stream: nothing is woken for a chunk. A body that is decoded here goes by `next_chunk` alone.
        """
        connection = self._connection
        if connection is not None and self._decoder is None:
            try:
                await connection.pour(sink, self._timeouts)
            except BaseException:
                self._break_off()
                raise

    async def read(self, max_bytes: int) -> bytes:
        """The whole decoded body; BodyTooLarge, and the call broken off, when it is more than `max_bytes`."""
        connection = self._connection
        if connection is not None and connection.is_whole_within(max_bytes) and self._decoder is None:
            # Most answers are here at once, with their header block.
            self._is_ended = True
            whole = connection.take()
            self.close()
            return whole
        pieces: list[bytes] = []
        size = 0
        while (chunk := await self.next_chunk()) is not None:
            size += len(chunk)
            if size > max_bytes:
                self._break_off()
                raise BodyTooLarge(f"the answer is larger than {max_bytes} bytes")
            pieces.append(chunk)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        """Give the connection back or break it off; more than once is fine."""
        connection = self._connection
        if connection is not None:
            self._connection = None
            self._release(connection)

    def _break_off(self) -> None:
        connection = self._connection
        if connection is not None:
            self._connection = None
            connection.abort()

    def _take(self, connection: Connection) -> bytes:
        if self._decoder is None:
            return connection.take()
        # The decoder may hold more than it gave at once; the socket waits until that is read.
        return self._decoder.decode(b"") or self._decoder.decode(connection.take())
