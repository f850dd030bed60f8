"""Stage 5: send the call on the admitted route, and on the next ones while nothing has reached the client.

A provider's answer is judged by the dialect: faults of the request go to the client, faults of the channel lead to the
next route, within a budget per call and per worker. What reading an answer means (all of it, or up to the first data
event) is the relay's and comes in as a function. How each attempt went is told to the health of channels.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from farebox.dialects.exchange import ProviderFault
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.domain.policies.routing import RoutingPolicy
from farebox.gateway.attempt import Attempt, ProviderRefusal, fault_of_error, fault_of_status
from farebox.gateway.crossing import Crossing, Header, HeaderMap
from farebox.gateway.hedge import Hedger
from farebox.gateway.hold import Hold
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call
from farebox.gateway.retry_budget import RetryBudget
from farebox.gateway.running import RunningJob
from farebox.kit.clock import Clock
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint as Address
from farebox.upstream.errors import UpstreamError
from farebox.upstream.health import Health
from farebox.upstream.limits import Timeouts
from farebox.upstream.request import Headers, Upload
from farebox.upstream.response import UpstreamResponse
from farebox.upstream.route import Candidate

T = TypeVar("T")
Read = Callable[[UpstreamResponse], Awaitable[T | ProviderFault]]
ReadOn = Callable[[UpstreamResponse, Crossing], Awaitable[T | ProviderFault]]

_AGENT = (b"user-agent", b"farebox")
_REQUEST_ID_HEADERS = (b"request-id", b"x-request-id", b"x-goog-request-id", b"apim-request-id")
_LONGEST_REQUEST_ID = 200
_OUR_HEADERS = ((b"content-type", b"application/json"), _AGENT)
_PLAIN_HEADERS = (*_OUR_HEADERS, (b"accept", b"application/json"))
_STREAM_HEADERS = (*_OUR_HEADERS, (b"accept", b"text/event-stream"))


class Dispatcher:
    """Sends calls for one worker."""

    def __init__(
        self,
        client: UpstreamClient,
        health: Health,
        options: GatewayOptions,
        routing: RoutingPolicy,
        clock: Clock,
        metrics: GatewayMetrics,
    ) -> None:
        self._client = client
        self._health = health
        self._options = options
        self._clock = clock
        self._metrics = metrics
        self._budget = RetryBudget(options.retry_share, options.retry_burst)
        self._hedger = Hedger(routing, health.traffic, self._budget, metrics)

    async def dispatch(self, call: Call, hold: Hold, running: RunningJob, read: Read[T]) -> T:
        """What `read` made of the first good answer.

        Raises ProviderRefusal for a fault of the request, Refusal when no route worked, Interrupted.
        """
        self._budget.earn()
        return await self._in_turn(call, hold, running, lambda response, _: read(response), [])

    async def dispatch_plain(self, call: Call, hold: Hold, running: RunningJob, read: ReadOn[T]) -> T:
        """As `dispatch`, for calls that may be hedged: `read` is told the crossing of the route that answers."""
        self._budget.earn()
        failed: list[Attempt] = []
        patience_s = self._hedger.patience_s(hold)
        if patience_s is not None:
            running.channel = hold.candidate.channel

            async def attempt(index: int) -> T | Attempt:
                outcome = await self._attempt(hold, index, contextlib.nullcontext(), call.headers, read)
                if isinstance(outcome, Attempt):
                    failed.append(outcome)
                return outcome

            outcome = await self._hedger.race(call, hold, running, patience_s, attempt)
            if not isinstance(outcome, Attempt):
                return outcome
            await self._fall_back(call, hold, failed)
        return await self._in_turn(call, hold, running, read, failed)

    async def _in_turn(self, call: Call, hold: Hold, running: RunningJob, read: ReadOn[T], failed: list[Attempt]) -> T:
        while True:
            running.channel = hold.candidate.channel
            outcome = await self._attempt(hold, hold.index, running, call.headers, read)
            if not isinstance(outcome, Attempt):
                return outcome
            failed.append(outcome)
            await self._fall_back(call, hold, failed)

    async def _fall_back(self, call: Call, hold: Hold, failed: list[Attempt]) -> None:
        """Put the next route into use; raises Refusal when there is to be no other attempt."""
        # Nobody waits for a second attempt when the client has gone.
        may_retry = len(failed) < self._options.attempts_per_call and not call.exchange.is_gone
        if not may_retry or not self._budget.spend() or not await hold.move_on():
            raise _all_failed(failed)

    async def _attempt(
        self,
        hold: Hold,
        index: int,
        waiting: contextlib.AbstractContextManager[None],
        headers: HeaderMap,
        read: ReadOn[T],
    ) -> T | Attempt:
        """One call on one route. While it waits for the provider it is inside `waiting`."""
        lane, began_s = hold.lane(index), self._clock.monotonic_s()
        try:
            with waiting:
                outcome = await self._exchange(hold, index, headers, read)
        except UpstreamError as error:
            return self._failed(hold, index, began_s, Attempt(fault_of_error(error), 0, None))
        except asyncio.CancelledError:
            # Another call was faster, or the server ends us.
            self._health.traffic.abandoned(lane, self._clock.monotonic_s() - began_s)
            raise
        if not isinstance(outcome, ProviderFault):
            self._health.succeeded(hold.quoted.candidates[index].subjects)
            self._health.traffic.answered(lane, self._clock.monotonic_s() - began_s)
            return outcome
        if outcome.fault == "request":
            self._health.succeeded(hold.quoted.candidates[index].subjects)
            self._health.traffic.refused(lane)
            raise ProviderRefusal(outcome)
        attempt = Attempt(fault_of_status(outcome.status), outcome.status, outcome.retry_after_s)
        return self._failed(hold, index, began_s, attempt)

    async def _exchange(self, hold: Hold, index: int, headers: HeaderMap, read: ReadOn[T]) -> T | ProviderFault:
        """What the provider answers, read; whatever else happens, the call at the provider ends too."""
        candidate, crossing = hold.quoted.candidates[index], hold.quoted.crossings[index]
        hold.provider_request_id = None  # that of a route before is none of this one's
        response = await self._client.send(*self._request(hold, candidate, crossing, headers), hold.on_sent(index))
        try:
            if response.status == 200:
                outcome = await read(response, crossing)
            else:
                raw = await response.read(self._options.error_most_bytes)
                outcome = crossing.judge_error(
                    response.status,
                    response.headers,
                    raw,
                    _scrub(hold, candidate),
                    now_s=self._clock.unix_ms() // 1000,
                )
        except BaseException:
            response.close()
            raise
        if isinstance(outcome, ProviderFault):
            response.close()
            hold.provider_request_id = _request_id(response)
        return outcome

    def _failed(self, hold: Hold, index: int, began_s: float, attempt: Attempt) -> Attempt:
        candidate = hold.quoted.candidates[index]
        self._health.failed(candidate.subjects, attempt.kind, attempt.retry_after_s)
        self._health.traffic.failed(hold.lane(index), attempt.kind, self._clock.monotonic_s() - began_s)
        self._metrics.provider_faults.add(1, candidate.channel.name, attempt.kind)
        return attempt

    def _request(
        self, hold: Hold, candidate: Candidate, crossing: Crossing, headers: HeaderMap
    ) -> tuple[Address, bytes, bytes, Headers, bytes | Upload, Timeouts]:
        """What is sent on a route, in the order in which the client takes it."""
        stream, media = hold.quoted.parsed.stream, hold.quoted.parsed.media
        ours: tuple[Header, ...] = _STREAM_HEADERS if stream else _PLAIN_HEADERS
        if media is not None:
            ours = ((b"content-type", media.sends), _AGENT, (b"accept", media.takes))
        return (
            candidate.endpoint,
            b"POST",
            crossing.target(),
            ours + candidate.auth_headers + crossing.headers(headers),
            crossing.body(bound_for_provider(hold)),
            self._options.stream_timeouts if stream else self._options.plain_timeouts,
        )


def _request_id(response: UpstreamResponse) -> str | None:
    """What the provider calls the request in the header of its answer."""
    for name in _REQUEST_ID_HEADERS:
        value = response.header(name)
        if value:
            text = value[:_LONGEST_REQUEST_ID].decode("latin-1")
            return "".join(character for character in text if character.isprintable())
    return None


def scrub_of(hold: Hold) -> Scrub:
    """What must not show of the channel in use."""
    return _scrub(hold, hold.candidate)


def _scrub(hold: Hold, candidate: Candidate) -> Scrub:
    names = (candidate.channel.name, candidate.channel.provider, candidate.endpoint.host)
    return Scrub(model=hold.quoted.model.name, upstream_model=candidate.route.upstream_model, names=names)


def bound_for_provider(hold: Hold) -> int | None:
    """The output bound that we set, told to the provider only where it is below the model's own cap."""
    bound, asked = hold.quoted.admit.bound, hold.quoted.parsed.most_output_tokens
    if bound.fixed:
        # More than the model is sold with was asked for: what is not held must not be produced.
        return None if asked is None or asked <= bound.most else bound.most
    # A stream that grows by steps is bounded by its hold as it goes.
    if bound.first_step is not None or hold.admitted.output_tokens >= bound.most:
        return None
    return hold.admitted.output_tokens


def content_type(response: UpstreamResponse) -> str:
    return (response.header(b"content-type") or b"").decode("latin-1").lower()


def _all_failed(failed: list[Attempt]) -> Refusal:
    """What the client is told: slow where the last was slow, busy where all were busy, else that providers failed."""
    kinds = {attempt.kind for attempt in failed}
    if kinds == {"rate_limited"}:
        waits = [attempt.retry_after_s for attempt in failed if attempt.retry_after_s is not None]
        return Refusal(
            "no_channel_available",
            "Every provider of this model is busy; try again shortly. The call was not charged.",
            retry_after_s=min(waits, default=5),
        )
    if failed[-1].kind == "timeout":
        return Refusal("timeout", "The provider did not answer in time; try again. The call was not charged.")
    return Refusal("provider_error", "The provider failed to answer; try again. The call was not charged.")
