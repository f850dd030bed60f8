"""What an account wants to be told of: a low balance, so much spent in a day or a month. Telling stops nothing.

A low balance is told once per crossing: again only after the balance was above the mark. Spend is told once a day and
once a month (UTC). What open jobs only hold counts as neither spent nor gone.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from farebox.domain.money import format_amount
from farebox.kit.ids import IdSource
from farebox.notices import watch_store as store
from farebox.notices.watch_store import Crossing
from farebox.outbox.events import EventKind, queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

_AT_ONCE = 200
_READERS = ("owner", "billing")


class Watch(msgspec.Struct, frozen=True):
    """The marks of an account in nano-units; None tells nothing."""

    low_balance_nano: int | None = None
    daily_spend_nano: int | None = None
    monthly_spend_nano: int | None = None


async def show_watch(connection: Connection, account_id: UUID) -> Watch:
    return msgspec.convert(await store.load(connection, account_id), Watch)


async def set_watch(connection: Connection, account_id: UUID, watch: Watch) -> None:
    """New marks; a mark that is changed tells anew."""
    await store.replace(
        connection, account_id, watch.low_balance_nano, watch.daily_spend_nano, watch.monthly_spend_nano
    )


async def tell_crossings(connection: Connection, ids: IdSource, *, unit: str) -> int:
    """Tells what was crossed and not told yet; how many crossings. What is killed half-way is told next time."""
    await store.rearm(connection)
    told = await _tell(connection, ids, store.cross_low, "low_balance", unit)
    told += await _tell(connection, ids, store.cross_day, "spend_alert", unit)
    return told + await _tell(connection, ids, store.cross_month, "spend_alert", unit)


async def _tell(
    connection: Connection,
    ids: IdSource,
    cross: Callable[[Connection, int], Awaitable[list[Crossing]]],
    kind: EventKind,
    unit: str,
) -> int:
    told = 0
    while True:
        # Marked and queued in one transaction: told once, however often this is broken off.
        async with connection.transaction():
            crossings = await cross(connection, _AT_ONCE)
            for crossing in crossings:
                await _queue(connection, ids, crossing, kind, unit)
        told += len(crossings)
        if len(crossings) < _AT_ONCE:
            return told


async def _queue(connection: Connection, ids: IdSource, crossing: Crossing, kind: EventKind, unit: str) -> None:
    told, threshold = format_amount(crossing.amount_nano), format_amount(crossing.threshold_nano)
    facts = {"threshold": threshold, "unit": unit}
    facts |= {"balance": told} if kind == "low_balance" else {"spent": told, "period": crossing.period}
    key = f"{kind}:{crossing.account_id}:{crossing.occasion}"
    await queue_mail_to_members(connection, ids, kind, crossing.account_id, facts, dedupe_key=key, roles=_READERS)
    await queue_event(connection, ids, crossing.account_id, kind, facts, dedupe_key=key)
