"""One notice to many people: begun in the transaction of what it tells of, queued as mail bit by bit by a duty.

Killed between two bits, the next turn goes on after the last person that was queued; mail's own key lets nobody get it
twice.
"""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.kit.ids import IdSource
from farebox.notices import broadcast_store as store
from farebox.notices.languages import Language, best_of
from farebox.storage.database import Connection

Audience = Literal["all", "with_balance"]


class Broadcast(msgspec.Struct, frozen=True):
    """`facts` by language; 'en' is always there."""

    id: UUID
    dedupe_key: str
    kind: str
    audience: Audience
    facts: dict[Language, dict[str, Any]]
    after: UUID


async def begin_broadcast(
    connection: Connection,
    ids: IdSource,
    kind: str,
    audience: Audience,
    facts: Mapping[Language, Mapping[str, Any]],
    *,
    dedupe_key: str,
) -> bool:
    """To all members of open accounts, or of those with a balance; False when this very notice was begun before."""
    told: dict[str, Any] = {language: dict(each) for language, each in facts.items()}
    return await store.insert(connection, ids.new(), dedupe_key, kind, audience, told)


async def cancel_broadcast(connection: Connection, dedupe_key: str) -> None:
    """Nobody else is told; what is queued already goes out."""
    await store.cancel(connection, dedupe_key)


async def queue_next(connection: Connection, ids: IdSource, limit: int) -> int | None:
    """Queues the next people's mail of the oldest broadcast; how many, or None when nothing is left to do."""
    async with connection.transaction():
        found = await store.lock_oldest(connection)
        if found is None:
            return None
        broadcast = msgspec.convert(found, Broadcast)
        readers = await store.readers(connection, broadcast.after, broadcast.audience, limit)
        if not readers:
            await store.finish(connection, broadcast.id)
            return 0
        rows = [
            (
                ids.new(),
                f"{broadcast.dedupe_key}:{reader.person_id}",
                broadcast.kind,
                reader.person_id,
                reader.address,
                reader.language,
                best_of(broadcast.facts, reader.language),
            )
            for reader in readers
        ]
        queued = await store.queue(connection, rows)
        await store.move_on(connection, broadcast.id, readers[-1].person_id, queued)
        return len(readers)
