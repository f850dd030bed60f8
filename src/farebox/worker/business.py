"""The duties of the business: mail, payments, notices, audit. They have connections of their own.

What keeps the fare path going (worker/run.py) must never wait for a slow mail server or a long report, so these share a
small pool of theirs. A new duty adds one line to `business_duties`.
"""

import asyncio
from pathlib import Path
from uuid import UUID

import httpx
import msgspec

from farebox.aftersale.desk import Desk
from farebox.domain.policy import Policy
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.notices.settings import MailSettings
from farebox.payments.books import Books
from farebox.payments.registry import providers_of
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.storage.database import Pool
from farebox.upstream.client import UpstreamClient
from farebox.worker.alarm_watch import AlarmWatch
from farebox.worker.audit_sealer import AuditHeads, AuditSealer
from farebox.worker.auto_recharge import AutoRecharges
from farebox.worker.broadcasting import Broadcasting
from farebox.worker.business_retention import BusinessRetention
from farebox.worker.closings import Closings
from farebox.worker.debts import Debts
from farebox.worker.dormancy import Dormancy
from farebox.worker.duty import Duty, keep
from farebox.worker.expiry_notice import ExpiryNotice
from farebox.worker.forgetting import forget_sign_ins
from farebox.worker.mail_sender import MailSender
from farebox.worker.overdue import OverdueRequests
from farebox.worker.payment_poll import PaymentPoll
from farebox.worker.provider_accounts import ProviderAccounts
from farebox.worker.provider_balance import ProviderBalances
from farebox.worker.reconciliation import Reconciliation
from farebox.worker.risk_scan import RiskScan
from farebox.worker.rollup import Rollup
from farebox.worker.spool_watch import SpoolWatch
from farebox.worker.statements import Statements
from farebox.worker.terms_acceptance import TermsAcceptance
from farebox.worker.unconfirmed import Unconfirmed
from farebox.worker.watching import Watching
from farebox.worker.webhook_sender import WebhookSender

# Senders of mail and webhooks keep theirs while they talk to others; the rest takes turns.
MOST_BUSINESS_CONNECTIONS = 8
_MINUTE_S = 60.0
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
_MAIL_EVERY_S = 5.0


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """What these duties need, made once by boot."""

    policy: Policy
    node_id: UUID
    spool_dir: Path
    ids: IdSource
    clock: Clock
    seal: Seal
    salt: bytes
    ledger: Ledger
    logger: Logger
    public_url: str
    http: httpx.AsyncClient
    audit_heads: AuditHeads
    callbacks: UpstreamClient  # for calls to addresses that customers give, and to providers
    upstream_proxy: str | None = None
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
        Duty("rollup", Rollup(business.logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S / 4),
        Duty(
            "terms_acceptance",
            TermsAcceptance(business.ids, business.logger).work,
            every_s=_MINUTE_S,
            first_s=_MINUTE_S / 3,
        ),
        Duty("unconfirmed", Unconfirmed(business.ids, business.logger).work, every_s=60 * _MINUTE_S, first_s=_MINUTE_S),
        Duty("forget_sign_ins", forget_sign_ins, every_s=60 * _MINUTE_S, first_s=7 * _MINUTE_S),
        *_risk(business),
        *_after_sale(business),
        *_mail(business),
        *_notices(business),
        *_payments(business),
    )


def _risk(business: Business) -> tuple[Duty, ...]:
    ids, logger, policy = business.ids, business.logger, business.policy
    alarms = AlarmWatch(policy.alarm, policy.unit, ids, logger)
    accounts = ProviderAccounts(policy.risk, ids, logger)
    balances = ProviderBalances(policy.alarm, business.callbacks, business.seal, business.upstream_proxy, ids, logger)
    spools = SpoolWatch(business.node_id, business.spool_dir, policy.alarm.spool_bytes, ids, logger)
    return (
        Duty("risk_scan", RiskScan(policy.risk, ids, logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S / 2),
        Duty("alarms", alarms.work, every_s=_MINUTE_S, first_s=_MINUTE_S),
        Duty("provider_accounts", accounts.work, every_s=_MINUTE_S, first_s=_MINUTE_S),
        Duty("provider_balance", balances.work, every_s=_HOUR_S, first_s=5 * _MINUTE_S),
        Duty("spool_watch", spools.work, every_s=_MINUTE_S, first_s=_MINUTE_S, alone=False),
    )


def _after_sale(business: Business) -> tuple[Duty, ...]:
    desk = Desk(business.policy, business.ledger, business.ids)
    return (
        Duty("closings", Closings(desk, business.logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S / 2),
        Duty("overdue", OverdueRequests(business.ids, business.logger).work, every_s=5 * _MINUTE_S, first_s=_MINUTE_S),
    )


def _mail(business: Business) -> tuple[Duty, ...]:
    """Without a mail server messages wait; operators read them in /admin/mail."""
    if business.mail is None:
        return ()
    sender = MailSender(business.mail, business.public_url, business.seal, business.logger)
    return (Duty("mail_sender", sender.work, every_s=_MAIL_EVERY_S, first_s=_MAIL_EVERY_S, alone=False),)


def _notices(business: Business) -> tuple[Duty, ...]:
    ids, logger, policy = business.ids, business.logger, business.policy
    webhooks = WebhookSender(business.callbacks, business.seal, ids, business.clock, logger)
    return (
        Duty("broadcasting", Broadcasting(ids, logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S / 6),
        Duty("watching", Watching(ids, policy.unit, logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S / 5),
        Duty("webhook_sender", webhooks.work, every_s=_MAIL_EVERY_S, first_s=_MAIL_EVERY_S, alone=False),
        Duty("expiry_notice", ExpiryNotice(ids, policy.unit, logger).work, every_s=_HOUR_S, first_s=2 * _MINUTE_S),
        Duty("dormancy", Dormancy(policy.dormancy, ids, logger).work, every_s=_DAY_S, first_s=20 * _MINUTE_S),
        Duty(
            "business_retention",
            BusinessRetention(policy.retention, logger).work,
            every_s=_HOUR_S,
            first_s=6 * _MINUTE_S,
        ),
    )


def _payments(business: Business) -> tuple[Duty, ...]:
    books = Books(business.policy, business.ledger, business.ids)
    providers = providers_of(business.stripe, business.creem, business.http)
    poll = PaymentPoll(books, providers, business.logger)
    reconciliation = Reconciliation(books, providers, business.logger)
    auto = AutoRecharges(books, providers, f"{business.public_url}/dashboard/recharge", business.logger)
    statements = Statements(books, f"{business.public_url}/dashboard/credits", business.logger)
    return (
        Duty("payment_poll", poll.work, every_s=_MINUTE_S, first_s=_MINUTE_S / 3),
        Duty("reconciliation", reconciliation.work, every_s=_DAY_S, first_s=15 * _MINUTE_S),
        Duty("auto_recharge", auto.work, every_s=_MINUTE_S, first_s=_MINUTE_S / 2),
        Duty("statements", statements.work, every_s=_HOUR_S, first_s=3 * _MINUTE_S),
        Duty("debts", Debts(business.ledger, business.logger).work, every_s=5 * _MINUTE_S, first_s=_MINUTE_S),
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
