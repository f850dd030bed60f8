"""Charging kept methods: begun in one transaction, asked of the provider outside of any, ended in another.

An attempt is a recharge like any other, whose id is the idempotency key at the provider and bound to the payment.
Killed before the provider was asked, after it, or before its answer was applied, the attempt is open, and the next run
asks again with the same input: the provider charges once and gives the same answer. Its events may come first.
"""

from datetime import timedelta
from uuid import UUID

from farebox.audit.record import record, system
from farebox.cases.case import open_case
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.kit.logging import Logger
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store, recharge_store
from farebox.payments.adding import check_adding
from farebox.payments.auto_recharge import auto_recharge_store as store
from farebox.payments.auto_recharge.terms import (
    MOST_FAILURES,
    REPEATABLE,
    Attempt,
    AutoRecharge,
    Outcome,
    Trouble,
    wait_after,
)
from farebox.payments.books import Books
from farebox.payments.merging import apply_fact
from farebox.payments.offers import methods, price_of
from farebox.payments.provider import (
    CheckoutOrder,
    PaymentProvider,
    ProviderAway,
    ProviderDeaf,
    ProviderRefused,
    SavedMethod,
)
from farebox.payments.recharge import Recharge, RechargeState
from farebox.storage.database import Connection

AUTO = system("auto_recharge")
# As a note on the recharge, by which people tell it from one that they have asked for.
NOTE = "automatic recharge"
_LOOK_AGAIN = timedelta(hours=6)
# Of a recharge that has come to its end.
_OUTCOMES: dict[RechargeState, Outcome] = {
    "credited": "credited",
    "failed": "failed",
    "declined": "failed",
    "expired": "failed",
}


async def begin(
    connection: Connection, books: Books, provider: PaymentProvider, account_id: UUID, page_url: str
) -> Attempt | None:
    """An attempt to be carried out; None when there is no need any more, or a limit stands in the way."""
    async with connection.transaction():
        await payment_store.lock_account(connection, account_id)
        agreed = await store.lock(connection, account_id)
        # Balance, status and other attempts can have changed since it was found to be low.
        if agreed is None or not await store.is_low(connection, account_id):
            return None
        trouble = await _trouble(connection, books, agreed)
        if trouble is not None:
            await _postpone(connection, books, agreed, trouble, page_url)
            return None
        recharge = _recharge(books, provider, agreed)
        await recharge_store.insert(connection, recharge)
        payment = await payment_store.load(connection, agreed.payment_id)
        assert payment is not None
        after = {"recharge_id": str(recharge.id), "credit": format_amount(recharge.credit_nano)}
        await record(
            connection,
            books.ids,
            AUTO,
            "auto_recharge.charge",
            target=f"recharge:{recharge.id}",
            account_id=account_id,
            after={**after, "price_minor": recharge.price_minor, "currency": recharge.currency},
        )
        return await store.insert_attempt(connection, recharge.id, account_id, payment.customer_ref, payment.method_ref)


async def carry_out(
    connection: Connection, books: Books, provider: PaymentProvider, attempt: Attempt, page_url: str, logger: Logger
) -> None:
    """Charge the method unless that has been done, and end the attempt if its end is known."""
    recharge = await recharge_store.load(connection, attempt.recharge_id)
    assert recharge is not None
    if recharge.state in ("pending", "expired") and not await payment_store.of_recharge(connection, recharge.id):
        if await payment_store.now(connection) - attempt.created_at > REPEATABLE:
            await _give_up(connection, books, attempt, recharge, page_url)
            return
        method = SavedMethod(attempt.customer_ref, attempt.method_ref)
        try:
            facts = await provider.charge_saved(_order(books, recharge), method)
        except (ProviderAway, ProviderDeaf) as error:
            logger.warning("auto_recharge_waits", recharge=str(recharge.id), error=str(error))
            return
        except ProviderRefused as error:
            logger.warning("auto_recharge_refused", recharge=str(recharge.id), code=error.code)
            await _fail(connection, recharge)
        else:
            for fact in facts:
                await apply_fact(connection, books, fact)
    await _conclude(connection, books, attempt, page_url)


async def _trouble(connection: Connection, books: Books, agreed: AutoRecharge) -> Trouble | None:
    asked_nano = await store.asked_this_month(connection, agreed.account_id)
    if asked_nano + agreed.credit_nano > agreed.monthly_nano:
        return "ceiling"
    try:
        await check_adding(connection, books, agreed.account_id, "auto", agreed.credit_nano)
    except ActionRefused as refusal:
        return "new_account" if refusal.code.startswith("new_account") else "not_allowed"
    return None


async def _postpone(
    connection: Connection, books: Books, agreed: AutoRecharge, trouble: Trouble, page_url: str
) -> None:
    if trouble == "ceiling":
        await store.set_next_month(connection, agreed.account_id)
    else:
        await store.set_next(connection, agreed.account_id, agreed.failures, _LOOK_AGAIN)
    now = await payment_store.now(connection)
    # Once a month, and again for what was agreed to anew.
    occasion = f"{trouble}:{agreed.account_id}:{now:%Y-%m}:{agreed.agreed_at.isoformat()}"
    await _tell(connection, books, agreed.account_id, agreed.credit_nano, trouble, occasion, page_url)


async def _fail(connection: Connection, recharge: Recharge) -> None:
    """Nothing was done at the provider; unless an event has just told otherwise."""
    async with connection.transaction():
        await payment_store.lock_account(connection, recharge.account_id)
        current = await recharge_store.lock(connection, recharge.id)
        assert current is not None
        if current.state == "pending":
            await recharge_store.set_state(connection, recharge.id, "failed")


async def _conclude(connection: Connection, books: Books, attempt: Attempt, page_url: str) -> None:
    async with connection.transaction():
        await payment_store.lock_account(connection, attempt.account_id)
        recharge = await recharge_store.lock(connection, attempt.recharge_id)
        agreed = await store.lock(connection, attempt.account_id)
        assert recharge is not None
        assert agreed is not None
        payments = await payment_store.of_recharge(connection, recharge.id)
        outcome = _OUTCOMES.get(recharge.state)
        if any(payment.state in ("unknown", "pending") for payment in payments):
            return  # the bank takes its time
        if outcome is None or not await store.end_attempt(connection, attempt.recharge_id, outcome):
            return
        if outcome == "credited":
            await store.set_next(connection, attempt.account_id, 0, timedelta())
        elif recharge.state == "declined":
            # The card was charged, and an operator gave it back: that is no reason to charge it again.
            await _switch_off(connection, books, agreed.account_id, recharge, "declined", page_url)
        else:
            await _count_failure(connection, books, agreed, recharge, page_url)


async def _count_failure(
    connection: Connection, books: Books, agreed: AutoRecharge, recharge: Recharge, page_url: str
) -> None:
    failures = agreed.failures + 1
    await store.set_next(connection, agreed.account_id, failures, wait_after(failures))
    if failures >= MOST_FAILURES and agreed.is_on:
        await _switch_off(connection, books, agreed.account_id, recharge, "declined", page_url)


async def _give_up(connection: Connection, books: Books, attempt: Attempt, recharge: Recharge, page_url: str) -> None:
    """Whether it was charged is unknown: asking again could charge twice. Money that arrives is credited as ever."""
    async with connection.transaction():
        await payment_store.lock_account(connection, attempt.account_id)
        if not await store.end_attempt(connection, attempt.recharge_id, "unknown"):
            return
        await _switch_off(connection, books, attempt.account_id, recharge, "unknown", page_url)
        await open_case(
            connection,
            books.ids,
            "payment",
            f"recharge:{recharge.id}",
            account_id=attempt.account_id,
            facts={"problem": "charge_unknown", "recharge_id": str(recharge.id), "price_minor": recharge.price_minor},
        )


async def _switch_off(
    connection: Connection, books: Books, account_id: UUID, recharge: Recharge, trouble: Trouble, page_url: str
) -> None:
    await store.switch_off(connection, account_id, trouble)
    await record(
        connection,
        books.ids,
        AUTO,
        "auto_recharge.end",
        target=f"account:{account_id}",
        account_id=account_id,
        after={"recharge_id": str(recharge.id)},
        reason=trouble,
    )
    await _tell(connection, books, account_id, recharge.credit_nano, trouble, f"{trouble}:{recharge.id}", page_url)


async def _tell(
    connection: Connection,
    books: Books,
    account_id: UUID,
    credit_nano: int,
    trouble: Trouble,
    occasion: str,
    page_url: str,
) -> None:
    await queue_mail_to_members(
        connection,
        books.ids,
        "auto_recharge_failed",
        account_id,
        {"amount": format_amount(credit_nano), "unit": books.policy.unit, "reason": trouble, "link": page_url},
        dedupe_key=f"auto_recharge_failed:{occasion}",
        roles=("owner", "billing"),
    )


def _recharge(books: Books, provider: PaymentProvider, agreed: AutoRecharge) -> Recharge:
    rules, recharge_id = books.policy.recharge, books.ids.new()
    return Recharge(
        id=recharge_id,
        account_id=agreed.account_id,
        method="stripe",
        state="pending",
        needs_review=methods(rules)["stripe"],
        mode=provider.mode,
        credit_nano=agreed.credit_nano,
        bonus_nano=0,
        credit_days=rules.credit_days,
        price_minor=price_of(rules, agreed.credit_nano),
        currency=rules.currency,
        package="",
        product="",
        requested_by=agreed.agreed_by,
        idempotency_key=f"auto:{recharge_id}",
        input_hash=b"",
        keep_method=False,
        note=NOTE,
    )


def _order(books: Books, recharge: Recharge) -> CheckoutOrder:
    """Made of what is stored and does not change: a repetition has to be the same to the letter."""
    unit = books.policy.unit
    return CheckoutOrder(
        recharge_id=recharge.id,
        account_id=recharge.account_id,
        price_minor=recharge.price_minor,
        currency=recharge.currency,
        label=f"{format_amount(recharge.credit_nano)} {unit if unit == 'USD' else 'credits'}",
        is_free_amount=True,
        success_url="",
        cancel_url="",
    )
