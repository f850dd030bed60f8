"""How many tokens a request has, for `/v1/messages/count_tokens` and `countTokens`: free, and answered here.

No provider is asked: a count that costs nothing must not be a way to use a provider's limits without a hold, and it is
the same whichever route would serve. So it is our own estimate, from the bytes, of what usual text has; a job's receipt
tells the provider's count. It passes no till, so a bound of its own keeps one key from making the worker count for it.
"""

import msgspec

from farebox.catalog.snapshot import Snapshot
from farebox.dialects.gemini_count import write_count_answer
from farebox.domain.errors import Refusal
from farebox.gateway.authenticate import Caller
from farebox.gateway.quote import USUAL, estimate_tokens, model_on_sale
from farebox.gateway.reads import reading
from farebox.gateway.receive import Call
from farebox.kit.clock import Clock

_WINDOW_S = 60.0
_MOST_KEYS = 10_000


class Counts:
    """One worker's counting, and how often each key has asked for it in this minute."""

    def __init__(self, pool: object, clock: Clock, most_per_minute: int) -> None:
        self._pool = pool
        self._clock = clock
        self._most = most_per_minute
        self._began_s = float("-inf")
        self._asked: dict[object, int] = {}

    async def count(self, call: Call, caller: Caller, raw: bytes, snapshot: Snapshot) -> bytes:
        """The answer's body; a Refusal as a call would get it."""
        self._take_turn(caller)
        parsed = call.wire.parse(call.headers, raw)
        model, _ = model_on_sale(snapshot, parsed.model, self._clock.unix_ms())
        async with reading(self._pool, caller) as (_, view):
            allowed = view.row["models"]
        if allowed is not None and model.name not in allowed:
            raise Refusal("model_not_allowed", "This API key may not call this model; use another key or model.")
        tokens = max(1, estimate_tokens(parsed.text, USUAL))
        if call.wire.codec.DIALECT == "gemini":
            return write_count_answer(tokens)
        return msgspec.json.encode({"input_tokens": tokens})

    def _take_turn(self, caller: Caller) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._began_s >= _WINDOW_S or len(self._asked) >= _MOST_KEYS:
            self._began_s = now_s
            self._asked.clear()
        asked = self._asked.get(caller.key.id, 0)
        if asked >= self._most:
            wait_s = int(self._began_s + _WINDOW_S - now_s) + 1
            raise Refusal(
                "rate_limit_exceeded",
                f"A key may count tokens {self._most} times a minute; wait {wait_s} s.",
                retry_after_s=wait_s,
                extra={"limit": "counts_per_minute"},
            )
        self._asked[caller.key.id] = asked + 1
