"""Recharges without a provider, and the facts that one would tell of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from farebox.accounts.service import create_account
from farebox.domain.policy import Policy
from farebox.kit.ids import IdSource
from farebox.ledger.service import Ledger
from farebox.payments import recharge_store
from farebox.payments.books import Books
from farebox.payments.fact import PaymentFact
from farebox.payments.recharge import Recharge
from farebox.storage.database import Connection

DOLLAR = 10**9
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def books_of(policy: Policy | None = None) -> Books:
    ids = IdSource()
    policy = policy or Policy()
    return Books(policy, Ledger(policy.unit, ids), ids)


async def new_account(connection: Connection, books: Books) -> UUID:
    return await create_account(connection, books.ids, email=f"{uuid4().hex}@example.com")


async def new_recharge(connection: Connection, books: Books, account_id: UUID, **terms: Any) -> Recharge:
    """100 dollars for 100 dollars by Stripe, unless the terms say else."""
    recharge = Recharge(
        **{
            "id": books.ids.new(),
            "account_id": account_id,
            "method": "stripe",
            "state": "pending",
            "needs_review": False,
            "mode": "live",
            "credit_nano": 100 * DOLLAR,
            "bonus_nano": 0,
            "credit_days": 0,
            "price_minor": 10_000,
            "currency": "USD",
            "package": "",
            "product": "",
            "requested_by": None,
            "idempotency_key": uuid4().hex,
            "input_hash": b"",
            "keep_method": False,
            **terms,
        }
    )
    await recharge_store.insert(connection, recharge)
    return recharge


def paid(recharge: Recharge, ref: str = "", **told: Any) -> PaymentFact:
    """The recharge was paid as asked for, unless told else; `ref` makes it another payment."""
    fact = PaymentFact(
        provider="creem" if recharge.method == "creem" else "stripe",
        mode=recharge.mode,
        occurred_at=NOON,
        payment_ref=ref or f"pi_{recharge.id}",
        recharge_id=recharge.id,
        state="paid",
        price_minor=recharge.price_minor,
        gross_minor=recharge.price_minor,
        tax_minor=0,
        currency=recharge.currency,
        product=recharge.product,
    )
    return msgspec.structs.replace(fact, **told)


def about(fact: PaymentFact, **told: Any) -> PaymentFact:
    """Another fact about the same payment, which tells nothing else and does not name the recharge."""
    return PaymentFact(
        provider=fact.provider,
        mode=fact.mode,
        occurred_at=fact.occurred_at + timedelta(hours=1),
        payment_ref=fact.payment_ref,
        **told,
    )


async def money_of(connection: Connection, account_id: UUID) -> tuple[int, int]:
    """Balance and debt in nano-units."""
    row = await connection.fetchrow(
        "SELECT balance_nano, coalesce(owed_nano, 0) AS owed_nano FROM account"
        " LEFT JOIN receivable ON account_id = id WHERE id = $1",
        account_id,
    )
    assert row is not None
    return row["balance_nano"], row["owed_nano"]


async def state_of_recharge(connection: Connection, recharge_id: UUID) -> str:
    recharge = await recharge_store.load(connection, recharge_id)
    assert recharge is not None
    return recharge.state
