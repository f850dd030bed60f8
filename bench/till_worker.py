"""`python -m bench.till_worker`: one process that keeps calls going through a till of its own.

It reads its task as one JSON line, says when it is ready, begins at the next line, says what it did, and leaves when
its standard input ends.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import uvloop

from farebox.domain.pricing import Quote
from farebox.domain.usage import Usage
from farebox.kit.clock import SystemClock
from farebox.kit.ids import IdSource
from farebox.kit.logging import configure_logging, get_logger
from farebox.storage.database import create_pool
from farebox.till.operations import Admit, Admitted, Offer, OutputBound, Settle
from farebox.till.till import Till

_USAGE = Usage(input_tokens=12, output_tokens=16)
_INPUT_QUOTE_ATTO = 12 * 150 * 10**9
_OUTPUT_QUOTE_ATTO = 600 * 10**9
_PRICE_NANO = 12 * 150 + 16 * 600
_OUTPUT_TOKENS = 64
_HOLD_LIFETIME_S = 600


@dataclass(frozen=True)
class Task:
    """What one process is told; ids as text, because it travels as JSON."""

    url: str
    catalogue_version: int
    rate_card_id: int
    channel_id: str
    model: str
    customers: list[tuple[str, str]]  # account and key
    calls: int
    seconds: float
    spool_dir: str


class Load:
    """The calls of one process."""

    def __init__(self, task: Task, till: Till, ids: IdSource) -> None:
        self._task = task
        self._till = till
        self._ids = ids
        self._customers = [(UUID(account_id), UUID(key_id)) for account_id, key_id in task.customers]
        quote = Quote(base_atto=_INPUT_QUOTE_ATTO, per_output_token_atto=_OUTPUT_QUOTE_ATTO)
        self._offer = Offer(channel_id=UUID(task.channel_id), cost=quote)
        self._quote = quote
        self._bound = OutputBound(most=_OUTPUT_TOKENS, fixed=True, least=_OUTPUT_TOKENS)
        self.jobs = 0
        self.waits: Counter[int] = Counter()  # by tenths of a millisecond
        self.refused: Counter[str] = Counter()

    async def run(self) -> float:
        """Keeps all calls going until the time is up; gives how long that was."""
        began_s = time.monotonic()
        until_s = began_s + self._task.seconds
        await asyncio.gather(*(self._call_until(until_s) for _ in range(self._task.calls)))
        return time.monotonic() - began_s

    async def _call_until(self, until_s: float) -> None:
        while (asked_s := time.monotonic()) < until_s:
            account_id, key_id = random.choice(self._customers)
            admit = self._admit(account_id, key_id)
            answer = await self._till.admit(admit)
            if not isinstance(answer, Admitted):
                self.refused[str(getattr(answer, "code", type(answer).__name__))] += 1
                return
            self.waits[int((time.monotonic() - asked_s) * 10_000)] += 1
            await self._till.settle(self._settle(admit, answer))
            self._till.delivered(admit.job_id)
            self.jobs += 1

    def _admit(self, account_id: UUID, key_id: UUID) -> Admit:
        return Admit(
            job_id=self._ids.new(),
            account_id=account_id,
            key_id=key_id,
            catalogue_version=self._task.catalogue_version,
            endpoint="chat.completions",
            model=self._task.model,
            stream=False,
            rate_card_id=self._task.rate_card_id,
            factor_ppm=1_000_000,
            quote=self._quote,
            bound=self._bound,
            input_tokens=_USAGE.input_tokens,
            offers=(self._offer,),
            hold_lifetime_s=_HOLD_LIFETIME_S,
        )

    def _settle(self, admit: Admit, admitted: Admitted) -> Settle:
        return Settle(
            job_id=admit.job_id,
            account_id=admit.account_id,
            key_id=admit.key_id,
            outcome="completed",
            price_nano=_PRICE_NANO,
            usage=_USAGE,
            usage_source="provider",
            endpoint=admit.endpoint,
            model=admit.model,
            stream=False,
            rate_card_id=admit.rate_card_id,
            factor_ppm=admit.factor_ppm,
            admitted_us=admitted.admitted_us,
            finished_us=time.time_ns() // 1000,
            first_byte_ms=1,
            latency_ms=1,
            channel_id=self._offer.channel_id,
            cost_nano=_PRICE_NANO,
            offer=self._offer,
            output_tokens_held=admitted.output_tokens,
        )


async def main() -> None:
    configure_logging(json=False, level="warning")
    task = Task(**json.loads(sys.stdin.readline()))
    clock = SystemClock()
    ids = IdSource(clock)
    pool = await create_pool(task.url, application_name="farebox-bench", max_size=2)
    till = Till(
        task.url,
        pool,
        unit="USD",
        node_id=uuid4(),
        spool_dir=Path(task.spool_dir),
        ids=ids,
        clock=clock,
        logger=get_logger("till"),
    )
    await till.start()
    try:
        load = Load(task, till, ids)
        _say({"ready": True})
        sys.stdin.readline()
        took_s = await load.run()
        _say({"jobs": load.jobs, "seconds": took_s, "waits": load.waits, "refused": load.refused})
        await asyncio.to_thread(sys.stdin.readline)
        await till.drain()
    finally:
        await till.close()
        await pool.close()


def _say(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
