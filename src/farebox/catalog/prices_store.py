"""SQL of prices over time, and of the usage that new prices are tried on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.pricing import Rates

# The card in force at a moment, now without one.
RATES_AT = """
SELECT rates::text FROM rate_card
WHERE model = $1 AND effective_at <= coalesce($2, clock_timestamp())
ORDER BY effective_at DESC, version DESC LIMIT 1
"""

CARDS = """
SELECT id, version, rates::text, effective_at, created_at, effective_at > clock_timestamp() AS is_coming
FROM rate_card WHERE model = $1 ORDER BY version DESC
"""

# By day of the id, so that older partitions are not looked at. A job of a test key has a factor of nothing.
TOTALS = """
SELECT count(*) AS jobs, coalesce(sum(charge_nano), 0)::bigint AS charge_nano,
       coalesce(sum(cost_nano), 0)::bigint AS cost_nano
FROM job
WHERE model = $1 AND status = 'settled' AND factor_ppm > 0 AND id >= farebox_first_id($2::date) AND created_at >= $3
"""

# The last bytes of an id are random: a share of their values is a share of the jobs.
USED = """
SELECT input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, usage_extra::text,
       factor_ppm, charge_nano
FROM job
WHERE model = $1 AND status = 'settled' AND factor_ppm > 0 AND id >= farebox_first_id($2::date) AND created_at >= $3
  AND ('x' || right(id::text, 4))::bit(16)::integer < $4::integer
"""

INSERT_NOTICE = "INSERT INTO price_notice (rate_card_id, announcement_id) VALUES ($1, $2)"

NOTICE = "SELECT announcement_id FROM price_notice WHERE rate_card_id = $1"

_COUNTS = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")
_VALUES = 65_536
_decode_rates = msgspec.json.Decoder(Rates).decode


class CardRow(msgspec.Struct, frozen=True):
    """One version of a model's prices."""

    id: int
    version: int
    rates: Rates
    effective_at: datetime
    created_at: datetime
    is_coming: bool


class Totals(msgspec.Struct, frozen=True):
    """Of a model's jobs since a moment."""

    jobs: int
    charge_nano: int
    cost_nano: int


class UsedRow(msgspec.Struct, frozen=True):
    """What one job used, and what it was charged."""

    counts: Mapping[str, int]
    usage_extra: str | None
    factor_ppm: int
    charge_nano: int


async def rates_at(connection: Any, model: str, moment: datetime | None) -> Rates | None:
    found = await connection.fetchval(RATES_AT, model, moment)
    return None if found is None else _decode_rates(found)


async def load_cards(connection: Any, model: str) -> list[CardRow]:
    """The newest version first."""
    rows = await connection.fetch(CARDS, model)
    return [CardRow(**dict(row) | {"rates": _decode_rates(row["rates"])}) for row in rows]


async def load_totals(connection: Any, model: str, since: datetime) -> Totals:
    return Totals(**await connection.fetchrow(TOTALS, model, since.date(), since))


async def load_used(connection: Any, model: str, since: datetime, share: float) -> list[UsedRow]:
    """The jobs since a moment, or about that share of them."""
    rows = await connection.fetch(USED, model, since.date(), since, int(share * _VALUES))
    return [
        UsedRow({name: row[name] for name in _COUNTS}, row["usage_extra"], row["factor_ppm"], row["charge_nano"])
        for row in rows
    ]


async def insert_notice(connection: Any, card_id: int, announcement_id: UUID) -> None:
    await connection.execute(INSERT_NOTICE, card_id, announcement_id)


async def load_notice(connection: Any, card_id: int) -> UUID | None:
    """The announcement that told of a rate card."""
    announcement_id: UUID | None = await connection.fetchval(NOTICE, card_id)
    return announcement_id
