"""Whether an account may add credit now: active, let in, and not too new for it (domain/new_account.py)."""

from datetime import timedelta
from uuid import UUID

from farebox.accounts.bars import list_bars
from farebox.domain.errors import ActionRefused
from farebox.domain.new_account import Adding, check_new_account, ways_open
from farebox.domain.policies.money import Way
from farebox.domain.policy import Policy
from farebox.domain.refusal_codes import RefusalCode
from farebox.payments import payment_store, recharge_store
from farebox.payments.books import Books
from farebox.storage.database import Connection

# By bar, the gravest first.
_REFUSED: dict[RefusalCode, str] = {
    "region_not_served": "We do not serve your region; write to support if that is wrong.",
    "approval_pending": "The operator has to let this account in first; you get a mail.",
}


async def ways_of(connection: Connection, policy: Policy, account_id: UUID) -> tuple[Way, ...]:
    """The ways to add credit that an account of this age may use."""
    facts = await recharge_store.account_facts(connection, account_id)
    now = await payment_store.now(connection)
    return () if facts is None else ways_open(policy.recharge, facts.created_at, now)


async def check_adding(connection: Connection, books: Books, account_id: UUID, way: Way, credit_nano: int) -> None:
    """Raises ActionRefused unless it may. The account's lock is held, so that two requests at once count each other."""
    facts = await recharge_store.account_facts(connection, account_id)
    if facts is None or facts.status != "active":
        raise ActionRefused("account_frozen", "This account cannot recharge now; write to support.", status=403)
    # Nobody buys what they may never get to use.
    bars = await list_bars(connection, account_id)
    for code, message in _REFUSED.items():
        if code in bars:
            raise ActionRefused(code, message, status=403)
    now = await payment_store.now(connection)
    adding = Adding(
        way=way,
        credit_nano=credit_nano,
        opened_at=facts.created_at,
        last_day_nano=await recharge_store.asked_since(connection, account_id, now - timedelta(days=1)),
        so_far_nano=await recharge_store.asked_since(connection, account_id, facts.created_at - timedelta(days=1)),
    )
    check_new_account(books.policy.recharge, adding, now, books.policy.unit)
