"""Keeps the rollups of usage and margin: by the hour in which jobs began, rebuilt whole.

Jobs end in another order than they begin in, and some are settled long after. So the mark up to which the rollups are
complete stays behind the oldest open hold; who reads adds what is above it from the jobs themselves. A hold that stays
open for hours does not keep the mark: its hour is noted and built again, as is that of a job that was voided and
settles after all (a trigger notes it), and every hour once more a day later.

Each hour is one transaction on one snapshot, in which a job is either a hold or ended: killed anywhere, and done again,
the result is the same.
"""

from datetime import UTC, datetime

from farebox.kit.ids import first_id_at
from farebox.ledger import rollup_store as store
from farebox.storage.database import Connection

HOUR_MS = 3_600_000
# An id is made as its request arrives, and its hold is there once the body is: from then on the hold tells.
_BEHIND_MS = 5 * 60_000
# A hold that is open for longer does not keep the mark.
_MOST_BEHIND_MS = 2 * HOUR_MS
_SECOND_LOOK_MS = 26 * HOUR_MS


async def roll_up(connection: Connection) -> int:
    """Brings the rollups up to about now; the number of hours built. Waits for whoever is at it already."""
    await store.begin(connection)
    try:
        return await _build_all(connection)
    finally:
        # A connection that has broken has let go of the lock by itself.
        if not connection.is_closed():
            await store.end(connection)


async def _build_all(connection: Connection) -> int:
    built = 0
    for hour in await store.stale_hours(connection):
        async with connection.transaction(isolation="repeatable_read"):
            mark = await store.lock_mark(connection)
            await store.forget_stale(connection, hour)
            await _build(connection, _ms(hour), min(_ms(hour) + HOUR_MS, mark.until_ms))
        built += 1
    while await _advance(connection):
        built += 1
    while await _look_again(connection):
        built += 1
    return built


async def _advance(connection: Connection) -> bool:
    """Moves the mark on, at most to the end of its hour; whether there is more to do."""
    async with connection.transaction(isolation="repeatable_read"):
        mark = await store.lock_mark(connection)
        goal_ms = mark.now_ms - _BEHIND_MS
        if mark.oldest_hold_ms is not None:
            goal_ms = min(goal_ms, max(mark.oldest_hold_ms, mark.now_ms - _MOST_BEHIND_MS))
        if goal_ms <= mark.until_ms:
            return False
        hour_ms = mark.until_ms - mark.until_ms % HOUR_MS
        to_ms = min(goal_ms, hour_ms + HOUR_MS)
        await _build(connection, hour_ms, to_ms)
        await store.move_mark(connection, to_ms, first_id_at(to_ms))
        if mark.checked_ms == hour_ms and hour_ms + HOUR_MS == to_ms <= mark.now_ms - _SECOND_LOOK_MS:
            # So late that this was the second look as well.
            await store.move_second_look(connection, to_ms)
        return to_ms < goal_ms


async def _look_again(connection: Connection) -> bool:
    """Builds an hour of the day before once more; whether there was one."""
    async with connection.transaction(isolation="repeatable_read"):
        mark = await store.lock_mark(connection)
        end_ms = mark.checked_ms + HOUR_MS
        if end_ms > min(mark.now_ms - _SECOND_LOOK_MS, mark.until_ms):
            return False
        await _build(connection, mark.checked_ms, end_ms)
        await store.move_second_look(connection, end_ms)
        return True


async def _build(connection: Connection, hour_ms: int, to_ms: int) -> None:
    hour = datetime.fromtimestamp(hour_ms / 1000, UTC)
    await store.rebuild(connection, hour, first_id_at(hour_ms), first_id_at(max(hour_ms, to_ms)))


def _ms(hour: datetime) -> int:
    return int(hour.timestamp() * 1000)
