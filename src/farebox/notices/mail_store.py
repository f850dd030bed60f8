"""SQL of mail on its way."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

MailState = Literal["waiting", "sending", "sent", "failed", "dropped"]


class Claimed(msgspec.Struct, frozen=True):
    """A message that one sender has to itself until its time is over."""

    id: UUID
    kind: str
    person_id: UUID | None
    address: str
    language: str
    facts: dict[str, Any]
    attempts: int
    is_muted: bool
    is_erased: bool


class MailLine(msgspec.Struct, frozen=True):
    """A message as operators see it."""

    id: UUID
    kind: str
    person_id: UUID | None
    address: str
    language: str
    facts: dict[str, Any]
    state: MailState
    attempts: int
    next_at: datetime
    created_at: datetime
    sent_at: datetime | None
    error: str


# Not handed over: nobody has it, so it is sent again. Handed over: it may have arrived, so it is not.
RECOVER = """
UPDATE mail SET next_at = now(),
    state = CASE WHEN handed_at IS NULL THEN 'waiting' ELSE 'failed' END,
    error = CASE WHEN handed_at IS NULL THEN 'the sender was interrupted'
                 ELSE 'the sender was interrupted before the server had answered: it may have arrived' END
WHERE state = 'sending' AND next_at < now()
RETURNING state
"""

IS_DUE = "SELECT EXISTS (SELECT FROM mail WHERE state = 'waiting' AND next_at <= now())"

CLAIM = """
UPDATE mail SET state = 'sending', attempts = attempts + 1, handed_at = NULL, next_at = now() + $1
WHERE id = (SELECT id FROM mail WHERE state = 'waiting' AND next_at <= now()
            ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, person_id, address, language, facts, attempts,
    EXISTS (SELECT FROM notice_preference WHERE person_id = mail.person_id AND mail.kind = ANY (muted)) AS is_muted,
    EXISTS (SELECT FROM person WHERE person.id = mail.person_id AND status = 'erased') AS is_erased
"""

NOTE_HANDED = """
UPDATE mail SET handed_at = now() WHERE id = $1 AND attempts = $2 AND state = 'sending' AND next_at > now()
RETURNING true
"""

# Also when its time was over meanwhile and it counts as perhaps arrived: now it is known.
SENT = """
UPDATE mail SET state = 'sent', sent_at = now(), address = '', error = '',
    facts = CASE WHEN $3 THEN '{}'::jsonb ELSE facts END
WHERE id = $1 AND attempts = $2 AND state IN ('sending', 'failed')
"""

DEFER = """
UPDATE mail SET state = 'waiting', handed_at = NULL, next_at = now() + $3, error = $4
WHERE id = $1 AND attempts = $2 AND state = 'sending'
"""

FAIL = "UPDATE mail SET state = 'failed', error = $3 WHERE id = $1 AND attempts = $2 AND state = 'sending'"

DROP = """
UPDATE mail SET state = 'dropped', error = $3, address = '', facts = '{}'
WHERE id = $1 AND attempts = $2 AND state = 'sending'
"""

# An operator has looked at it: a failed message goes out once more.
SEND_AGAIN = """
UPDATE mail SET state = 'waiting', handed_at = NULL, next_at = now(), error = ''
WHERE id = $1 AND state = 'failed' AND address <> ''
RETURNING true
"""

_LINE = """
SELECT id, kind, person_id, address, language, facts, state, attempts, next_at, created_at, sent_at, error FROM mail
"""

LOAD = f"{_LINE} WHERE id = $1"

PAGE = f"""
{_LINE}
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR kind = $3)
ORDER BY id DESC LIMIT $4
"""

# What a message has told is its reader's; secrets of messages that never left go with their links' time.
FORGET_FACTS = """
UPDATE mail SET facts = '{}', address = '', error = ''
WHERE id = ANY (ARRAY(SELECT id FROM mail WHERE (facts <> '{}' OR address <> '') AND created_at < now() - $1::interval
                      AND state IN ('sent', 'failed', 'dropped') ORDER BY created_at LIMIT $2))
"""

# The key keeps a notice from being queued twice; after such a time nobody queues it again.
FORGET = """
DELETE FROM mail WHERE id = ANY (ARRAY(SELECT id FROM mail WHERE created_at < now() - $1::interval
                                       AND state IN ('sent', 'failed', 'dropped') LIMIT $2))
"""


async def recover(connection: Connection) -> tuple[int, int]:
    """What interrupted senders have left: how many wait again, and how many may have arrived."""
    states = [row["state"] for row in await connection.fetch(RECOVER)]
    return states.count("waiting"), states.count("failed")


async def is_due(connection: Connection) -> bool:
    return bool(await connection.fetchval(IS_DUE))


async def claim(connection: Connection, lease: timedelta) -> Claimed | None:
    """The message whose turn it is, for this sender alone; None when none is due."""
    row = await connection.fetchrow(CLAIM, lease)
    return None if row is None else Claimed(**row)


async def note_handed(connection: Connection, mail: Claimed) -> bool:
    """From now on the server may have it; False when the sender's time is over and somebody else's has come."""
    return bool(await connection.fetchval(NOTE_HANDED, mail.id, mail.attempts))


async def note_sent(connection: Connection, mail: Claimed, *, forget_facts: bool) -> None:
    await connection.execute(SENT, mail.id, mail.attempts, forget_facts)


async def defer(connection: Connection, mail: Claimed, delay: timedelta, error: str) -> None:
    await connection.execute(DEFER, mail.id, mail.attempts, delay, error)


async def fail(connection: Connection, mail: Claimed, error: str) -> None:
    await connection.execute(FAIL, mail.id, mail.attempts, error)


async def drop(connection: Connection, mail: Claimed, why: str) -> None:
    await connection.execute(DROP, mail.id, mail.attempts, why)


async def send_again(connection: Connection, mail_id: UUID) -> bool:
    return bool(await connection.fetchval(SEND_AGAIN, mail_id))


async def load(connection: Connection, mail_id: UUID) -> MailLine | None:
    row = await connection.fetchrow(LOAD, mail_id)
    return None if row is None else MailLine(**row)


async def page(
    connection: Connection, after: UUID | None, *, state: str | None, kind: str | None, limit: int
) -> list[MailLine]:
    return [MailLine(**row) for row in await connection.fetch(PAGE, after, state, kind, limit)]


async def forget_facts(connection: Connection, age: timedelta, limit: int) -> int:
    return int((await connection.execute(FORGET_FACTS, age, limit)).split()[-1])


async def forget(connection: Connection, age: timedelta, limit: int) -> int:
    return int((await connection.execute(FORGET, age, limit)).split()[-1])
