"""Hedging: a plain call whose answer is late is sent to a second channel, too, and the first good answer wins.

Off unless the operator's policy says so. The loser is broken off at once, so that its provider can stop; what it may
have cost is the operator's to see (job_hedge), and the customer is charged for the answer that came.

If we are killed: before the till has counted the second call against its caps, there is none; after it, the hold is
voided like any other, free for the customer, and the dead worker's leases go back. An interruption (client gone, time
over, emergency stop) ends both calls. Nothing here touches money: the hold's one settlement carries both calls.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from farebox.domain.policies.routing import RoutingPolicy
from farebox.gateway.attempt import Attempt, ProviderRefusal
from farebox.gateway.hold import Hold
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.receive import Call
from farebox.gateway.retry_budget import RetryBudget
from farebox.gateway.running import RunningJob
from farebox.upstream.traffic import Traffic

T = TypeVar("T")
Try = Callable[[int], Coroutine[Any, Any, T | Attempt]]

# Calls that are priced by tokens and change nothing at the provider: a second one costs what one costs.
_HEDGED = frozenset({"chat.completions", "completions", "messages", "responses", "embeddings"})


class Hedger:
    """Races of one worker."""

    def __init__(self, policy: RoutingPolicy, traffic: Traffic, budget: RetryBudget, metrics: GatewayMetrics) -> None:
        self._policy = policy
        self._traffic = traffic
        self._budget = budget
        self._metrics = metrics

    def patience_s(self, hold: Hold) -> float | None:
        """After how long the call's answer counts as late; None when it is not to be hedged."""
        policy = self._policy
        if policy.hedge == "off" or hold.quoted.admit.endpoint not in _HEDGED or not hold.has_other_channel:
            return None
        late_ms = None
        if policy.hedge == "quantile":
            late_ms = self._traffic.late_ms(hold.lane(hold.index), policy.hedge_quantile)
        return (policy.hedge_after_ms if late_ms is None else late_ms) / 1000

    async def race(
        self, call: Call, hold: Hold, running: RunningJob, patience_s: float, attempt: Try[T]
    ) -> T | Attempt:
        """The outcome of the call, or of a second one beside it when it is late; `attempt` takes a route's number.

        Raises what an attempt raises, and Interrupted. When it returns or raises, no call is under way.
        """
        tasks = {asyncio.create_task(attempt(hold.index), name="first call"): hold.index}
        try:
            with running:
                await asyncio.wait(tasks, timeout=patience_s)
            if not any(task.done() for task in tasks) and not call.exchange.is_gone:
                second = await self._second(hold)
                # While the till was asked, the first may have been answered after all.
                if second is not None and all(_finality(task) == _NOT_FINAL for task in tasks if task.done()):
                    tasks[asyncio.create_task(attempt(second), name="second call")] = second
            outcome = await self._first_good(hold, running, tasks)
            if len(tasks) > 1:
                self._metrics.hedges.add(1, "lost" if isinstance(outcome, Attempt) else hold.hedge_result)
            return outcome
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _second(self, hold: Hold) -> int | None:
        if not self._budget.spend_on_hedge():
            return None
        second = await hold.hedge()
        if second is None:
            self._budget.give_back()
        return second

    async def _first_good(
        self, hold: Hold, running: RunningJob, tasks: "dict[asyncio.Task[T | Attempt], int]"
    ) -> T | Attempt:
        pending = set(tasks)
        while True:
            with running:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            # An answer counts before a refusal that came in the same moment.
            best = min(done, key=_finality)
            if _finality(best) < _NOT_FINAL:
                hold.won(tasks[best])
                return best.result()
            for task in done:
                hold.attempt_failed(tasks[task])
            if not pending:
                return best.result()


_NOT_FINAL = 2


def _finality(task: "asyncio.Task[T | Attempt]") -> int:
    """0 for an answer; 1 for what a provider says of the request itself, because the other would say the same."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        return 1 if isinstance(error, ProviderRefusal) else _NOT_FINAL
    return _NOT_FINAL if task.cancelled() or isinstance(task.result(), Attempt) else 0
