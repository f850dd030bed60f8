"""The short way of a stream's chunks: out of one socket, into the other, in one call, as long as nothing is special.

Waking a task for a chunk costs more than all that is done to most chunks. So the stream's task sleeps while chunks
pass, and is woken for whatever it has to look at or wait for: output that the hold may not pay for, a client that reads
slowly or has gone, the end. It must not know what these mean.
"""

from collections.abc import Callable

from farebox.gateway.crossing import Relay
from farebox.gateway.exchange import Exchange
from farebox.upstream.response import UpstreamResponse


class Straight:
    """One stream's chunks; `allows_now` says whether so many output tokens may go out without any waiting."""

    __slots__ = ("_allows_now", "_exchange", "_relay", "_response", "_unseen")

    def __init__(
        self, exchange: Exchange, response: UpstreamResponse, relay: Relay, allows_now: Callable[[int], bool]
    ) -> None:
        self._exchange = exchange
        self._response = response
        self._relay = relay
        self._allows_now = allows_now
        self._unseen: list[bytes] = []

    async def next_output(self) -> bytes:
        """The next bytes for the client that must not go out unseen; those before them have gone out."""
        await self._response.pour(self._pass)
        if self._unseen:
            return self._unseen.pop()
        chunk = await self._response.next_chunk()
        return self._relay.end_of_input() if chunk is None else self._relay.feed(chunk)

    def _pass(self, chunk: bytes) -> bool:
        relay, exchange = self._relay, self._exchange
        passed = relay.feed(chunk)
        is_usual = relay.end is None and not relay.is_finishing and exchange.takes_at_once
        if is_usual and self._allows_now(relay.output_tokens_estimated):
            exchange.pass_on(passed)
            return True
        self._unseen.append(passed)
        return False
