"""Sizes of some settled jobs, from which the worker's duty 'learning' learns models: bytes and tokens, never content.

A sample is worth little: it is taken only of what the provider counted whole, kept in memory for some seconds and
dropped when the database is away. So many of one model, and so few of one account, are taken that neither a busy model
nor a busy customer outweighs the others.
"""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from farebox.dialects.exchange import MOST_TOKENS_PER_SEEN
from farebox.domain.job import Endpoint
from farebox.gateway.hold import Hold
from farebox.gateway.sample_store import write_samples
from farebox.gateway.settle import credible

_WRITE_EVERY_S = 10.0
# Between two writes.
_MOST_OF_A_MODEL = 8
_MOST_OF_AN_ACCOUNT = 2
_MOST = 1_000
# Output beyond what its bytes can tell, that is no accident of counting.
_UNSEEN_TOKENS = 256
# Whose answers are made of tokens alone.
_ENDPOINTS: frozenset[Endpoint] = frozenset({"chat.completions", "completions", "messages", "responses", "embeddings"})


class Sample(msgspec.Struct, frozen=True):
    """A row of `learning_sample`: bytes of the request by class, and tokens of it and of one answer."""

    model: str
    account_id: UUID
    word_bytes: int
    sign_bytes: int
    cjk_bytes: int
    other_bytes: int
    input_tokens: int
    output_tokens: int
    seen_tokens: int | None


class Samples:
    """One worker's samples that wait to be written."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.thinking: set[str] = set()  # models seen to think unseen, until the duty has taught it to all workers
        self._waiting: list[Sample] = []
        self._taken: dict[str | tuple[str, UUID], int] = {}

    def take(self, hold: Hold) -> None:
        """Look at a job that has ended; nothing comes of most."""
        ending, admit = hold.ending, hold.quoted.admit
        if ending is None or ending.outcome != "completed" or ending.reach != "exact":
            return
        if hold.is_test or admit.endpoint not in _ENDPOINTS:
            return
        if ending.reported is None or ending.is_counted:
            return
        if admit.stream and ending.reported.output_tokens > (
            MOST_TOKENS_PER_SEEN * ending.delivered_output_tokens + _UNSEEN_TOKENS
        ):
            self.thinking.add(admit.model)
        whose = (admit.model, admit.account_id)
        taken, of_account = self._taken.get(admit.model, 0), self._taken.get(whose, 0)
        if taken >= _MOST_OF_A_MODEL or of_account >= _MOST_OF_AN_ACCOUNT or len(self._waiting) >= _MOST:
            return
        self._taken[admit.model] = taken + 1
        self._taken[whose] = of_account + 1
        self._waiting.append(_sample(hold))

    async def write_always(self) -> None:
        """Write what waits, every few seconds until cancelled."""
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await self.write()

    async def write(self) -> None:
        rows, self._waiting = self._waiting, []
        self._taken.clear()
        if not rows:
            return
        try:
            async with self._pool.acquire() as connection:
                await write_samples(connection, rows)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return


def _sample(hold: Hold) -> Sample:
    quoted, ending = hold.quoted, hold.ending
    assert ending is not None
    assert ending.reported is not None
    parsed, usage = quoted.parsed, credible(quoted, ending.reported)
    text, answers = parsed.text, max(1, parsed.answers)
    # Media and token numbers have bounds of their own, from which nothing is learned about text.
    is_text = not text.media_tokens
    return Sample(
        model=quoted.admit.model,
        account_id=quoted.admit.account_id,
        word_bytes=text.ascii - text.signs if is_text else 0,
        sign_bytes=text.signs if is_text else 0,
        cjk_bytes=text.cjk if is_text else 0,
        other_bytes=text.other if is_text else 0,
        input_tokens=usage.input_tokens,
        output_tokens=-(-usage.output_tokens // answers),
        seen_tokens=-(-ending.delivered_output_tokens // answers) if parsed.stream else None,
    )
