"""SQL of what the gateway reads for customers and writes beside the till."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from farebox.domain.limits import Limits, Meter
from farebox.domain.pricing import RateCard, Rates

if TYPE_CHECKING:
    from farebox.gateway.refusals import RefusedCall

WRITE_REFUSALS = """
INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[],
                     $5::text[], $6::text[], $7::int[], $8::text[])
ON CONFLICT DO NOTHING
"""

# The key's row as it is now, with its account: what every read begins with.
READ_KEY = """
SELECT key.id, key.account_id, key.name, key.prefix, key.kind, key.status, key.expires_at, key.models, key.cidrs,
       key.sees_balance, key.created_at,
       key.expires_at <= clock_timestamp() AS is_expired,
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us,
       account.status AS account_status, account.balance_nano, account.held_nano, account.customer_group,
       key.requests_per_minute, key.tokens_per_minute, key.concurrency, key.daily_nano, key.monthly_nano,
       key.total_limit_nano, key.last_us, key.minute, key.requests, key.requests_before, key.tokens, key.tokens_before,
       key.open_jobs, key.day, key.day_nano, key.month, key.month_nano, key.total_nano
FROM api_key AS key JOIN account ON account.id = key.account_id
WHERE key.id = $1
"""

READ_CARD = "SELECT id, model, version, rates::text AS rates FROM rate_card WHERE id = $1"

# Origins that at least one key opens: what a preflight, which carries no key, can be answered from.
READ_ORIGINS = """
SELECT DISTINCT unnest(cors_origins) AS origin FROM api_key
WHERE cors_origins IS NOT NULL AND status = 'active'
LIMIT 10000
"""

_READY = "SELECT 1"

_rates_decoder: msgspec.json.Decoder[Rates] = msgspec.json.Decoder(Rates)


class KeyView(msgspec.Struct, frozen=True):
    """A key's row, read now; `meter` is rolled to `now_us`."""

    row: Any
    limits: Limits
    meter: Meter
    now_us: int


async def write_refusals(connection: Any, rows: "Sequence[RefusedCall]") -> None:
    columns = list(zip(*(msgspec.structs.astuple(row) for row in rows), strict=True))
    await connection.execute(WRITE_REFUSALS, *(list(column) for column in columns))


async def read_key(connection: Any, key_id: UUID) -> KeyView | None:
    row = await connection.fetchrow(READ_KEY, key_id)
    if row is None:
        return None
    limits = Limits(
        requests_per_minute=row["requests_per_minute"],
        tokens_per_minute=row["tokens_per_minute"],
        concurrency=row["concurrency"],
        daily_nano=row["daily_nano"],
        monthly_nano=row["monthly_nano"],
        total_nano=row["total_limit_nano"],
    )
    meter = Meter(**{name: row[name] for name in Meter.__struct_fields__})
    return KeyView(row=row, limits=limits, meter=meter, now_us=meter.roll(row["now_us"]))


async def read_card(connection: Any, card_id: int, factor_ppm: int) -> RateCard | None:
    """The rate card that a job pinned, with the factor that it was admitted with."""
    row = await connection.fetchrow(READ_CARD, card_id)
    if row is None:
        return None
    return RateCard(
        id=row["id"],
        model=row["model"],
        version=row["version"],
        rates=_rates_decoder.decode(row["rates"]),
        factor_ppm=factor_ppm,
    )


async def read_origins(connection: Any) -> frozenset[str]:
    return frozenset(row["origin"] for row in await connection.fetch(READ_ORIGINS))


async def is_ready(connection: Any) -> bool:
    return bool(await connection.fetchval(_READY) == 1)
