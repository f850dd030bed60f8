"""Money in and out in any order, of two accounts: what is refused changes nothing, and the books stay whole."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.support.aftersale import charge_lots
from tests.support.payment_facts import about, books_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase
from tests.support.posting import hold

from farebox.audit.record import system
from farebox.domain.errors import ActionRefused, LedgerError
from farebox.ledger.leaving import Leaving
from farebox.ledger.posting import Paid
from farebox.ledger.verify import verify
from farebox.payments.fact import PaymentFact, RefundTold
from farebox.payments.merging import apply_fact
from farebox.payments.refunds import ask_refund
from farebox.storage.database import Connection, connect

DOLLAR = 10**9
T = TypeVar("T")
AMOUNTS = st.sampled_from([1, 999_999_999, DOLLAR, 7 * DOLLAR, 33 * DOLLAR, 100 * DOLLAR])
PAYING = system("test")
# What is rounded away: less than a cent per lot of a payout.
ROUNDED_NANO = 10**9
MONEY = """
SELECT coalesce((SELECT sum(amount_nano) FROM entry WHERE book = 'wash' AND account_id = ANY ($1::uuid[])), 0),
       coalesce((SELECT sum(amount_nano) FROM entry WHERE book = 'exchange' AND account_id = ANY ($1::uuid[])), 0),
       coalesce((SELECT sum(owed_nano) FROM receivable WHERE account_id = ANY ($1::uuid[])), 0)
"""
REFUSED = (ActionRefused, LedgerError)


class Money(RuleBasedStateMachine):
    """Two accounts; what is refused changes nothing, and nothing that is done leaves the books unbalanced."""

    connection: Connection
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.books = books_of()
        self.leaving = Leaving("USD", self.books.ids)
        self.accounts = [self.do(new_account(self.connection, self.books)) for _ in range(2)]
        self.facts: list[PaymentFact] = []
        self.jobs: list[tuple[UUID, UUID]] = []
        for which in range(2):
            self.do(self.buy(which, 0, 0))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def attempt(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            self.do(work)
        except REFUSED:
            return

    async def buy(self, which: int, bonus_nano: int, days: int) -> None:
        asked = await new_recharge(
            self.connection, self.books, self.accounts[which], bonus_nano=bonus_nano, credit_days=days
        )
        self.facts.append(paid(asked))
        await apply_fact(self.connection, self.books, self.facts[-1])

    @rule(which=st.integers(0, 1), bonus=st.sampled_from([0, 5]), days=st.sampled_from([0, 1]))
    def recharge(self, which: int, bonus: int, days: int) -> None:
        self.do(self.buy(which, bonus * DOLLAR, days))

    @rule(which=st.integers(0, 1), amount=AMOUNTS)
    def promote(self, which: int, amount: int) -> None:
        expires_at = datetime.now(UTC) - timedelta(seconds=1)
        self.do(
            self.books.ledger.credit(
                self.connection, self.accounts[which], amount, "promo", str(uuid4()), expires_at=expires_at
            )
        )

    @rule(which=st.integers(0, 1), amount=AMOUNTS)
    def hold_for_ever(self, which: int, amount: int) -> None:
        async def work() -> None:
            async with self.connection.transaction():
                spendable = await self.connection.fetchval(
                    "SELECT balance_nano - held_nano FROM account WHERE id = $1", self.accounts[which]
                )
                if spendable >= amount:
                    await hold(self.connection, self.books.ids, self.accounts[which], amount)

        self.do(work())

    @precondition(lambda self: self.facts)
    @rule(data=st.data(), amount=st.one_of(st.none(), AMOUNTS))
    def refund(self, data: st.DataObject, amount: int | None) -> None:
        fact = data.draw(st.sampled_from(self.facts))

        async def work() -> None:
            row = await self.connection.fetchval("SELECT id FROM payment WHERE ref = $1", fact.payment_ref)
            await ask_refund(self.connection, self.books, row, PAYING, amount_nano=amount, reason="asked for")

        self.attempt(work())

    @precondition(lambda self: self.facts)
    @rule(data=st.data(), minor=st.sampled_from([1, 2_500, 10_000]))
    def refund_over_there(self, data: st.DataObject, minor: int) -> None:
        fact = data.draw(st.sampled_from(self.facts))
        told = RefundTold(ref=f"re_{uuid4().hex}", gross_minor=minor, state="succeeded")
        self.do(apply_fact(self.connection, self.books, about(fact, refund=told)))

    @rule(which=st.integers(0, 1), amount=AMOUNTS)
    def spend(self, which: int, amount: int) -> None:
        job_id = self.do(charge_lots(self.connection, self.books.ids, self.accounts[which], amount))
        if job_id is not None:
            self.jobs.append((self.accounts[which], job_id))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), amount=AMOUNTS)
    def adjust(self, data: st.DataObject, amount: int) -> None:
        account_id, job_id = data.draw(st.sampled_from(self.jobs))
        key = str(uuid4())
        self.attempt(
            self.books.ledger.adjust(self.connection, account_id, job_id, amount, key, reason="wrong", operator="op")
        )

    @rule(which=st.integers(0, 1))
    def expire(self, which: int) -> None:
        self.do(self.books.ledger.expire_lots(self.connection, self.accounts[which]))

    @rule(which=st.integers(0, 1), amount=AMOUNTS, comes_back=st.booleans())
    def pay_out(self, which: int, amount: int, comes_back: bool) -> None:
        reference = f"withdrawal:{uuid4()}"

        async def work() -> None:
            out = await self.leaving.pay_out(
                self.connection,
                self.accounts[which],
                amount,
                reference,
                currency="USD",
                reference=reference,
                operator="op",
            )
            if comes_back:
                await self.books.ledger.restore(
                    self.connection,
                    self.accounts[which],
                    amount,
                    f"{reference}:back",
                    reference=reference,
                    paid=Paid("payout", out.paid_minor, "USD"),
                )

        self.attempt(work())

    @rule(which=st.integers(0, 1), amount=AMOUNTS)
    def migrate(self, which: int, amount: int) -> None:
        source, target = self.accounts[which], self.accounts[1 - which]
        self.attempt(self.leaving.migrate(self.connection, source, target, amount, str(uuid4()), operator="op"))

    @rule(which=st.integers(0, 1))
    def forfeit(self, which: int) -> None:
        self.do(
            self.leaving.forfeit(self.connection, self.accounts[which], str(uuid4()), reason="closed", operator="op")
        )

    @rule(which=st.integers(0, 1))
    def collect(self, which: int) -> None:
        self.do(self.books.ledger.collect(self.connection, self.accounts[which]))

    @invariant()
    def books_are_whole(self) -> None:
        assert self.do(verify(self.connection)).problems == []

    @invariant()
    def no_more_goes_out_than_came_in(self) -> None:
        """But for what is owed to us: money that a provider took back after it had been spent or paid out.

        A credit is a dollar here, so that nothing but roundings is left in the exchange book.
        """
        row = self.do(self.connection.fetchrow(MONEY, self.accounts))
        assert row is not None
        out_nano, rounded_nano, owed_nano = row
        assert out_nano <= owed_nano
        assert 0 <= rounded_nano < ROUNDED_NANO


def test_no_order_of_events_breaks_the_books(database: TestDatabase) -> None:
    """After every step all invariants of the ledger hold, and never has more gone out than was paid."""
    with asyncio.Runner() as runner:
        connection = runner.run(connect(database.app_url, application_name="test-money-machine"))
        machine = type("MoneyHere", (Money,), {"connection": connection, "runner": runner})
        try:
            run_state_machine_as_test(  # type: ignore[no-untyped-call] - hypothesis does not annotate it
                machine,
                settings=settings(
                    max_examples=15,
                    stateful_step_count=15,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(connection.close())
