"""Tells owners of credit that expires soon: once per lot."""

from farebox.domain.money import format_amount
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection
from farebox.worker import expiry_notice_store as store

_AHEAD_DAYS = 14
_AT_ONCE = 200


class ExpiryNotice:
    """What is marked and what is queued are one transaction."""

    def __init__(self, ids: IdSource, unit: str, logger: Logger) -> None:
        self._ids = ids
        self._unit = unit
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        while True:
            async with connection.transaction():
                lots = await store.mark_expiring(connection, _AHEAD_DAYS, _AT_ONCE)
                for lot in lots:
                    facts = {
                        "amount": format_amount(lot.remaining_nano),
                        "unit": self._unit,
                        "expires_at": lot.expires_at.isoformat(),
                    }
                    await queue_mail_to_members(
                        connection,
                        self._ids,
                        "lot_expiring",
                        lot.account_id,
                        facts,
                        dedupe_key=f"lot_expiring:{lot.lot_id}",
                        roles=("owner", "billing"),
                    )
            if lots:
                self._logger.info("expiring_lots_told", lots=len(lots))
            if len(lots) < _AT_ONCE:
                return
