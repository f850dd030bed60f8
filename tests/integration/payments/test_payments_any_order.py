"""Facts of payments in any order and number: the same money, lots and states as in order, once."""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.support.payment_facts import DOLLAR, NOON, about, books_of, money_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase

from farebox.ledger.verify import verify
from farebox.payments.books import Books
from farebox.payments.fact import DisputeTold, PaymentFact, RefundTold
from farebox.payments.merging import apply_fact
from farebox.storage.database import Connection, connect

_PRICE = 10_000
# Of an account's payments, whether credited or set aside.
_WASHED = """
SELECT coalesce(sum(amount_nano), 0)::bigint FROM entry
WHERE book = 'wash' AND (account_id = $1 OR txn_id IN (
    SELECT txn.id FROM txn JOIN payment ON txn.memo->>'reference' = payment.provider || ':' || payment.ref
    WHERE payment.account_id = $1))
"""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: twenty connections at once, each with everything that happens."""
    return "asyncio"


class Story(msgspec.Struct, frozen=True):
    """What happens to one payment: refunds in the minor unit, and a dispute that ends or stays open."""

    refunds: tuple[int, ...]
    has_failed_refund: bool
    dispute: tuple[str, ...]
    tells_sums: bool
    bonus: int
    again: tuple[int, ...] | None  # refunds of a second payment for the same recharge, if there is one


stories = st.builds(
    Story,
    refunds=st.one_of(
        st.just(()), st.lists(st.sampled_from([1, 333, 2_500, 5_000]), max_size=3).map(tuple), st.just((_PRICE,))
    ),
    has_failed_refund=st.booleans(),
    dispute=st.sampled_from(
        [(), ("open",), ("open", "won"), ("inquiry", "open", "lost"), ("inquiry", "inquiry_closed")]
    ),
    tells_sums=st.booleans(),
    bonus=st.sampled_from([0, 7]),
    again=st.sampled_from([None, (), (2_500,), (333, 5_000), (_PRICE,)]),
)


def told(story: Story, first: PaymentFact) -> list[PaymentFact]:
    """The facts of one payment in the order in which they happen."""
    facts = [about(first, state="pending"), first]
    so_far = 0
    for number, amount in enumerate(story.refunds):
        so_far += amount
        refund = RefundTold(ref=f"re_{first.payment_ref}_{number}", gross_minor=amount, state="succeeded")
        facts.append(about(first, refunded_minor=so_far) if story.tells_sums else about(first, refund=refund))
    if story.has_failed_refund:
        failed = RefundTold(ref=f"re_{first.payment_ref}_failed", gross_minor=700, state="pending")
        facts.append(about(first, refund=failed))
        facts.append(about(first, refund=msgspec.structs.replace(failed, state="failed")))
    for state in story.dispute:
        dispute = DisputeTold(ref=f"dp_{first.payment_ref}", gross_minor=_PRICE, state=state)
        facts.append(about(first, dispute=dispute))
    if story.again is not None:
        second = msgspec.structs.replace(first, payment_ref=f"{first.payment_ref}_again")
        facts.append(second)
        for number, amount in enumerate(story.again):
            refund = RefundTold(ref=f"re_{second.payment_ref}_{number}", gross_minor=amount, state="succeeded")
            facts.append(about(second, refund=refund))
    return [
        msgspec.structs.replace(fact, occurred_at=NOON + timedelta(minutes=minute)) for minute, fact in enumerate(facts)
    ]


async def tell(
    connection: Connection,
    books: Books,
    told_stories: Sequence[Story],
    order: Callable[[list[PaymentFact]], list[PaymentFact]] | None,
) -> Any:
    """What comes of an account to which all of this happens."""
    account_id = await new_account(connection, books)
    facts: list[PaymentFact] = []
    recharges = []
    for story in told_stories:
        recharge = await new_recharge(
            connection, books, account_id, bonus_nano=story.bonus * DOLLAR, method="stripe", price_minor=_PRICE
        )
        recharges.append(recharge.id)
        facts += told(story, paid(recharge))
    for fact in facts if order is None else order(facts):
        await apply_fact(connection, books, fact)
    states = [
        await connection.fetchval("SELECT state FROM recharge WHERE id = $1", recharge_id) for recharge_id in recharges
    ]
    lots = await connection.fetch(
        "SELECT kind, remaining_nano, expires_at FROM lot WHERE account_id = $1 AND remaining_nano > 0 ORDER BY 1, 2",
        account_id,
    )
    status = await connection.fetchval("SELECT status FROM account WHERE id = $1", account_id)
    problems = [
        await connection.fetch("SELECT problem FROM payment WHERE recharge_id = $1 ORDER BY ref", recharge_id)
        for recharge_id in recharges
    ]
    wash_nano = await connection.fetchval(_WASHED, account_id)
    assert -wash_nano == sum(map(kept_minor, told_stories)) * DOLLAR // 100
    return (
        await money_of(connection, account_id),
        states,
        [tuple(lot) for lot in lots],
        status,
        [[row["problem"] for row in each] for each in problems],
        wash_nano,
    )


def kept_minor(story: Story) -> int:
    """What the provider has for us when all of a story has happened."""
    kept = 0 if story.dispute[-1:] in (("open",), ("lost",)) else max(0, _PRICE - sum(story.refunds))
    return kept if story.again is None else kept + _PRICE - sum(story.again)


@given(st.lists(stories, min_size=1, max_size=2), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
async def test_any_order_and_number_of_facts_ends_the_same(
    module_database: TestDatabase, told_stories: list[Story], seed: int
) -> None:
    """Every multiset and order of what providers tell gives the money, lots, states and wash book of the story."""
    chance = random.Random(seed)

    def shuffled(facts: list[PaymentFact]) -> list[PaymentFact]:
        again = facts + chance.choices(facts, k=chance.randrange(6))
        chance.shuffle(again)
        return again

    books = books_of()
    connection = await connect(module_database.app_url, application_name="test-payments")
    try:
        in_order = await tell(connection, books, told_stories, None)
        assert await tell(connection, books, told_stories, shuffled) == in_order
    finally:
        await connection.close()


async def test_the_books_are_whole_after_all_stories(module_database: TestDatabase) -> None:
    """No order of facts has left the ledger with a broken invariant."""
    connection = await connect(module_database.app_url, application_name="test-payments")
    try:
        assert (await verify(connection)).problems == []
    finally:
        await connection.close()


async def test_all_facts_at_once_end_the_same(database: TestDatabase) -> None:
    """Twenty connections that tell everything at the same time credit once and take back once."""
    books = books_of()
    connection = await connect(database.app_url, application_name="test-payments")
    story = Story((2_500,), False, ("open", "won"), False, 7, ())
    account_id = await new_account(connection, books)
    recharge = await new_recharge(connection, books, account_id, bonus_nano=7 * DOLLAR)
    others = [await connect(database.app_url, application_name="test-payments") for _ in range(20)]
    facts = told(story, paid(recharge))
    try:
        await asyncio.gather(
            *(apply_all(other, books, facts[turn % len(facts) :] + facts) for turn, other in enumerate(others))
        )
        assert await money_of(connection, account_id) == (75 * DOLLAR + 7 * DOLLAR * 75 // 100, 0)
        assert (await verify(connection)).problems == []
    finally:
        for each in (connection, *others):
            await each.close()


async def apply_all(connection: Connection, books: Books, facts: Sequence[PaymentFact]) -> None:
    for fact in facts:
        await apply_fact(connection, books, fact)
