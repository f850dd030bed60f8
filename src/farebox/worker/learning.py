"""Learns from samples of settled jobs what quotes go by: tokens per kilobyte, first steps, and who thinks unseen.

What is learned moves holds, never charges. A customer can still try to teach: so tokens per kilobyte need many
accounts and keep to bounds, and a model counts as thinking unseen on little evidence, since that errs to a larger hold.
"""

from farebox.catalog.snapshot import TokensPerKilobyte
from farebox.dialects.exchange import MOST_TOKENS_PER_SEEN
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.worker import learning_store as store

# What is kept of samples.
_MOST_DAYS = 7
_MOST_OF_A_MODEL = 1_000
# So many of one account count, and so many accounts there must be, each with so many, for tokens per kilobyte.
_MOST_OF_AN_ACCOUNT = 50
_LEAST_ACCOUNTS = 10
_LEAST_OF_AN_ACCOUNT = 3
# Fewer answers say little about a 95th percentile.
_LEAST_STREAMS = 50
# Output beyond a token for each of its bytes, and this, was thought unseen, whatever a customer had the model write;
# three such answers are no accident.
_UNSEEN_TOKENS = 256
_LEAST_THOUGHTS = 3
_LEAST_THOUGHTLESS = 200
# No vocabulary is so good that less would do for usual text, and none has less than a byte per token.
_LEAST_RATES = TokensPerKilobyte(ascii=180, cjk=220, other=220)
_MOST_RATE = 1_024
# Above what was seen, because the next request may be a little denser; and a smaller change is not worth a new version.
_MARGIN_PERCENT = 5
_CHANGE_PERCENT = 10


class Learning:
    """Each change is a new version of the catalogue, which every worker loads: only real changes are written."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        await store.thin_out(connection, _MOST_DAYS, _MOST_OF_A_MODEL)
        for model, tokens in await store.learn_first_steps(connection, _LEAST_STREAMS, _MOST_OF_AN_ACCOUNT):
            self._logger.info("first_step_learned", model=model, tokens=tokens)
        thinking = await store.learn_thinking(
            connection, _UNSEEN_TOKENS, _LEAST_THOUGHTS, _LEAST_THOUGHTLESS, MOST_TOKENS_PER_SEEN
        )
        for model, thinks in thinking:
            self._logger.info("unseen_thinking_learned", model=model, thinks=thinks)
        await self._learn_rates(connection)

    async def _learn_rates(self, connection: Connection) -> None:
        needed = await store.needed_rates(connection, _LEAST_ACCOUNTS, _MOST_OF_AN_ACCOUNT, _LEAST_OF_AN_ACCOUNT)
        changed: dict[str, TokensPerKilobyte] = {}
        for model, known in (await store.known_rates(connection, list(needed))).items():
            learned = _bounded(needed[model])
            if known is None or _differs(known, learned):
                changed[model] = learned
        await store.set_rates(connection, changed)
        for model, rates in changed.items():
            self._logger.info("tokens_per_kilobyte_learned", model=model, ascii=rates.ascii, cjk=rates.cjk)


def _bounded(needed: dict[str, int]) -> TokensPerKilobyte:
    """The rates with their margin, within their bounds; classes of which nothing is learned stay cautious."""
    cautious = TokensPerKilobyte()

    def rate(name: str, least: int, otherwise: int) -> int:
        if name not in needed:
            return otherwise
        return min(_MOST_RATE, max(least, -(-needed[name] * (100 + _MARGIN_PERCENT) // 100)))

    return TokensPerKilobyte(
        ascii=rate("ascii", _LEAST_RATES.ascii, cautious.ascii),
        cjk=rate("cjk", _LEAST_RATES.cjk, cautious.cjk),
        other=rate("other", _LEAST_RATES.other, cautious.other),
    )


def _differs(known: TokensPerKilobyte, learned: TokensPerKilobyte) -> bool:
    pairs = ((known.ascii, learned.ascii), (known.cjk, learned.cjk), (known.other, learned.other))
    return any(abs(after - before) * 100 > before * _CHANGE_PERCENT for before, after in pairs)
