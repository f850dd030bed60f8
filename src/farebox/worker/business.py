"""The duties of the business: mail, payments, notices, risk, audit. They have connections of their own.

What keeps the fare path going (worker/run.py) must never wait for a slow mail server or a long report, so these share a
small pool of theirs. A new duty adds one line to `business_duties`.
"""

import asyncio

import httpx
import msgspec

from farebox.domain.policy import Policy
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.notices.settings import MailSettings
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.storage.database import Pool
from farebox.worker.audit_sealer import AuditHeads, AuditSealer
from farebox.worker.duty import Duty, keep

MOST_BUSINESS_CONNECTIONS = 5
_MINUTE_S = 60.0


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """What these duties need, made once by boot."""

    policy: Policy
    ids: IdSource
    clock: Clock
    seal: Seal
    salt: bytes
    ledger: Ledger
    logger: Logger
    public_url: str
    http: httpx.AsyncClient
    audit_heads: AuditHeads
    stripe: StripeSettings | None = None
    creem: CreemSettings | None = None
    mail: MailSettings | None = None


def business_duties(business: Business) -> tuple[Duty, ...]:
    """All of them; a deployment without a mail server or payments has none of theirs."""
    return (
        Duty(
            "audit_sealer",
            AuditSealer(business.audit_heads, business.logger).work,
            every_s=_MINUTE_S,
            first_s=_MINUTE_S / 2,
        ),
    )


class BusinessRun:
    """Runs them until it is closed."""

    def __init__(self, pool: Pool, business: Business) -> None:
        self._pool = pool
        self._logger = business.logger
        self._duties = business_duties(business)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(keep(duty, self._pool, self._logger), name=duty.name) for duty in self._duties
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
