"""SQL of the probes of channels."""

from uuid import UUID

from farebox.storage.database import Connection

# Shut off, and soon to be tried by a customer's call.
_DUE = """
SELECT subject FROM health
WHERE state = 'open' AND subject LIKE 'channel:%' AND until <= clock_timestamp() + make_interval(secs => $1)
"""

# Only while nobody has begun to try it.
_KEEP_OPEN = """
UPDATE health SET until = clock_timestamp() + make_interval(secs => $2), changed_at = clock_timestamp()
WHERE subject = $1 AND state = 'open'
"""

# Workers count what they send in rows of the hour, a few seconds late; a channel that is shut off is no idle one.
_IDLE = """
SELECT id FROM channel
WHERE enabled AND kind <> 'simulator' AND created_at < clock_timestamp() - make_interval(secs => $1)
  AND NOT EXISTS (SELECT FROM traffic_hour WHERE channel_id = channel.id
        AND hour >= date_trunc('hour', clock_timestamp() - make_interval(secs => $1), 'UTC')
        AND updated_at > clock_timestamp() - make_interval(secs => $1))
  AND NOT EXISTS (SELECT FROM health WHERE subject = 'channel:' || channel.id AND state <> 'closed')
"""


async def due_subjects(connection: Connection, ahead_s: float) -> set[str]:
    """The channels that are shut off for at most so much longer."""
    return {row[0] for row in await connection.fetch(_DUE, ahead_s)}


async def keep_open(connection: Connection, subject: str, seconds: float) -> None:
    await connection.execute(_KEEP_OPEN, subject, seconds)


async def idle_channels(connection: Connection, idle_s: float) -> set[UUID]:
    """The channels that take calls and have had none for so long."""
    return {row[0] for row in await connection.fetch(_IDLE, idle_s)}
