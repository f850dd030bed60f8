"""Discounts: planned, listed, ended. A job keeps what it was admitted with, so an end changes nothing of the past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.catalog import discounts_store as store
from farebox.catalog.discounts_store import DiscountRow
from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource


async def plan_discount(
    connection: Any,
    ids: IdSource,
    *,
    name: str,
    patterns: Sequence[str],
    off_ppm: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> DiscountRow:
    """A discount from `starts_at` (None: now) until before `ends_at` (None: until it is ended)."""
    now = await store.load_now(connection)
    if starts_at is not None and starts_at < now:
        starts_at = None
    if ends_at is not None and ends_at <= (starts_at or now):
        raise ActionRefused(
            "ends_before_it_starts", "The end must lie after the start, and ahead.", status=422, field="ends_at"
        )
    return await store.insert(
        connection, ids.new(), name, tuple(dict.fromkeys(patterns)), off_ppm, starts_at or now, ends_at
    )


async def end_discount(connection: Any, discount_id: UUID, ends_at: datetime | None) -> tuple[DiscountRow, DiscountRow]:
    """The discount before and after: it ends at that moment, now without one; one that is to come is called off."""
    before = await store.lock(connection, discount_id)
    if before is None:
        raise ActionRefused("not_found", "There is no such discount.", status=404)
    now = await store.load_now(connection)
    if before.ends_at is not None and before.ends_at <= now:
        raise ActionRefused("already_ended", "This discount has ended already.")
    at = max(ends_at or now, now)
    return before, await store.set_end(connection, discount_id, max(at, before.starts_at))


async def list_discounts(connection: Any, after: UUID | None, limit: int) -> list[DiscountRow]:
    """The newest first."""
    return await store.load_page(connection, after, limit)


async def running_discounts(connection: Any) -> list[DiscountRow]:
    """Those that hold now, the largest first."""
    return await store.load_running(connection)
