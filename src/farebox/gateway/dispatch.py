"""Stage 5: send the call on the admitted route, and on the next ones while nothing has reached the client.

A provider's answer is judged by the dialect: faults of the request go to the client, faults of the channel lead to the
next route, within a budget per call and per worker. What reading an answer means (all of it, or up to the first data
event) is the relay's and comes in as a function.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from farebox.dialects.exchange import ProviderFault
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.gateway.crossing import HeaderMap
from farebox.gateway.hold import Hold
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call
from farebox.gateway.running import RunningJob
from farebox.kit.clock import Clock
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import Endpoint as Address
from farebox.upstream.errors import ConnectError, ConnectTimeout, FirstByteTimeout, IdleTimeout, UpstreamError
from farebox.upstream.health import Fault as HealthFault
from farebox.upstream.health import Health
from farebox.upstream.limits import Timeouts
from farebox.upstream.request import Headers
from farebox.upstream.response import UpstreamResponse

T = TypeVar("T")
Read = Callable[[UpstreamResponse], Awaitable[T | ProviderFault]]

_OUR_HEADERS = ((b"content-type", b"application/json"), (b"user-agent", b"farebox"))
_PLAIN_HEADERS = (*_OUR_HEADERS, (b"accept", b"application/json"))
_STREAM_HEADERS = (*_OUR_HEADERS, (b"accept", b"text/event-stream"))

# "No such model", "no access to this model": they tell of the one route, and must not take the channel from the others.
_FAULTS_OF_THE_ROUTE = frozenset((403, 404))


class ProviderRefusal(Exception):
    """The provider refuses the request itself: status and scrubbed body are for the client."""

    def __init__(self, fault: ProviderFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Attempt(msgspec.Struct, frozen=True):
    """One failed attempt, for what the client is told when all have failed."""

    kind: HealthFault
    status: int
    retry_after_s: int | None


class RetryBudget:
    """Second attempts of one worker: each call earns a share of one, so that an outage is not multiplied."""

    def __init__(self, share: float, burst: int) -> None:
        self._share = share
        self._burst = float(burst)
        self._left = float(burst)

    def earn(self) -> None:
        self._left = min(self._burst, self._left + self._share)

    def spend(self) -> bool:
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Dispatcher:
    """Sends calls for one worker."""

    def __init__(
        self, client: UpstreamClient, health: Health, options: GatewayOptions, clock: Clock, metrics: GatewayMetrics
    ) -> None:
        self._client = client
        self._health = health
        self._options = options
        self._clock = clock
        self._metrics = metrics
        self._budget = RetryBudget(options.retry_share, options.retry_burst)

    async def dispatch(self, call: Call, hold: Hold, running: RunningJob, read: Read[T]) -> T:
        """What `read` made of the first good answer.

        Raises ProviderRefusal for a fault of the request, Refusal when no route worked, Interrupted.
        """
        self._budget.earn()
        failed: list[Attempt] = []
        while True:
            candidate = hold.candidate
            running.channel = candidate.channel
            outcome = await self._attempt(hold, running, call.headers, read)
            if not isinstance(outcome, Attempt):
                self._health.succeeded(candidate.channel.id, candidate.key_id)
                return outcome
            failed.append(outcome)
            if outcome.status not in _FAULTS_OF_THE_ROUTE:
                self._health.failed(candidate.channel.id, candidate.key_id, outcome.kind, outcome.retry_after_s)
            self._metrics.provider_faults.add(1, candidate.channel.name, outcome.kind)
            # Nobody waits for a second attempt when the client has gone.
            may_retry = len(failed) < self._options.attempts_per_call and not call.exchange.is_gone
            if not may_retry or not self._budget.spend() or not await hold.move_on():
                raise _all_failed(failed)

    async def _attempt(self, hold: Hold, running: RunningJob, headers: HeaderMap, read: Read[T]) -> T | Attempt:
        response: UpstreamResponse | None = None
        try:
            with running:
                response = await self._client.send(*self._request(hold, headers), hold.mark_sent)
                if response.status == 200:
                    outcome = await read(response)
                else:
                    raw = await response.read(self._options.error_most_bytes)
                    outcome = hold.crossing.judge_error(
                        response.status,
                        response.headers,
                        raw,
                        scrub_of(hold),
                        now_s=self._clock.unix_ms() // 1000,
                    )
        except UpstreamError as error:
            if response is not None:
                response.close()
            return Attempt(_kind_of_error(error), 0, None)
        except BaseException:
            # Interrupted, or the server ends us: the call at the provider ends too.
            if response is not None:
                response.close()
            raise
        if not isinstance(outcome, ProviderFault):
            return outcome
        response.close()
        if outcome.fault == "request":
            self._health.succeeded(hold.candidate.channel.id, hold.candidate.key_id)
            raise ProviderRefusal(outcome)
        return Attempt(_kind_of_status(outcome.status), outcome.status, outcome.retry_after_s)

    def _request(self, hold: Hold, headers: HeaderMap) -> tuple[Address, bytes, bytes, Headers, bytes, Timeouts]:
        """What is sent on the route in use, in the order in which the client takes it."""
        candidate, crossing, stream = hold.candidate, hold.crossing, hold.quoted.parsed.stream
        return (
            candidate.endpoint,
            b"POST",
            crossing.target(),
            (_STREAM_HEADERS if stream else _PLAIN_HEADERS) + candidate.auth_headers + crossing.headers(headers),
            crossing.body(bound_for_provider(hold)),
            self._options.stream_timeouts if stream else self._options.plain_timeouts,
        )


def scrub_of(hold: Hold) -> Scrub:
    """What must not show of the channel in use."""
    candidate = hold.candidate
    names = (candidate.channel.name, candidate.channel.provider, candidate.endpoint.host)
    return Scrub(model=hold.quoted.model.name, upstream_model=candidate.route.upstream_model, names=names)


def bound_for_provider(hold: Hold) -> int | None:
    """The output bound that we set, told to the provider only where it is below the model's own cap."""
    bound, asked = hold.quoted.admit.bound, hold.quoted.parsed.most_output_tokens
    if bound.fixed:
        # More than the model is sold with was asked for: what is not held must not be produced.
        return None if asked is None or asked <= bound.most else bound.most
    if hold.quoted.parsed.stream or hold.admitted.output_tokens >= bound.most:
        return None
    return hold.admitted.output_tokens


def content_type(response: UpstreamResponse) -> str:
    return (response.header(b"content-type") or b"").decode("latin-1").lower()


def _kind_of_error(error: UpstreamError) -> HealthFault:
    if isinstance(error, (ConnectTimeout, FirstByteTimeout, IdleTimeout)):
        return "timeout"
    return "connect" if isinstance(error, ConnectError) else "protocol"


def _kind_of_status(status: int) -> HealthFault:
    if status == 429:
        return "rate_limited"
    if status in (401, 402, 403):
        return "auth"
    return "protocol" if status == 200 else "status"


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
