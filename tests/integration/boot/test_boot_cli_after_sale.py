"""Requests after the sale on the command line: the same actions as in the console, one line for what is refused."""

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.aftersale import DOLLAR, charge_lots
from tests.support.payment_facts import books_of, new_recharge, paid
from tests.support.postgres import TestDatabase

from farebox.aftersale import refund_request, withdrawal
from farebox.aftersale.desk import Desk
from farebox.aftersale.refund_request import RefundWish
from farebox.aftersale.withdrawal import WithdrawalWish
from farebox.audit.record import COMMAND
from farebox.control.payment_source import PaymentSource
from farebox.domain.policies.money import WithdrawalPolicy
from farebox.domain.policy import Policy
from farebox.payments.merging import apply_fact
from farebox.storage.database import connect

POLICY = Policy(withdrawal=WithdrawalPolicy(allowed="always"))


async def buy_and_spend(database: TestDatabase, account_id: UUID) -> tuple[str, str, str]:
    """100 dollars paid, 10 of them spent: the job, a refund request and a withdrawal of 20."""
    books = books_of(POLICY)
    desk = Desk(POLICY, books.ledger, books.ids)
    connection = await connect(database.app_url, application_name="test-cli")
    recharge = await new_recharge(connection, books, account_id)
    await apply_fact(connection, books, paid(recharge))
    job_id = await charge_lots(connection, books.ids, account_id, 10 * DOLLAR)
    payment_id = await connection.fetchval("SELECT id FROM payment")
    wish = RefundWish(account_id=account_id, payment_id=payment_id, asked_nano=5 * DOLLAR)
    refund = await refund_request.ask(connection, desk, PaymentSource(books), wish, COMMAND)
    out = WithdrawalWish(account_id=account_id, kind="payout", amount_nano=20 * DOLLAR, requested_by=None)
    payout = await withdrawal.ask(connection, desk, out, COMMAND)
    await connection.close()
    return str(job_id), str(refund.id), str(payout.id)


def test_money_requests_are_decided_on_the_command_line(cli: Cli, database: TestDatabase):
    """Adjustment, refund and payout, each once; the balance follows."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    job_id, refund_id, withdrawal_id = asyncio.run(buy_and_spend(database, UUID(account)))
    filed = cli.ok("adjustment", "file", "--account", account, "--job", job_id, "--description", "cut off")
    assert cli.ok("adjustment", "approve", filed["adjustment_id"], "--amount", "4")["approved"] == "4"
    assert "reload" in cli.fails("adjustment", "approve", filed["adjustment_id"])
    assert [each["state"] for each in cli.ok("adjustment", "list", "--account", account)] == ["approved"]
    assert cli.ok("refund", "approve", refund_id)["outcome"] == "source"
    assert "reload" in cli.fails("refund", "decline", refund_id, "--note", "no")
    assert cli.ok("withdrawal", "approve", withdrawal_id)["paid_minor"] == 2_000
    assert cli.ok("account", "show", account)["balance"] == "69"
    assert cli.ok("withdrawal", "give-back", withdrawal_id, "--note", "wrong IBAN")["state"] == "failed"
    assert cli.ok("account", "show", account)["balance"] == "89"
    assert cli.ok("winddown", "refresh") == {"added": 1}
    assert "Bought credit is left" in cli.fails("winddown", "mark", account, "paid")
    assert cli.ok("winddown", "list")[0]["refundable"] == "89"
    begun = cli.ok("closing", "begin", "--account", account, "--reason", "asked by mail")
    assert (begun["state"], begun["returned"]) == ("deciding", "0")
    assert cli.ok("closing", "decide", begun["closing_id"], "return")["returned"] == "89"
    assert cli.ok("ledger", "verify")["ok"] is True


def test_support_requests_are_answered_on_the_command_line(cli: Cli):
    """Filed from a mail, answered by mail, closed."""
    filed = cli.ok("support", "file", "--email", "bob@example.org", "--subject", "Hi", "--message", "Where is it?")
    assert (filed["state"], filed["account_id"]) == ("open", None)
    replied = cli.ok("support", "reply", filed["support_id"], "--message", "Here.")
    assert replied["state"] == "answered"
    shown = cli.ok("support", "show", filed["support_id"])
    assert [each["message"] for each in shown["messages"]] == ["Where is it?", "Here."]
    assert cli.ok("support", "close", filed["support_id"])["state"] == "closed"
    assert [each["support_id"] for each in cli.ok("support", "list", "--state", "closed")] == [filed["support_id"]]


@pytest.mark.parametrize(
    "command",
    [
        ("support", "close"),
        ("adjustment", "approve"),
        ("refund", "approve"),
        ("withdrawal", "approve"),
    ],
)
def test_an_unknown_id_is_one_line(cli: Cli, command: tuple[str, str]):
    """What is not there is said in one line, and nothing is changed."""
    assert "There is no such" in cli.fails(*command, str(uuid4()))
