"""What customers of a market (trading.py) should have, from the simulated providers' books and from their jobs."""

import itertools
from typing import Any
from uuid import UUID

from tests.support.control import SignedIn

from farebox.kit.logging import get_logger
from farebox.ledger.verify import verify
from farebox.payments.books import Books
from farebox.payments.reconcile import reconcile_wash
from farebox.storage.database import Connection

CENT = 10**7
_BONUS_MINOR = 100
_OF_ACCOUNT = """
SELECT account.balance_nano, account.held_nano, coalesce(owed_nano, 0) AS owed_nano,
       (SELECT coalesce(sum(charge_nano), 0)::bigint FROM job WHERE account_id = account.id) AS charged_nano,
       (SELECT coalesce(sum(forfeited_nano), 0)::bigint FROM closing WHERE account_id = account.id) AS forfeited_nano,
       (SELECT coalesce(sum(amount_nano), 0)::bigint FROM withdrawal
        WHERE account_id = account.id AND state IN ('approved', 'done')) AS paid_out_nano,
       (SELECT coalesce(-sum(amount_nano), 0)::bigint FROM entry JOIN txn USING (account_id)
        WHERE account_id = account.id AND txn.id = txn_id AND kind = 'expiry' AND book = 'customer') AS expired_nano
FROM account LEFT JOIN receivable ON receivable.account_id = account.id WHERE account.id = $1
"""
_WASHED_OF_EACH = """
SELECT payment.*, CASE WHEN posted_credit_nano > 0 THEN price_minor ELSE 0 END - posted_taken_minor AS washed_minor,
       (SELECT json_agg(payment_refund) FROM payment_refund WHERE payment_id = payment.id) AS refunds,
       (SELECT json_agg(dispute) FROM dispute WHERE payment_id = payment.id) AS disputes
FROM payment
"""
_WASHED = "SELECT coalesce(-sum(amount_nano), 0)::bigint FROM entry WHERE book = 'wash' AND detail = $1"
# Nothing may be left under way.
_LEFT = (
    "SELECT count(*) FROM hold",
    "SELECT count(*) FROM payment_event WHERE applied_at IS NULL",
    "SELECT count(*) FROM payment_refund WHERE state = 'asked'",
)


class Customer:
    """An account with its owner, its key, and what was given to it without being paid for."""

    def __init__(self, owner: SignedIn, key_id: UUID) -> None:
        assert owner.account_id is not None
        self.owner = owner
        self.account_id = owner.account_id
        self.key_id = key_id
        self.checkouts: list[str] = []
        self.packages: set[str] = set()
        self.accepted: set[str] = set()
        self.jobs: list[tuple[UUID, int]] = []
        self.given_nano = 0
        self.adjusted_nano = 0
        self.is_closing = False


async def compare(
    connection: Connection, books: Books, customers: list[Customer], purchases: list[dict[str, Any]]
) -> None:
    """Invariants, wash accounts, and every account with what the providers and the jobs say it should have."""
    assert (await verify(connection)).problems == []
    assert await reconcile_wash(connection, books, get_logger("test")) == []
    assert [await connection.fetchval(left) for left in _LEFT] == [0] * len(_LEFT)
    await _compare_payments(connection, purchases)
    for customer in customers:
        bought = [purchase for purchase in purchases if purchase["checkout_id"] in customer.checkouts]
        await _compare_account(connection, customer, bought)


async def _compare_payments(connection: Connection, purchases: list[dict[str, Any]]) -> None:
    rows = {row["ref"]: dict(row) for row in await connection.fetch(_WASHED_OF_EACH)}
    differing = [
        (purchase, rows.get(purchase["payment_id"]))
        for purchase in purchases
        if _left_minor(purchase) != rows.get(purchase["payment_id"], {}).get("washed_minor", 0)
    ]
    assert differing == [], differing
    for provider in ("stripe", "creem"):
        left_minor = sum(_left_minor(purchase) for purchase in purchases if purchase["provider"] == provider)
        assert await connection.fetchval(_WASHED, f"{provider}:USD") == left_minor * CENT, provider


async def _compare_account(connection: Connection, customer: Customer, purchases: list[dict[str, Any]]) -> None:
    row = await connection.fetchrow(_OF_ACCOUNT, customer.account_id)
    assert row is not None
    assert row["held_nano"] == 0
    gone_nano = row["charged_nano"] + row["forfeited_nano"] + row["paid_out_nano"] + row["expired_nano"]
    has_nano = row["balance_nano"] - row["owed_nano"] + gone_nano
    given_nano = customer.given_nano + customer.adjusted_nano
    possible = _bought(customer, purchases)
    assert has_nano - given_nano in possible, (customer.account_id, dict(row), given_nano, possible)


def _bought(customer: Customer, purchases: list[dict[str, Any]]) -> set[int]:
    """The credit that is left of what was paid; of two payments for one recharge one counts, the earlier.

    What was made twice and accepted as credit counts as well.
    """
    choices = [{_left_minor(purchase) * CENT} for purchase in purchases if purchase["payment_id"] in customer.accepted]
    purchases = [purchase for purchase in purchases if purchase["payment_id"] not in customer.accepted]
    for recharge_id in {purchase["request_id"] for purchase in purchases}:
        bonus_nano = _BONUS_MINOR * CENT if recharge_id in customer.packages else 0
        paid_for = [purchase for purchase in purchases if purchase["request_id"] == recharge_id]
        # Which was the earlier of two in one second, their names decide.
        choices.append({_left_nano(purchase, bonus_nano) for purchase in paid_for if _left_minor(purchase)} or {0})
    return {sum(chosen) for chosen in itertools.product(*choices)}


def _left_nano(purchase: dict[str, Any], bonus_nano: int) -> int:
    """The credit that is left of a purchase, and the bonus that is left with it."""
    left_minor, gross_minor = _left_minor(purchase), int(purchase["gross_minor"])
    return left_minor * CENT + bonus_nano - bonus_nano * (gross_minor - left_minor) // gross_minor


def _left_minor(purchase: dict[str, Any]) -> int:
    """What the provider has for us of a purchase."""
    if purchase["state"] != "paid":
        return 0
    return int(purchase["gross_minor"] - purchase["refunded_minor"] - purchase["withdrawn_minor"])
