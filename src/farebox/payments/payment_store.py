"""SQL of payments, their refunds and disputes. Merging statements give the same rows in whatever order they run."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.payments.fact import RefundTold
from farebox.payments.payment import Dispute, Payment, Refund
from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import Connection

_PAYMENT = """
SELECT id, provider, ref, mode, state, recharge_id, account_id, checkout_ref, price_minor, gross_minor, tax_minor,
       currency, product, country, fingerprint, failure, invoice_url, customer_ref, method_ref, refunded_minor,
       refunded_at, paid_at,
       created_at, problem, accepted_nano, posted_credit_nano, posted_bonus_nano, posted_taken_nano,
       posted_taken_minor, bonus_taken_nano, steps, is_country_judged, case_id
FROM payment
"""

LOAD = f"{_PAYMENT} WHERE id = $1"

LOCK = f"{_PAYMENT} WHERE id = $1 FOR UPDATE"

LOCK_OF_RECHARGE = f"{_PAYMENT} WHERE recharge_id = $1 ORDER BY id FOR UPDATE"

OF_RECHARGE = f"{_PAYMENT} WHERE recharge_id = $1 ORDER BY id"

PAGE = f"""
{_PAYMENT}
WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::boolean IS NULL OR (problem <> '') = $2)
  AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""

BOUND_TO = "SELECT recharge_id, account_id FROM payment WHERE provider = $1 AND ref = $2"

# States only go up, amounts only grow, what was told once stays, and of sums the newest counts. A payment that failed
# may be tried again with another card, so that paid comes after failed.
MERGE = """
INSERT INTO payment (id, provider, ref, mode, state, recharge_id, account_id, checkout_ref, price_minor, gross_minor,
                     tax_minor, currency, product, country, fingerprint, failure, invoice_url, customer_ref,
                     method_ref, refunded_minor, refunded_at, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (provider, ref) DO UPDATE SET
    state = (ARRAY['unknown', 'pending', 'failed', 'paid'])[greatest(
        array_position(ARRAY['unknown', 'pending', 'failed', 'paid'], payment.state),
        array_position(ARRAY['unknown', 'pending', 'failed', 'paid'], excluded.state))],
    recharge_id = coalesce(payment.recharge_id, excluded.recharge_id),
    account_id = coalesce(payment.account_id, excluded.account_id),
    checkout_ref = coalesce(nullif(payment.checkout_ref, ''), excluded.checkout_ref),
    price_minor = greatest(payment.price_minor, excluded.price_minor),
    gross_minor = greatest(payment.gross_minor, excluded.gross_minor),
    tax_minor = greatest(payment.tax_minor, excluded.tax_minor),
    currency = coalesce(nullif(payment.currency, ''), excluded.currency),
    product = coalesce(nullif(payment.product, ''), excluded.product),
    country = coalesce(nullif(payment.country, ''), excluded.country),
    fingerprint = coalesce(nullif(payment.fingerprint, ''), excluded.fingerprint),
    failure = coalesce(nullif(payment.failure, ''), excluded.failure),
    invoice_url = coalesce(nullif(payment.invoice_url, ''), excluded.invoice_url),
    customer_ref = coalesce(nullif(payment.customer_ref, ''), excluded.customer_ref),
    method_ref = coalesce(nullif(payment.method_ref, ''), excluded.method_ref),
    refunded_minor = CASE
        WHEN excluded.refunded_at > payment.refunded_at OR payment.refunded_at IS NULL THEN excluded.refunded_minor
        WHEN excluded.refunded_at = payment.refunded_at THEN greatest(payment.refunded_minor, excluded.refunded_minor)
        ELSE payment.refunded_minor END,
    refunded_at = greatest(payment.refunded_at, excluded.refunded_at),
    paid_at = least(payment.paid_at, excluded.paid_at)
RETURNING id, recharge_id, account_id
"""

SET_POSTED = """
UPDATE payment SET posted_credit_nano = $2, posted_bonus_nano = $3, posted_taken_nano = $4, posted_taken_minor = $5,
                   bonus_taken_nano = $6, problem = $7, steps = $8, is_country_judged = $9, case_id = $10
WHERE id = $1
"""

SET_ACCEPTED = "UPDATE payment SET accepted_nano = $2, account_id = $3 WHERE id = $1"

_REFUND = """
SELECT id, payment_id, provider, ref, state, gross_minor, begun_at, failed_at, is_ours, is_whole, asked_by, reason,
       error, created_at
FROM payment_refund
"""

REFUNDS = f"{_REFUND} WHERE payment_id = ANY ($1::uuid[]) ORDER BY id"

REFUND = f"{_REFUND} WHERE id = $1"

INSERT_REFUND = """
INSERT INTO payment_refund (id, payment_id, provider, ref, state, gross_minor, is_ours, is_whole, asked_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

# One that the provider tells is ours when it says so, or when ours of the same amount still waits for its reference: it
# may have been made by hand, and somebody have said so before the provider did.
OWN_REFUND = """
SELECT id FROM payment_refund
WHERE payment_id = $1 AND is_ours AND ref IN ('', $2) AND (id = $3::uuid OR ($3::uuid IS NULL AND (
    ref = $2
    OR (gross_minor = $4 AND (state IN ('asked', 'manual', 'pending') OR (state = 'succeeded' AND ref = ''))))))
ORDER BY ref DESC, id LIMIT 1
FOR UPDATE
"""

MERGE_OWN_REFUND = """
UPDATE payment_refund SET ref = $2, begun_at = least(begun_at, $4), failed_at = least(failed_at, $5), state = CASE
    WHEN ref = '' OR state IN ('asked', 'manual', 'pending') OR $3 = 'failed' THEN $3 ELSE state END
WHERE id = $1
"""

MERGE_REFUND = """
INSERT INTO payment_refund (id, payment_id, provider, ref, state, gross_minor, begun_at, failed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (provider, ref) WHERE ref <> '' DO UPDATE SET
    state = (ARRAY['asked', 'manual', 'pending', 'succeeded', 'failed'])[greatest(
        array_position(ARRAY['asked', 'manual', 'pending', 'succeeded', 'failed'], payment_refund.state),
        array_position(ARRAY['asked', 'manual', 'pending', 'succeeded', 'failed'], excluded.state))],
    gross_minor = greatest(payment_refund.gross_minor, excluded.gross_minor),
    begun_at = least(payment_refund.begun_at, excluded.begun_at),
    failed_at = least(payment_refund.failed_at, excluded.failed_at)
"""

HAS_REF = "SELECT EXISTS (SELECT FROM payment_refund WHERE provider = $1 AND ref = $2 AND id <> $3)"

DROP_REFUND = "DELETE FROM payment_refund WHERE id = $1"

SET_REFUND = "UPDATE payment_refund SET state = $2, ref = $3, error = $4, tried_at = now() WHERE id = $1"

ASKED_REFUNDS = f"{_REFUND} WHERE state = 'asked' AND coalesce(tried_at, created_at) < now() - interval '1 minute'"

REFUND_TRIED = "UPDATE payment_refund SET tried_at = now(), error = $2 WHERE id = $1"

_DISPUTE = """
SELECT id, payment_id, provider, ref, state, gross_minor, reason, due_at, has_frozen, case_id, decision, decided_by,
       decided_at, note, created_at
FROM dispute
"""

DISPUTES = f"{_DISPUTE} WHERE payment_id = ANY ($1::uuid[]) ORDER BY id"

DISPUTE = f"{_DISPUTE} WHERE id = $1"

DISPUTE_PAGE = f"""
{_DISPUTE}
WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3
"""

DISPUTES_WAITING = f"""
{_DISPUTE}
WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id > $2)
  AND state IN ('inquiry', 'open') AND decision = ''
ORDER BY id LIMIT $3
"""

DISPUTES_OF_ACCOUNT = f"{_DISPUTE} WHERE payment_id IN (SELECT id FROM payment WHERE account_id = $1)"  # noqa: S608

MERGE_DISPUTE = """
INSERT INTO dispute (id, payment_id, provider, ref, state, gross_minor, reason, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (provider, ref) DO UPDATE SET
    state = (ARRAY['inquiry', 'inquiry_closed', 'open', 'won', 'lost'])[greatest(
        array_position(ARRAY['inquiry', 'inquiry_closed', 'open', 'won', 'lost'], dispute.state),
        array_position(ARRAY['inquiry', 'inquiry_closed', 'open', 'won', 'lost'], excluded.state))],
    gross_minor = greatest(dispute.gross_minor, excluded.gross_minor),
    reason = coalesce(nullif(dispute.reason, ''), excluded.reason),
    due_at = greatest(dispute.due_at, excluded.due_at)
"""

SET_DISPUTE = "UPDATE dispute SET has_frozen = $2, case_id = $3 WHERE id = $1"

DECIDE_DISPUTE = """
UPDATE dispute SET decision = $2, decided_by = $3, decided_at = now(), note = $4 WHERE id = $1
"""

# What of the balance is this payment's, and what open holds do not need.
UNSPENT = """
SELECT coalesce((SELECT sum(remaining_nano) FROM lot WHERE account_id = $1 AND kind = 'paid' AND reference = $2),
                0)::bigint AS remaining_nano,
       greatest(account.balance_nano - account.held_nano, 0)::bigint AS spendable_nano
FROM account WHERE id = $1
"""


async def lock_account(connection: Connection, account_id: UUID) -> None:
    """Before any row of payments: everything that changes an account's money comes one after the other."""
    await connection.execute(ACCOUNT_LOCK_SQL, account_lock_keys((account_id,)))


async def now(connection: Connection) -> datetime:
    """The database's time, which all limits go by."""
    moment: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return moment


async def load(connection: Connection, payment_id: UUID) -> Payment | None:
    return _payment(await connection.fetchrow(LOAD, payment_id))


async def lock(connection: Connection, payment_id: UUID) -> Payment | None:
    return _payment(await connection.fetchrow(LOCK, payment_id))


async def lock_of_recharge(connection: Connection, recharge_id: UUID) -> list[Payment]:
    return [Payment(**row) for row in await connection.fetch(LOCK_OF_RECHARGE, recharge_id)]


async def of_recharge(connection: Connection, recharge_id: UUID) -> list[Payment]:
    return [Payment(**row) for row in await connection.fetch(OF_RECHARGE, recharge_id)]


async def page(
    connection: Connection,
    account_id: UUID | None,
    after: UUID | None,
    limit: int,
    *,
    with_problem: bool | None = None,
) -> list[Payment]:
    """The newest first, those before the cursor `after`."""
    return [Payment(**row) for row in await connection.fetch(PAGE, account_id, with_problem, after, limit)]


async def bound_to(connection: Connection, provider: str, ref: str) -> tuple[UUID | None, UUID | None]:
    """The recharge and the account of a payment, as far as they are known by now."""
    row = await connection.fetchrow(BOUND_TO, provider, ref)
    return (None, None) if row is None else (row["recharge_id"], row["account_id"])


async def merge(connection: Connection, told: Payment) -> tuple[UUID, UUID | None, UUID | None]:
    """Merge what was told into the payment's row: its id, recharge and account as they are now."""
    row = await connection.fetchrow(
        MERGE,
        told.id,
        told.provider,
        told.ref,
        told.mode,
        told.state,
        told.recharge_id,
        told.account_id,
        told.checkout_ref,
        told.price_minor,
        told.gross_minor,
        told.tax_minor,
        told.currency,
        told.product,
        told.country,
        told.fingerprint,
        told.failure,
        told.invoice_url,
        told.customer_ref,
        told.method_ref,
        told.refunded_minor,
        told.refunded_at,
        told.paid_at,
    )
    assert row is not None
    return row["id"], row["recharge_id"], row["account_id"]


async def set_posted(connection: Connection, payment: Payment) -> None:
    await connection.execute(
        SET_POSTED,
        payment.id,
        payment.posted_credit_nano,
        payment.posted_bonus_nano,
        payment.posted_taken_nano,
        payment.posted_taken_minor,
        payment.bonus_taken_nano,
        payment.problem,
        payment.steps,
        payment.is_country_judged,
        payment.case_id,
    )


async def set_accepted(connection: Connection, payment_id: UUID, amount_nano: int, account_id: UUID) -> None:
    await connection.execute(SET_ACCEPTED, payment_id, amount_nano, account_id)


async def load_refunds(connection: Connection, payment_ids: list[UUID]) -> list[Refund]:
    return [Refund(**row) for row in await connection.fetch(REFUNDS, payment_ids)]


async def load_refund(connection: Connection, refund_id: UUID) -> Refund | None:
    row = await connection.fetchrow(REFUND, refund_id)
    return None if row is None else Refund(**row)


async def insert_refund(connection: Connection, refund: Refund) -> None:
    await connection.execute(
        INSERT_REFUND,
        refund.id,
        refund.payment_id,
        refund.provider,
        refund.ref,
        refund.state,
        refund.gross_minor,
        refund.is_ours,
        refund.is_whole,
        refund.asked_by,
        refund.reason,
    )


async def merge_refund(
    connection: Connection, new_id: UUID, payment_id: UUID, provider: str, told: RefundTold, at: datetime
) -> None:
    """One refund that the provider told of: ours, or a row of its own."""
    begun_at = told.begun_at or at
    failed_at = at if told.state == "failed" else None
    own = await connection.fetchval(OWN_REFUND, payment_id, told.ref, told.key, told.gross_minor)
    if own is not None and not await connection.fetchval(HAS_REF, provider, told.ref, own):
        await connection.execute(MERGE_OWN_REFUND, own, told.ref, told.state, begun_at, failed_at)
    else:
        await connection.execute(
            MERGE_REFUND, new_id, payment_id, provider, told.ref, told.state, told.gross_minor, begun_at, failed_at
        )


async def answer_refund(connection: Connection, refund: Refund, state: str, ref: str, error: str) -> None:
    """What the provider answered to ours; when an event told of it first, that row is the one that stays."""
    if ref and await connection.fetchval(HAS_REF, refund.provider, ref, refund.id):
        await connection.execute(DROP_REFUND, refund.id)
    else:
        await connection.execute(SET_REFUND, refund.id, state, ref, error)


async def refund_tried(connection: Connection, refund_id: UUID, error: str) -> None:
    await connection.execute(REFUND_TRIED, refund_id, error)


async def asked_refunds(connection: Connection) -> list[Refund]:
    """Those whose provider has not answered for a minute."""
    return [Refund(**row) for row in await connection.fetch(ASKED_REFUNDS)]


async def load_disputes(connection: Connection, payment_ids: list[UUID]) -> list[Dispute]:
    return [Dispute(**row) for row in await connection.fetch(DISPUTES, payment_ids)]


async def load_dispute(connection: Connection, dispute_id: UUID) -> Dispute | None:
    row = await connection.fetchrow(DISPUTE, dispute_id)
    return None if row is None else Dispute(**row)


async def disputes_of_account(connection: Connection, account_id: UUID) -> list[Dispute]:
    return [Dispute(**row) for row in await connection.fetch(DISPUTES_OF_ACCOUNT, account_id)]


async def dispute_page(
    connection: Connection, state: str | None, after: UUID | None, limit: int, *, only_waiting: bool = False
) -> list[Dispute]:
    """The newest first, those before the cursor `after`.

    Waiting are those that nobody has decided: of these the oldest come first.
    """
    statement = DISPUTES_WAITING if only_waiting else DISPUTE_PAGE
    return [Dispute(**row) for row in await connection.fetch(statement, state, after, limit)]


async def merge_dispute(
    connection: Connection,
    new_id: UUID,
    payment_id: UUID,
    provider: str,
    ref: str,
    state: str,
    gross_minor: int,
    reason: str,
    due_at: datetime | None,
) -> None:
    await connection.execute(MERGE_DISPUTE, new_id, payment_id, provider, ref, state, gross_minor, reason, due_at)


async def set_dispute(connection: Connection, dispute_id: UUID, *, has_frozen: bool, case_id: UUID | None) -> None:
    await connection.execute(SET_DISPUTE, dispute_id, has_frozen, case_id)


async def decide_dispute(
    connection: Connection, dispute_id: UUID, decision: str, decided_by: UUID | None, note: str
) -> None:
    await connection.execute(DECIDE_DISPUTE, dispute_id, decision, decided_by, note)


async def load_unspent(connection: Connection, account_id: UUID, reference: str) -> int:
    """Nano-units of a payment's credit that are unspent and that open holds do not need."""
    row = await connection.fetchrow(UNSPENT, account_id, reference)
    return 0 if row is None else min(row["remaining_nano"], row["spendable_nano"])


def _payment(row: Any) -> Payment | None:
    return None if row is None else Payment(**row)
