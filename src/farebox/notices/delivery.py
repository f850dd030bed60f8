"""Deliveries of events: claimed, tried, tried again for a day, given up; a webhook that fails for days is switched off.

What was claimed by a sender that died is tried again when its time is over: an event arrives at least once, always with
the same id.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.audit.record import record, system
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.notices import delivery_store as store
from farebox.notices.signing import signature
from farebox.notices.webhook import PURPOSE
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection

_LEASE = timedelta(minutes=2)
_FIRST_DELAY_S, _LONGEST_DELAY_S = 30, 4 * 3600
_GIVEN_UP_AFTER = timedelta(days=1)
DISABLED_AFTER = timedelta(days=3)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that one sender has to itself for a while."""

    id: UUID
    webhook_id: UUID
    event_id: UUID
    account_id: UUID
    url: str
    sealed: bytes
    sealed_before: bytes | None
    kind: str
    data: dict[str, Any]
    event_at: datetime
    created_at: datetime
    attempts: int

    @property
    def body(self) -> bytes:
        """What is sent: the same bytes with every try."""
        return msgspec.json.encode(
            {
                "id": str(self.event_id),
                "type": self.kind,
                "created_at": self.event_at,
                "account_id": str(self.account_id),
                "data": self.data,
            }
        )


class Outcome(msgspec.Struct, frozen=True):
    """What came of a try: a status, or an error where there was none."""

    status_code: int | None
    error: str = ""

    @property
    def is_good(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


async def claim(connection: Connection, limit: int) -> list[Due]:
    """Deliveries whose turn it is, the oldest of each webhook: one slow webhook keeps no other waiting."""
    return [msgspec.convert(row, Due) for row in await store.claim(connection, limit, _LEASE)]


def headers_of(due: Due, seal: Seal, now_s: int) -> list[tuple[bytes, bytes]]:
    """What goes with the body; SealError when the deployment's key does not open the secret."""
    sealed = [due.sealed, *([] if due.sealed_before is None else [due.sealed_before])]
    secrets = [seal.open(each, purpose=PURPOSE).decode() for each in sealed]
    signed = signature(secrets, str(due.event_id), now_s, due.body)
    return [
        (b"content-type", b"application/json"),
        (b"user-agent", b"Farebox-Webhook/1"),
        (b"webhook-id", str(due.event_id).encode()),
        (b"webhook-timestamp", str(now_s).encode()),
        (b"webhook-signature", signed.encode()),
    ]


async def note(connection: Connection, ids: IdSource, due: Due, outcome: Outcome, *, now: datetime) -> None:
    """What came of it; switches the webhook off and tells its owners when it has failed for days."""
    async with connection.transaction():
        if outcome.is_good:
            await store.deliver(connection, due.id, outcome.status_code)
            await store.works(connection, due.webhook_id)
            return
        is_over = now - due.created_at >= _GIVEN_UP_AFTER
        delay = delay_of(due.attempts)
        await store.try_later(
            connection, due.id, due.attempts, outcome.status_code, outcome.error, delay, is_over=is_over
        )
        failing_since = await store.fails(connection, due.webhook_id)
        if failing_since is not None and now - failing_since >= DISABLED_AFTER:
            await _disable(connection, ids, due, failing_since)


async def _disable(connection: Connection, ids: IdSource, due: Due, failing_since: datetime) -> None:
    if not await store.disable(connection, due.webhook_id):
        return
    await record(
        connection,
        ids,
        system("webhook_sender"),
        "webhook.disable",
        target=f"webhook:{due.webhook_id}",
        account_id=due.account_id,
        after={"status": "disabled"},
        reason="it failed for days",
    )
    await queue_mail_to_members(
        connection,
        ids,
        "webhook_disabled",
        due.account_id,
        {"url": due.url},
        dedupe_key=f"webhook_disabled:{due.webhook_id}:{failing_since.isoformat()}",
        roles=("owner", "developer"),
    )


def delay_of(attempts: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, four hours at most."""
    return timedelta(seconds=min(_FIRST_DELAY_S * 2 ** min(attempts - 1, 20), _LONGEST_DELAY_S))
