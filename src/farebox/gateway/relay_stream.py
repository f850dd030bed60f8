"""Stage 6 for streams: bytes pass through as they come; usage, the end and what they cost are watched on the way.

The provider is read only as fast as the client reads (one chunk at a time, each sent before the next is taken; most
take the short way of straight.py). The hold grows ahead of its use; only a stream that outruns the ledger waits for it.
The last bytes, usage and terminal event, are given to the client after the charge is durable.

Two things keep a client from having more than it pays for. When it leaves while all output is here and only the count
is missing, or while the model may have thought unseen, the provider is read on for a moment: its count is on the way.
And when the provider breaks off while the client is far behind with reading, that is taken for the client's doing.
"""

import asyncio

import msgspec

from farebox.dialects.exchange import JobStamp, ProviderFault
from farebox.domain.errors import Refusal
from farebox.domain.job import Outcome
from farebox.domain.money import format_amount
from farebox.domain.usage import Usage
from farebox.gateway.answer import NO_STORE, Headers
from farebox.gateway.crossing import Relay
from farebox.gateway.deliveries import Deliveries
from farebox.gateway.dispatch import Dispatcher, content_type, scrub_of
from farebox.gateway.exchange import Message, Send
from farebox.gateway.hold import Extension, Hold
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call
from farebox.gateway.running import Interrupted, RunningJob
from farebox.gateway.settle import Ending, Reach
from farebox.gateway.straight import Straight
from farebox.kit.clock import Clock
from farebox.upstream.errors import FirstByteTimeout, IdleTimeout, UpstreamError
from farebox.upstream.response import UpstreamResponse

# The share of the hold's output, by our count, at which more is asked for: early enough that a commit or two fit before
# it is used up, and that output of twice as many tokens as we count (figures, code of few words) is held for, too.
_EXTEND_AT_PERCENT = 40
_LENGTH_NOTE = "The balance or a limit allows no more output."
_NOT_STREAMS = ("application/json", "text/html", "text/plain")


class OpenStream(msgspec.Struct, frozen=True):
    """A provider's stream whose first data event is here, in `first`."""

    response: UpstreamResponse
    relay: Relay
    first: bytes


class Growth:
    """The hold of one stream as it grows. At most one extension is asked for at a time."""

    __slots__ = (
        "_answers",
        "_asking",
        "_has_left",
        "_hold",
        "_is_exhausted",
        "_is_settled",
        "_is_told",
        "_most",
        "delivered_tokens",
    )

    def __init__(self, hold: Hold) -> None:
        self.delivered_tokens = 0
        self._has_left = False
        self._hold = hold
        self._answers = max(1, hold.quoted.parsed.answers)
        self._most = hold.quoted.admit.bound.most
        self._asking: asyncio.Task[Extension] | None = None
        # A hold for all that may come, or output that costs nothing, never needs to grow.
        self._is_settled = hold.output_tokens >= self._most or hold.quote.per_output_token_atto == 0
        # Of a bound that the provider was told, it is the better judge: our count may be above its own.
        self._is_told = hold.quoted.admit.bound.first_step is None
        self._is_exhausted = self._is_told

    @property
    def _held_tokens(self) -> int:
        held = self._hold.output_tokens * self._answers
        return held * 2 if self._is_told else held

    def allows_now(self, used_tokens: int) -> bool:
        """Whether so much output may go out with nothing to be asked for yet."""
        if self._is_settled or used_tokens * 100 < self._held_tokens * _EXTEND_AT_PERCENT:
            self._count(used_tokens)
            return True
        return False

    async def allows(self, used_tokens: int) -> bool:
        """Whether so much output may go out; asks for more ahead of need, and waits only when all is used."""
        if self.allows_now(used_tokens):
            return True
        if self._asking is not None and self._asking.done():
            self._take(self._asking.result())
        self._ask(used_tokens)
        while used_tokens > self._held_tokens and self._asking is not None:
            # Shielded: an interruption of the stream must not take back what the till has decided.
            extension = await asyncio.shield(self._asking)
            self._take(extension)
            if extension is Extension.UNKNOWN:
                break  # without the ledger running jobs go on; it is asked again with the next chunk
            self._ask(used_tokens)
        if used_tokens > self._held_tokens and self._is_exhausted:
            return False
        self._count(used_tokens)
        return True

    def _count(self, used_tokens: int) -> None:
        if not self._has_left:
            self.delivered_tokens = used_tokens

    async def finish(self) -> None:
        """Let an extension under way end: the settlement comes after it."""
        if self._asking is not None:
            self._take(await self._asking)

    def leave(self) -> None:
        """The client has gone: what comes from now on is not delivered."""
        self._has_left = True

    def _ask(self, used_tokens: int) -> None:
        """Begin to ask for twice what is held, or twice what is used if that came in one burst."""
        if self._asking is None and not self._is_exhausted and not self._is_settled:
            wanted = min(self._most, 2 * max(self._hold.output_tokens, used_tokens // self._answers))
            self._asking = asyncio.create_task(self._hold.extend(wanted), name="hold extension")

    def _take(self, extension: Extension) -> None:
        self._asking = None
        self._is_exhausted = extension is Extension.EXHAUSTED
        self._is_settled = self._hold.output_tokens >= self._most


class Lag:
    """How far the client is behind the provider: seconds of waiting for it that no waiting for the provider made good.

    A client that reads as fast as the provider writes never has any; one that takes up reading again keeps its lag
    while what had been piled up is passed on.
    """

    __slots__ = ("_clock", "seconds")

    def __init__(self, clock: Clock) -> None:
        self.seconds = 0.0
        self._clock = clock

    async def send(self, send: Send, message: Message) -> None:
        began_s = self._clock.monotonic_s()
        try:
            await send(message)
        finally:
            self.seconds += self._clock.monotonic_s() - began_s

    async def next_output(self, straight: Straight) -> bytes:
        began_s = self._clock.monotonic_s()
        passed = await straight.next_output()
        self.seconds = max(0.0, self.seconds - (self._clock.monotonic_s() - began_s))
        return passed


class _Words(msgspec.Struct):
    message: str


class _Said(msgspec.Struct):
    error: _Words


class EndOfStream(msgspec.Struct, frozen=True):
    """How the relaying of a stream ended, with the bytes that tell the client of a bad end.

    `is_stopped`: we ended it, because the hold could not grow; the provider's count does not apply then.
    `has_outlived`: it was the hold's own life that ended.
    """

    outcome: Outcome
    tail: bytes = b""
    is_stopped: bool = False
    has_outlived: bool = False


class StreamingRelay:
    """Carries streams of one worker."""

    def __init__(self, dispatcher: Dispatcher, deliveries: Deliveries, options: GatewayOptions, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._deliveries = deliveries
        self._options = options
        self._clock = clock

    async def relay(self, call: Call, hold: Hold, running: RunningJob, headers: Headers, send: Send) -> None:
        """From dispatch to the last byte. What it raises before the first data event has not been settled yet."""
        stamp = JobStamp(call.id, hold.quoted.model.name)
        running.reads_on = hold.quoted.thinks_unseen

        async def read(response: UpstreamResponse) -> OpenStream | ProviderFault:
            return await self._open(hold, response, stamp)

        stream = await self._dispatcher.dispatch(call, hold, running, read)
        hold.mark_first_byte()
        media = hold.quoted.parsed.media
        headers += (call.wire.stream_type if media is None else (b"content-type", media.gives), NO_STORE)
        growth = Growth(hold)
        try:
            ended = await self._pass_through(call, running, headers, send, stream, growth)
        finally:
            stream.response.close()
        await growth.finish()
        await self._end(call, hold, stream.relay, ended, growth, send)

    async def _open(self, hold: Hold, response: UpstreamResponse, stamp: JobStamp) -> OpenStream | ProviderFault:
        """Read up to the first data event: until then another route can still take over."""
        kind = content_type(response)
        if kind.startswith(_NOT_STREAMS):
            raw = await response.read(self._options.error_most_bytes)
            answer = hold.crossing.read_answer(response.status, kind, raw)
            return answer if isinstance(answer, ProviderFault) else _no_stream("not an event stream")
        relay = hold.crossing.relay(stamp, scrub_of(hold))
        first = b""
        while not relay.saw_data:
            chunk = await response.next_chunk()
            first += relay.end_of_input() if chunk is None else relay.feed(chunk)
            if relay.provider_error is not None and not relay.saw_data:
                return relay.provider_error
            if relay.end is not None and not relay.saw_data:
                return _no_stream("ended before its first data event")
        return OpenStream(response, relay, first)

    async def _pass_through(
        self,
        call: Call,
        running: RunningJob,
        headers: Headers,
        send: Send,
        stream: OpenStream,
        growth: Growth,
    ) -> EndOfStream:
        """Relay to the end of whatever kind. Nothing goes out that the hold does not pay for."""
        relay, response, lag = stream.relay, stream.response, Lag(self._clock)
        straight = Straight(call.exchange, response, relay, growth.allows_now)
        reads_on, passed = running.reads_on, stream.first
        try:
            with running:
                await send({"type": "http.response.start", "status": 200, "headers": headers})
            while True:
                running.reads_on = reads_on or relay.is_finishing
                with running:
                    if call.exchange.is_gone:
                        growth.leave()
                    if not await growth.allows(relay.output_tokens_estimated):
                        return EndOfStream("completed", relay.stop_as_length(_LENGTH_NOTE), is_stopped=True)
                    if passed:
                        await lag.send(send, {"type": "http.response.body", "body": passed, "more_body": True})
                    if relay.end is not None:
                        break
                    passed = await lag.next_output(straight)
        except Interrupted as interrupted:
            return _interrupted(call, relay, interrupted)
        except UpstreamError as error:
            if self._is_behind(lag):
                return EndOfStream("client_disconnected", relay.fail(_BEHIND, call.id))
            slow = isinstance(error, (FirstByteTimeout, IdleTimeout))
            return EndOfStream("timeout", relay.fail(_TIMEOUT, call.id)) if slow else _cut(call, relay)
        if relay.end.kind == "done":
            return EndOfStream("client_disconnected" if call.exchange.is_gone else "completed")
        if relay.end.kind == "cut" and self._is_behind(lag):
            return EndOfStream("client_disconnected", relay.fail(_BEHIND, call.id))
        return _cut(call, relay)

    def _is_behind(self, lag: Lag) -> bool:
        return lag.seconds > self._options.behind_s

    async def _end(self, call: Call, hold: Hold, relay: Relay, ended: EndOfStream, growth: Growth, send: Send) -> None:
        reported = None if ended.is_stopped else relay.usage
        delivered_tokens = growth.delivered_tokens
        settled = await hold.settle(
            Ending(
                outcome=ended.outcome,
                reported=reported,
                reach=_reach(relay, growth),
                delivered_output_tokens=delivered_tokens,
                saw_data=True,
                has_outlived=ended.has_outlived,
                provider_request_id=relay.provider_id,
            )
        )
        tail = ended.tail
        if ended.outcome == "completed":
            usage = reported or Usage(input_tokens=hold.quoted.usual_input_tokens, output_tokens=delivered_tokens)
            tail += relay.finish(format_amount(settled.charge_nano), usage)
        if tail or ended.outcome == "completed":
            await send({"type": "http.response.body", "body": tail, "more_body": False})
        # Otherwise the answer has no words for a bad end (sound): it is left unfinished, and the connection tells.
        self._deliveries.watch(call.exchange, call.id)


_TIMEOUT = Refusal("timeout", "The provider stopped sending; the answer is incomplete.")
_OUTLIVED = Refusal("timeout", "No answer may take longer than this one has; it is incomplete. Ask for shorter ones.")
_BEHIND = Refusal("provider_error", "The answer was read so slowly that the provider broke off; it is incomplete.")
_BROKEN_OFF = Refusal("provider_error", "The provider broke off; the answer is incomplete.")
_STOPPED = Refusal("emergency_stop", "The operator stopped this call; the answer is incomplete.", retry_after_s=30)


def _interrupted(call: Call, relay: Relay, interrupted: Interrupted) -> EndOfStream:
    if interrupted.reason == "stop":
        return EndOfStream("platform_error", relay.fail(_STOPPED, call.id))
    if interrupted.reason == "client" or call.exchange.is_gone:
        return EndOfStream("client_disconnected")
    return EndOfStream("timeout", relay.fail(_OUTLIVED, call.id), has_outlived=True)


def _reach(relay: Relay, growth: Growth) -> Reach:
    """How far the provider's count goes beside what was delivered."""
    if relay.end is None or relay.end.kind != "done":
        return "short"
    return "beyond" if relay.output_tokens_estimated > growth.delivered_tokens else "exact"


def _cut(call: Call, relay: Relay) -> EndOfStream:
    """The provider broke off; what it said about the request itself, scrubbed, is the customer's to see."""
    fault = relay.provider_error
    refusal = _BROKEN_OFF if fault is None or fault.fault != "request" else _said(fault)
    return EndOfStream("provider_cut", relay.fail(refusal, call.id))


def _said(fault: ProviderFault) -> Refusal:
    """What the provider said, out of its body for the client: in every dialect that has `error.message`."""
    message = msgspec.json.decode(fault.body, type=_Said).error.message if fault.body else _BROKEN_OFF.message
    return Refusal(fault.code or "invalid_request", message, status=fault.status)


def _no_stream(code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=200, body=b"", retry_after_s=None, code=code)
