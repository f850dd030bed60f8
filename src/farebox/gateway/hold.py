"""A hold that cannot leak: leaving its block without a settlement voids it.

What happens to money when the job's task is cancelled (only the server's forced shutdown does that), await by await:
- before `settle`: `__aexit__` voids; the customer pays nothing.
- inside `settle` or the void: the operation was handed to the till before its first await, and the till ends it in the
  ledger or in the spool whether or not anybody waits. `drain` of the till, called by boot afterwards, waits for it.
- inside `extend`, `move` or `hedge`: as before `settle`; an extension that was still decided dies with the hold, and
  what was claimed of caps goes back with the worker's leases.
If the whole process dies, the sweeper voids the hold.
"""

from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Self

import msgspec

from farebox.domain.job import Outcome
from farebox.domain.policy import EndingPolicy
from farebox.domain.pricing import Quote
from farebox.gateway.crossing import Crossing
from farebox.gateway.quote import Quoted
from farebox.gateway.settle import Ending, Progress, SecondCall, settlement
from farebox.kit.clock import Clock
from farebox.till.operations import (
    Admitted,
    Extend,
    Extended,
    Hedge,
    Hedged,
    HedgeResult,
    Move,
    Moved,
    Refused,
    Settle,
    Settled,
)
from farebox.till.till import Till
from farebox.upstream.route import Candidate
from farebox.upstream.traffic_store import Lane


class Extension(Enum):
    """What came of asking for more: all of it, the last there is (or nothing), or no answer from the ledger."""

    GRANTED = 1
    EXHAUSTED = 2
    UNKNOWN = 3


class _Second(msgspec.Struct):
    """The call beside the one in use: the number of its route, and how it goes. `first_failed` is told of the other."""

    index: int
    is_sent: bool = False
    has_failed: bool = False
    first_failed: bool = False

    @property
    def result(self) -> HedgeResult:
        if self.has_failed:
            return "failed"
        return "overtaken" if self.is_sent else "unsent"


class Hold:
    """The hold of one job, as the stages after admission use it."""

    def __init__(
        self, till: Till, policy: EndingPolicy, clock: Clock, quoted: Quoted, admitted: Admitted, began_s: float
    ) -> None:
        self.quoted = quoted
        self.admitted = admitted
        self.amount_nano = admitted.hold_nano
        self.output_tokens = admitted.output_tokens
        self.outcome: Outcome | None = None  # set when the job has ended
        self.ending: Ending | None = None  # likewise
        # What the provider called its last refusal or failure: by it the provider finds the call that it complains of.
        self.provider_request_id: str | None = None
        self._till = till
        self._policy = policy
        self._clock = clock
        self._began_s = began_s
        self._admitted_s = clock.monotonic_s()
        self._first_byte_s: float | None = None
        self._index = admitted.offer_index
        self._claimed_tokens = admitted.output_tokens  # against the caps of the route; extensions claim none of them
        self._is_sent = False
        self._second: _Second | None = None
        self.hedge_result = "first"  # of two calls, which one answered: for the metrics

    @property
    def index(self) -> int:
        """The number of the route in use."""
        return self._index

    @property
    def candidate(self) -> Candidate:
        """The route in use."""
        return self.quoted.candidates[self._index]

    @property
    def crossing(self) -> Crossing:
        """How the call gets across on that route."""
        return self.quoted.crossings[self._index]

    @property
    def is_test(self) -> bool:
        """Whether a test key asked: its jobs reach the simulator and cost nothing."""
        return self.quoted.is_test

    @property
    def quote(self) -> Quote:
        return self.quoted.admit.quote

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.outcome is None:
            await self.settle(Ending(outcome="platform_error"))

    def lane(self, index: int) -> Lane:
        """What the traffic on a route is counted under."""
        admit = self.quoted.admit
        return admit.model, admit.offers[index].channel_id, admit.stream

    def on_sent(self, index: int) -> Callable[[], None]:
        """What to call when a request on this route is about to leave."""
        return self.mark_sent if index == self._index else self._mark_second_sent

    def mark_sent(self) -> None:
        """From here on the provider in use may have the request: the call counts as dispatched."""
        self._is_sent = True

    def _mark_second_sent(self) -> None:
        if self._second is not None:
            self._second.is_sent = True

    def mark_first_byte(self) -> None:
        """The provider's first data event is here."""
        if self._first_byte_s is None:
            self._first_byte_s = self._clock.monotonic_s()

    @property
    def first_byte_s(self) -> float | None:
        """Seconds from the request to the provider's first data event."""
        return None if self._first_byte_s is None else self._first_byte_s - self._began_s

    async def settle(self, ending: Ending) -> Settled:
        """End the job as the policy's table says; it never fails, and once called it is done even if we are not."""
        self.outcome = ending.outcome
        if not self._is_dispatched:
            ending = msgspec.structs.replace(ending, is_dispatched=False)
        self.ending = ending
        operation = settlement(self._policy, self.quoted, self.admitted, self._progress(), ending)
        if isinstance(operation, Settle):
            return await self._till.settle(operation)
        return await self._till.void(operation)

    @property
    def has_other_channel(self) -> bool:
        """Whether a second call could go another way than the one in use."""
        own_id = self.candidate.route.channel_id
        return any(offer.channel_id != own_id for offer in self.quoted.admit.offers[self._index + 1 :])

    async def hedge(self) -> int | None:
        """Count a second call against the next other channel that has room; the number of its route, or None."""
        admit = self.quoted.admit
        asked = {self.candidate.route.channel_id}
        for index in range(self._index + 1, len(self.quoted.candidates)):
            offer = admit.offers[index]
            if offer.channel_id in asked:
                continue
            asked.add(offer.channel_id)
            if offer.caps:
                counted = await self._till.hedge(
                    Hedge(
                        job_id=admit.job_id,
                        account_id=admit.account_id,
                        key_id=admit.key_id,
                        offer=offer,
                        output_tokens=self._claimed_tokens,
                    )
                )
                if isinstance(counted, Refused):
                    continue
                if not isinstance(counted, Hedged):
                    return None
            self._second = _Second(index)
            return index
        return None

    def attempt_failed(self, index: int) -> None:
        """Of two calls, this one has failed."""
        if self._second is not None:
            if index == self._second.index:
                self._second.has_failed = True
            else:
                self._second.first_failed = True

    def won(self, index: int) -> None:
        """Of two calls, this one has answered: its route is the one in use, the other is what it cost beside."""
        second = self._second
        if second is not None and index == second.index:
            self.hedge_result = "second"
            second.index, self._index = self._index, index
            second.is_sent, self._is_sent = self._is_sent, second.is_sent
            second.has_failed, second.first_failed = second.first_failed, False

    async def move_on(self) -> bool:
        """Count against the next route that has room; False when there is none left (or the till cannot be asked)."""
        admit = self.quoted.admit
        latest = self._index if self._second is None else max(self._index, self._second.index)
        for index in range(latest + 1, len(self.quoted.candidates)):
            old, new = admit.offers[self._index], admit.offers[index]
            if old is not new:
                moved = await self._till.move(
                    Move(
                        job_id=admit.job_id,
                        account_id=admit.account_id,
                        key_id=admit.key_id,
                        from_offer=old,
                        to_offer=new,
                        output_tokens=self._claimed_tokens,
                    )
                )
                if not isinstance(moved, Moved):
                    if isinstance(moved, Refused):
                        continue
                    return False
            self._index = index
            self._is_sent = False
            return True
        return False

    async def extend(self, output_tokens: int) -> Extension:
        """Ask for a hold that pays for so many output tokens; what was granted is in force when this returns."""
        admit = self.quoted.admit
        asked_nano = self.quote.hold_nano(output_tokens)
        outcome = await self._till.extend(
            Extend(
                job_id=admit.job_id,
                account_id=admit.account_id,
                key_id=admit.key_id,
                to_nano=asked_nano,
                model=admit.model,
                model_cap=admit.model_cap,
                account_model_cap_nano=admit.account_model_cap_nano,
            )
        )
        if isinstance(outcome, Extended):
            self.amount_nano = max(self.amount_nano, outcome.hold_nano)
            if outcome.hold_nano >= asked_nano:
                self.output_tokens = max(self.output_tokens, output_tokens)
                return Extension.GRANTED
            affordable = self.quote.affordable_output_tokens(outcome.hold_nano)
            self.output_tokens = max(self.output_tokens, affordable or 0)
            return Extension.EXHAUSTED
        return Extension.EXHAUSTED if isinstance(outcome, Refused) else Extension.UNKNOWN

    @property
    def _is_dispatched(self) -> bool:
        second = self._second
        return self._is_sent or (second is not None and second.is_sent and not second.has_failed)

    def _progress(self) -> Progress:
        now_s = self._clock.monotonic_s()
        first_s = self.first_byte_s
        return Progress(
            hold_nano=self.amount_nano,
            output_tokens_held=self._claimed_tokens,
            candidate_index=self._index,
            second=None if self._second is None else SecondCall(self._second.index, self._second.result),
            # The till's clock said when it began; ours only measures how long it took.
            finished_us=self.admitted.admitted_us + int((now_s - self._admitted_s) * 1_000_000),
            first_byte_ms=None if first_s is None else int(first_s * 1000),
            latency_ms=int((now_s - self._began_s) * 1000),
        )
