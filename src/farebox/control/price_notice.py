"""Telling customers of prices that begin later, and of those that will not after all."""

from datetime import datetime
from uuid import UUID

from farebox.catalog.prices import Scheduled
from farebox.catalog.prices_store import insert_notice
from farebox.domain.policies.conduct import PriceChangePolicy
from farebox.kit.ids import IdSource
from farebox.notices import announcement
from farebox.notices.announcement import announce_price_change
from farebox.storage.database import Connection


async def announce(
    connection: Connection,
    ids: IdSource,
    rule: PriceChangePolicy,
    model: str,
    done: Scheduled,
    *,
    now: datetime,
    public_url: str,
) -> None:
    """Announces and mails, as the policy says, what begins later; in the transaction that sets it."""
    if not done.is_told_ahead:
        return
    announcement_id = await announce_price_change(
        connection, ids, [model], done.card.effective_at, now=now, mail=rule.mail, public_url=public_url
    )
    await insert_notice(connection, done.card.id, announcement_id)


async def withdraw(connection: Connection, announcement_id: UUID) -> None:
    """Takes the announcement back, unless an operator has."""
    if (await announcement.show(connection, announcement_id)).withdrawn_at is None:
        await announcement.withdraw(connection, announcement_id)
