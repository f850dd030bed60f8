"""Payments that do not fit, and what operators decide on them; countries that are not served; debts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.support.payment_facts import (
    DOLLAR,
    about,
    books_of,
    money_of,
    new_account,
    new_recharge,
    paid,
    state_of_recharge,
)
from tests.support.postgres import TestDatabase

from farebox.accounts.service import close
from farebox.audit.record import COMMAND
from farebox.domain.errors import ActionRefused
from farebox.domain.policies.identity import RegionPolicy
from farebox.domain.policies.money import RefundPolicy
from farebox.domain.policy import Policy
from farebox.ledger.verify import verify
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.decisions import credit_anyway
from farebox.payments.fact import DisputeTold, PaymentFact, RefundTold
from farebox.payments.merging import apply_fact
from farebox.payments.payment import Payment
from farebox.payments.refunds import ask_refund
from farebox.storage.database import Connection, connect


@pytest.fixture
async def connection(database: TestDatabase) -> AsyncIterator[Connection]:
    opened = await connect(database.app_url, application_name="test-payments")
    yield opened
    assert (await verify(opened)).problems == []
    await opened.close()


async def newest(connection: Connection) -> Payment:
    return (await payment_store.page(connection, None, None, 1))[0]


async def problems(connection: Connection) -> list[str]:
    rows = await connection.fetch("SELECT facts->>'problem' AS problem FROM review_case WHERE status = 'open'")
    return [row["problem"] for row in rows]


async def status_of(connection: Connection, account_id: UUID) -> str:
    return str(await connection.fetchval("SELECT status FROM account WHERE id = $1", account_id))


async def give_back(connection: Connection, books: Books, payment: Payment, first: PaymentFact, turn: int) -> None:
    """Three refunds of a dollar, ours or the provider's."""
    for number in range(3):
        if turn % 2:
            await ask_refund(connection, books, payment.id, COMMAND, amount_nano=DOLLAR, reason="asked for")
        else:
            refund = RefundTold(ref=f"re_{turn}_{number}", gross_minor=99 + turn % 4, state="succeeded")
            await apply_fact(connection, books, about(first, refund=refund))


async def credit(connection: Connection, books: Books, **terms: Any) -> Payment:
    payment = await newest(connection)
    return await credit_anyway(
        connection,
        books,
        payment.id,
        COMMAND,
        None,
        **{"account_id": None, "amount_nano": None, "reason": "decided", **terms},
    )


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"price_minor": 9_999}, "wrong_amount"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"mode": "test"}, "wrong_mode"),
        ({"provider": "creem"}, "wrong_provider"),
        ({"product": "prod_other"}, "wrong_product"),
    ],
)
async def test_what_was_not_asked_for_is_not_credited(
    connection: Connection, told: dict[str, Any], problem: str
) -> None:
    """Another amount, currency, mode, provider or product credits nothing, however often it comes, and is one case."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id, product="prod_1", state="checkout", checkout_ref="c")
    for _ in range(3):
        await apply_fact(connection, books, paid(recharge, **told))
    assert await money_of(connection, account_id) == (0, 0)
    assert await problems(connection) == [problem]
    assert await state_of_recharge(connection, recharge.id) != "credited"


async def test_a_duplicate_is_credited_if_the_operator_says_so(connection: Connection) -> None:
    """The second payment is a case; as credit it is given once, and later events leave it so."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id)
    again = paid(recharge, "pi_again")
    await apply_fact(connection, books, paid(recharge))
    await apply_fact(connection, books, again)
    assert (await money_of(connection, account_id), await problems(connection)) == ((100 * DOLLAR, 0), ["duplicate"])
    strict = books_of(Policy(refund=RefundPolicy(duplicate="source")))
    with pytest.raises(ActionRefused, match="goes back to its source"):
        await credit(connection, strict)
    assert (await credit(connection, books)).posted_credit_nano == 100 * DOLLAR
    with pytest.raises(ActionRefused):
        await credit(connection, books)
    await apply_fact(connection, books, again)
    assert (await money_of(connection, account_id), await problems(connection)) == ((200 * DOLLAR, 0), [])


async def test_refunds_and_events_at_once_wait_for_each_other(connection: Connection, database: TestDatabase) -> None:
    """All take the account's lock first, so that none is the victim of a deadlock, and no cent goes back twice."""
    books = books_of()
    account_id = await new_account(connection, books)
    first = paid(await new_recharge(connection, books, account_id))
    await apply_fact(connection, books, first)
    payment = await newest(connection)
    others = [await connect(database.app_url, application_name="test-payments") for _ in range(12)]
    try:
        await asyncio.gather(*(give_back(other, books, payment, first, turn) for turn, other in enumerate(others)))
    finally:
        for other in others:
            await other.close()
    assert await money_of(connection, account_id) == (64 * DOLLAR, 0)


async def test_a_payment_of_nothing_is_credited_to_whom_the_operator_names(connection: Connection) -> None:
    """Without a recharge it wants an account and an amount; test money is never credited."""
    books = books_of()
    account_id = await new_account(connection, books)
    stray = paid(await new_recharge(connection, books, account_id), "pi_stray", recharge_id=uuid4())
    await apply_fact(connection, books, stray)
    with pytest.raises(ActionRefused, match="which account"):
        await credit(connection, books)
    await credit(connection, books, account_id=account_id, amount_nano=90 * DOLLAR)
    assert await money_of(connection, account_id) == (90 * DOLLAR, 0)
    await apply_fact(connection, books, about(stray, refunded_minor=5_000))
    assert await money_of(connection, account_id) == (45 * DOLLAR, 0)
    await apply_fact(connection, books, msgspec.structs.replace(stray, payment_ref="pi_test", mode="test"))
    with pytest.raises(ActionRefused, match="test money"):
        await credit(connection, books, account_id=account_id, amount_nano=DOLLAR)


async def test_a_country_that_is_not_served_suspends_once(connection: Connection) -> None:
    """The account is frozen with a reason and keeps its credit; an operator's decision is not undone by an event."""
    books = books_of(Policy(region=RegionPolicy(refused_countries=("KP",))))
    account_id = await new_account(connection, books)
    fact = paid(await new_recharge(connection, books, account_id), country="KP")
    await apply_fact(connection, books, fact)
    assert (await status_of(connection, account_id), await money_of(connection, account_id)) == (
        "frozen",
        (100 * DOLLAR, 0),
    )
    await connection.execute("UPDATE account SET status = 'active' WHERE id = $1", account_id)
    await apply_fact(connection, books, fact)
    assert await status_of(connection, account_id) == "active"


async def test_money_for_an_account_that_has_ended_is_a_case(connection: Connection) -> None:
    """It is credited, so that it can be refunded, and an operator is told."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id)
    await close(connection, account_id, "asked for")
    await apply_fact(connection, books, paid(recharge))
    assert (await money_of(connection, account_id), await problems(connection)) == (
        (100 * DOLLAR, 0),
        ["account_closed"],
    )


async def test_won_and_lost_disputes_of_one_account(connection: Connection) -> None:
    """One won dispute does not let the account go while another is against us; spent credit is a debt until then."""
    books = books_of()
    account_id = await new_account(connection, books)
    facts: list[PaymentFact] = [paid(await new_recharge(connection, books, account_id)) for _ in range(2)]
    for fact in facts:
        await apply_fact(connection, books, fact)
        told = DisputeTold(ref=f"dp_{fact.payment_ref}", gross_minor=10_000, state="open")
        await apply_fact(connection, books, about(fact, dispute=told))
    assert await money_of(connection, account_id) == (0, 0)
    for fact, state in zip(facts, ("won", "lost"), strict=True):
        told = DisputeTold(ref=f"dp_{fact.payment_ref}", gross_minor=10_000, state=state)
        await apply_fact(connection, books, about(fact, dispute=told))
        assert await status_of(connection, account_id) == "frozen"
    assert await money_of(connection, account_id) == (100 * DOLLAR, 0)
