"""SQL of throttling."""

from farebox.storage.database import Connection

# Counts unless the subject has to wait. Beyond what is free each failure doubles the wait, starting at one second.
COUNT = """
INSERT INTO throttle AS counted (subject, failures, blocked_until, forget_at)
VALUES ($1, 1, CASE WHEN $2 < 1 THEN clock_timestamp() + interval '1 second' ELSE '-infinity' END,
        clock_timestamp() + make_interval(secs => $3))
ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN counted.forget_at <= clock_timestamp() THEN 1 ELSE counted.failures + 1 END,
    blocked_until = CASE
        WHEN counted.forget_at <= clock_timestamp() OR counted.failures < $2 THEN '-infinity'
        ELSE clock_timestamp() + make_interval(secs => least($4, power(2, least(counted.failures - $2, 30)))) END,
    forget_at = clock_timestamp() + make_interval(secs => $3)
WHERE counted.blocked_until <= clock_timestamp()
RETURNING failures
"""

WAIT_S = """
SELECT ceil(extract(epoch FROM blocked_until - clock_timestamp()))::integer FROM throttle
WHERE subject = $1 AND blocked_until > clock_timestamp()
"""

# A wait that began with this attempt ends only if there would have been none without it.
TAKE_BACK = """
UPDATE throttle SET failures = failures - 1,
    blocked_until = CASE WHEN failures - 1 <= $2 THEN '-infinity' ELSE blocked_until END
WHERE subject = $1 AND failures > 0
"""

FORGIVE = "DELETE FROM throttle WHERE subject = $1"

FORGET = "DELETE FROM throttle WHERE forget_at <= now()"


async def count(connection: Connection, subject: bytes, free: int, forget_s: int, *, longest_wait_s: int) -> int | None:
    """Counts one attempt; the seconds still to wait when it may not be made."""
    counted = await connection.fetchval(COUNT, subject, free, float(forget_s), float(longest_wait_s))
    if counted is not None:
        return None
    wait_s: int | None = await connection.fetchval(WAIT_S, subject)
    # In between the wait may have ended; whoever comes again gets in.
    return max(1, wait_s or 1)


async def take_back(connection: Connection, subject: bytes, free: int) -> None:
    await connection.execute(TAKE_BACK, subject, free)


async def forgive(connection: Connection, subject: bytes) -> None:
    await connection.execute(FORGIVE, subject)


async def forget(connection: Connection) -> None:
    """Drops what no longer counts."""
    await connection.execute(FORGET)
