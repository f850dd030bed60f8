"""Payments that are nobody's credit: in the wash book from the moment they are paid until they have gone back."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.support.payment_facts import DOLLAR, about, books_of, money_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase

from farebox.audit.record import COMMAND
from farebox.domain.errors import ActionRefused
from farebox.kit.logging import get_logger
from farebox.ledger.verify import verify
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.decisions import credit_anyway
from farebox.payments.fact import DisputeTold, PaymentFact, RefundTold
from farebox.payments.merging import apply_fact
from farebox.payments.payment import Payment
from farebox.payments.reconcile import reconcile_wash
from farebox.payments.refunds import ask_refund
from farebox.payments.review import Findings, approve
from farebox.storage.database import Connection, connect

_WASHED = "SELECT coalesce(-sum(amount_nano), 0)::bigint FROM entry WHERE book = 'wash'"
_ASIDE = "SELECT coalesce(sum(amount_nano), 0)::bigint FROM entry WHERE book = 'exchange' AND detail = 'aside'"


@pytest.fixture
async def connection(database: TestDatabase) -> AsyncIterator[Connection]:
    opened = await connect(database.app_url, application_name="test-money")
    yield opened
    await opened.close()


async def washed(connection: Connection) -> tuple[int, int]:
    """Whole dollars that providers have for us, and those of them that are nobody's credit; all books are checked."""
    assert (await verify(connection)).problems == []
    assert await reconcile_wash(connection, books_of(), get_logger("test")) == []
    return await connection.fetchval(_WASHED) / DOLLAR, await connection.fetchval(_ASIDE) / DOLLAR


async def payment_of(connection: Connection, fact: PaymentFact) -> Payment:
    found = await connection.fetchval("SELECT id FROM payment WHERE ref = $1", fact.payment_ref)
    payment = await payment_store.load(connection, found)
    assert payment is not None
    return payment


async def accept(
    connection: Connection,
    books: Books,
    fact: PaymentFact,
    *,
    account_id: UUID | None = None,
    amount_nano: int | None = None,
) -> Payment:
    payment_id = (await payment_of(connection, fact)).id
    return await credit_anyway(
        connection, books, payment_id, COMMAND, None, account_id=account_id, amount_nano=amount_nano, reason="decided"
    )


async def add_owner(connection: Connection, account_id: UUID) -> None:
    """Somebody who is told of credit."""
    person_id = uuid4()
    await connection.execute(
        "INSERT INTO person (id, email, email_verified_at) VALUES ($1, $2, now())",
        person_id,
        f"{person_id}@example.com",
    )
    await connection.execute(
        "INSERT INTO member (account_id, person_id, role) VALUES ($1, $2, 'owner')", account_id, person_id
    )


async def told_of(connection: Connection) -> int:
    """How often somebody was told of credit."""
    found: int = await connection.fetchval("SELECT count(*) FROM mail WHERE kind = 'recharge_credited'")
    return found


def refunded(fact: PaymentFact, minor: int) -> PaymentFact:
    return about(fact, refund=RefundTold(ref=f"re_{uuid4().hex}", gross_minor=minor, state="succeeded"))


async def test_what_is_not_credited_is_set_aside(connection: Connection) -> None:
    """A stray payment is in the wash book, less what goes back; accepted it becomes credit, refunded it is gone."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id)
    stray, other = (paid(recharge, f"pi_{uuid4().hex}", recharge_id=uuid4()) for _ in range(2))
    for fact in (stray, other, stray):
        await apply_fact(connection, books, fact)
    assert await washed(connection) == (200, 200)
    await apply_fact(connection, books, refunded(stray, 2_500))
    assert await washed(connection) == (175, 175)
    await accept(connection, books, stray, account_id=account_id, amount_nano=100 * DOLLAR)
    assert (await washed(connection), await money_of(connection, account_id)) == ((175, 100), (75 * DOLLAR, 0))
    await ask_refund(connection, books, (await payment_of(connection, other)).id, COMMAND, amount_nano=None, reason="")
    assert await washed(connection) == (75, 0)


async def test_a_review_holds_the_money_until_it_is_decided(connection: Connection) -> None:
    """Paid and waiting it is set aside; approved it is credited."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id, needs_review=True, state="checkout", checkout_ref="c")
    await apply_fact(connection, books, paid(recharge))
    assert (await washed(connection), await money_of(connection, account_id)) == ((100, 100), (0, 0))
    await approve(connection, books, recharge.id, COMMAND, None, Findings())
    assert (await washed(connection), await money_of(connection, account_id)) == ((100, 0), (100 * DOLLAR, 0))


async def test_test_money_is_none(connection: Connection) -> None:
    """Of a test payment for a live recharge nothing is credited, and no book has it."""
    books = books_of()
    recharge = await new_recharge(connection, books, await new_account(connection, books))
    await apply_fact(connection, books, paid(recharge, mode="test"))
    assert await washed(connection) == (0, 0)


async def test_a_payment_takes_the_place_of_a_later_one_that_was_told_first(connection: Connection) -> None:
    """The balance stays, also where credit was spent or is held; the customer reads of one credit; one is set aside."""
    books = books_of()
    account_id = await new_account(connection, books)
    await add_owner(connection, account_id)
    recharge = await new_recharge(connection, books, account_id, bonus_nano=5 * DOLLAR)
    first = paid(recharge, "pi_first")
    second = msgspec.structs.replace(paid(recharge, "pi_second"), occurred_at=about(first).occurred_at)
    await apply_fact(connection, books, second)
    await connection.execute("UPDATE account SET held_nano = 90000000000 WHERE id = $1", account_id)
    await apply_fact(connection, books, first)
    assert await money_of(connection, account_id) == (105 * DOLLAR, 0)
    await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", account_id)
    assert await washed(connection) == (200, 100)
    assert [(await payment_of(connection, fact)).problem for fact in (first, second)] == ["", "duplicate"]
    assert await told_of(connection) == 1
    # All of the first goes back: the other steps in, and its case is closed.
    await apply_fact(connection, books, refunded(first, 10_000))
    assert (await washed(connection), await money_of(connection, account_id)) == ((100, 0), (105 * DOLLAR, 0))
    assert await connection.fetchval("SELECT count(*) FROM review_case WHERE status = 'open'") == 0


async def test_a_duplicate_is_a_payment_of_its_own(connection: Connection) -> None:
    """Accepted it is credit beside the other, each with its own refunds and disputes, and no more than was paid."""
    books = books_of()
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id, bonus_nano=5 * DOLLAR)
    first = paid(recharge, "pi_first")
    again = msgspec.structs.replace(paid(recharge, "pi_again"), occurred_at=about(first).occurred_at)
    await apply_fact(connection, books, again)
    await apply_fact(connection, books, first)
    payment = await payment_of(connection, again)
    with pytest.raises(ActionRefused, match="no more can be"):
        await accept(connection, books, again, amount_nano=101 * DOLLAR)
    with pytest.raises(ActionRefused, match="goes back whole"):
        await ask_refund(connection, books, payment.id, COMMAND, amount_nano=DOLLAR, reason="a part of what is none")
    await accept(connection, books, again)
    assert await money_of(connection, account_id) == (205 * DOLLAR, 0)
    await apply_fact(connection, books, refunded(again, 2_500))
    dispute = DisputeTold(ref="dp_first", gross_minor=10_000, state="open")
    await apply_fact(connection, books, about(first, dispute=dispute))
    assert (await washed(connection), await money_of(connection, account_id)) == ((75, 0), (75 * DOLLAR, 0))
    won = msgspec.structs.replace(dispute, state="won")
    await apply_fact(connection, books, about(first, dispute=won))
    assert (await washed(connection), await money_of(connection, account_id)) == ((175, 0), (180 * DOLLAR, 0))


async def test_credit_of_an_accepted_duplicate_is_told_of(connection: Connection) -> None:
    """The customer reads of either credit, once."""
    books = books_of()
    account_id = await new_account(connection, books)
    await add_owner(connection, account_id)
    recharge = await new_recharge(connection, books, account_id)
    again = msgspec.structs.replace(paid(recharge, "pi_again"), occurred_at=about(paid(recharge)).occurred_at)
    for fact in (paid(recharge), again, again):
        await apply_fact(connection, books, fact)
    assert await told_of(connection) == 1
    await accept(connection, books, again)
    assert (await money_of(connection, account_id), await told_of(connection)) == ((200 * DOLLAR, 0), 2)
