"""Payments, refunds and withdrawals as an operator looks at them and files them, on the command line."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from tests.integration.boot.conftest import Cli
from tests.support.aftersale import charge_lots
from tests.support.payment_facts import DOLLAR, about, books_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase

from farebox.payments import event_store
from farebox.payments.books import Books
from farebox.payments.fact import DisputeTold
from farebox.payments.merging import apply_fact
from farebox.storage.database import Connection, connect

T = TypeVar("T")
NOBODY = str(uuid4())
POLICY = '[withdrawal]\nallowed = "always"\nmigration = "always"\n'


def on(database: TestDatabase, work: Callable[[Connection, Books], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = await connect(database.app_url, application_name="test-cli")
        try:
            return await work(connection, books_of())
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_payment_made_twice_becomes_credit(cli: Cli, database: TestDatabase):
    """Shown with its recharge; credited once, and then neither again nor refused silently."""

    async def work(connection: Connection, books: Books) -> tuple[UUID, UUID]:
        account_id = await new_account(connection, books)
        recharge = await new_recharge(connection, books, account_id)
        await apply_fact(connection, books, paid(recharge))
        await apply_fact(connection, books, paid(recharge, "pi_again"))
        return account_id, recharge.id

    account, recharge = map(str, on(database, work))
    shown = cli.ok("recharge", "show", recharge)
    assert (len(shown["payments"]), shown["account"]["balance"]) == (2, "100")
    (again,) = cli.ok("payment", "list", "--problem")
    assert again["problem"] == "duplicate"
    credit = ("payment", "credit", again["payment_id"])
    assert "--reason" in cli.fails(*credit, status=2)
    assert cli.ok(*credit, "--reason", "wants it")["credited"] == "100"
    assert "is credited" in cli.fails(*credit, "--reason", "wants it")
    assert cli.ok("account", "show", account)["balance"] == "200"
    (line,) = cli.ok("audit", "list", "--action", "payment.credit_anyway")
    assert (line["actor_kind"], line["reason"]) == ("command", "wants it")
    for noun in ("recharge", "payment", "dispute", "refund", "withdrawal"):
        assert "no such" in (said := cli.fails(noun, "show", NOBODY)) or NOBODY in said
    assert cli.ok("ledger", "verify")["ok"]


def test_a_refund_by_hand_is_ended(cli: Cli, database: TestDatabase):
    """Given up, its credit comes back; done, it is over; each only once."""

    async def work(connection: Connection, books: Books) -> UUID:
        account_id = await new_account(connection, books)
        terms = {"method": "manual", "state": "review", "needs_review": True, "evidence": "SEPA 1"}
        return (await new_recharge(connection, books, account_id, **terms)).id

    account = cli.ok("recharge", "approve", str(on(database, work)))["account_id"]
    (payment,) = cli.ok("payment", "list")
    ends = (("given-up", "100"), ("done", "60"))
    for outcome, balance in ends:
        refund = ("payment", "refund", payment["payment_id"], "--amount", "40", "--reason", "asked")
        end = ("payment", "end-refund", cli.ok(*refund)["refund_id"], outcome, "--note", "bank said so")
        assert cli.ok("account", "show", account)["balance"] == "60"
        cli.ok(*end, "--reference", f"SEPA {outcome}")
        cli.fails(*end)
        assert cli.ok("account", "show", account)["balance"] == balance
    shown = cli.ok("payment", "show", payment["payment_id"])
    assert (shown["refundable"], sorted(each["state"] for each in shown["refunds"])) == ("60", ["failed", "succeeded"])
    assert "no such refund" in cli.fails("payment", "end-refund", NOBODY, "done", "--note", "x")
    assert cli.ok("ledger", "verify")["ok"]


def test_a_stored_event_is_applied_again(cli: Cli, database: TestDatabase, monkeypatch: pytest.MonkeyPatch):
    """Only with its provider's credentials, and on the trail."""

    async def work(connection: Connection, books: Books) -> None:
        told = {"id": "evt_1", "type": "price.created", "livemode": False, "created": 1, "data": {"object": {}}}
        body = json.dumps(told).encode()
        await event_store.insert(connection, books.ids.new(), "stripe", "evt_1", "price.created", body)

    on(database, work)
    (event,) = cli.ok("payment", "event", "list", "--waiting")
    replay = ("payment", "event", "replay", event["event_row_id"])
    assert "stripe is not set up" in cli.fails(*replay)
    monkeypatch.setenv("FAREBOX_STRIPE_SECRET_KEY", "sk_test_of_tests")
    assert cli.ok(*replay)["outcome"] == "ignored"
    assert cli.ok("payment", "event", "list", "--waiting") == []
    assert "no event" in cli.fails("payment", "event", "replay", NOBODY)
    assert [each["action"] for each in cli.ok("audit", "list")] == ["payment_event.replay"]


def test_requests_are_filed_and_reviewed_by_their_facts(cli: Cli, database: TestDatabase):
    """What is used, owed and disputed stands beside a refund; a withdrawal names where it goes."""
    cli.data_dir.mkdir()
    (cli.data_dir / "farebox.toml").write_text(POLICY)

    async def work(connection: Connection, books: Books) -> tuple[UUID, UUID]:
        account_id = await new_account(connection, books)
        await apply_fact(connection, books, paid(await new_recharge(connection, books, account_id)))
        await charge_lots(connection, books.ids, account_id, 10 * DOLLAR)
        return account_id, await new_account(connection, books)

    account, other = map(str, on(database, work))
    (payment,) = cli.ok("payment", "list")
    file = ("refund", "file", "--account", account, "--payment", payment["payment_id"])
    filed = cli.ok(*file, "--amount", "5", "--reason", "by mail")
    assert (filed["state"], filed["amount"]) == ("open", "5")
    assert "open already" in cli.fails(*file)
    assert "no such payment" in cli.fails("refund", "file", "--account", other, "--payment", payment["payment_id"])
    shown = cli.ok("refund", "show", filed["refund_request_id"])
    assert (shown["payment"]["used"], shown["payment"]["refundable"]) == ("10", "90")
    assert (shown["account"]["balance"], shown["account"]["disputes"], shown["lots"][0]["remaining"]) == ("90", 0, "90")
    assert "provider_cost" in shown["account"]
    out = ("withdrawal", "file", "--account", account, "--amount")
    assert "--destination" in cli.fails(*out, "20", status=2)
    assert "--to-account" in cli.fails(*out, "20", "--destination", "IBAN", "--to-account", other, status=2)
    assert "can be paid out" in cli.fails(*out, "91", "--destination", "IBAN DE02")
    payout = cli.ok(*out, "20", "--destination", "IBAN DE02", "--currency", "USD")
    assert cli.ok("withdrawal", "show", payout["withdrawal_id"]) == payout
    cli.ok("withdrawal", "decline", payout["withdrawal_id"], "--note", "not theirs")
    move = cli.ok(*out, "20", "--to-account", other)
    assert cli.ok("withdrawal", "approve", move["withdrawal_id"])["state"] == "done"
    assert cli.ok("account", "show", other)["balance"] == "20"
    assert [each["actor_kind"] for each in cli.ok("audit", "list", "--action", "withdrawal.ask")] == ["command"] * 2
    assert cli.ok("ledger", "verify")["ok"]


def test_a_dispute_is_shown(cli: Cli, database: TestDatabase):
    """With its decision, beside its payment as well."""

    async def work(connection: Connection, books: Books) -> None:
        first = paid(await new_recharge(connection, books, await new_account(connection, books)))
        await apply_fact(connection, books, first)
        await apply_fact(
            connection, books, about(first, dispute=DisputeTold(ref="dp_1", gross_minor=10_000, state="open"))
        )

    on(database, work)
    (dispute,) = cli.ok("dispute", "list")
    cli.fails("dispute", "decide", dispute["dispute_id"], "won", "--note", "", status=2)
    cli.ok("dispute", "decide", dispute["dispute_id"], "lost", "--note", "no proof")
    shown = cli.ok("dispute", "show", dispute["dispute_id"])
    assert (shown["decision"], shown["outcome"], shown["note"]) == ("lost", "lost", "no proof")
    assert cli.ok("payment", "show", dispute["payment_id"])["disputes"] == [shown]


def test_support_is_filed_with_its_facts_and_answered_by_template(cli: Cli):
    """Whose, which payment, which job; templates are written, replaced and dropped by name and language."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    facts = ("--payment-method", "bank transfer", "--payment-reference", "FB-1", "--job", NOBODY, "--amount", "20 USD")
    file = ("support", "file", "--email", "ann@work.example", "--subject", "Where?", "--message", "I paid.")
    filed = cli.ok(*file, "--account", account, *facts)
    assert (filed["account_id"], filed["payment_method"], filed["payment_reference"], filed["job_id"]) == (
        account,
        "bank transfer",
        "FB-1",
        NOBODY,
    )
    assert filed["amount"] == "20 USD"
    assert "no account" in cli.fails(*file, "--account", NOBODY)
    assert cli.fails(*file[:-1], " ", status=2)
    for words in ("It came.", "It has come."):
        cli.ok("support", "template", "put", "arrived", "--message", words)
    cli.ok("support", "template", "put", "arrived", "--message", "届きました。", "--language", "ja")
    found = {(each["name"], each["language"]): each["message"] for each in cli.ok("support", "template", "list")}
    assert found == {("arrived", "en"): "It has come.", ("arrived", "ja"): "届きました。"}
    cli.ok("support", "template", "drop", "arrived")
    assert "no template" in cli.fails("support", "template", "drop", "arrived")
    assert "lower-case" in cli.fails("support", "template", "put", "Arrived!", "--message", "x", status=2)
    actions = [each["action"] for each in cli.ok("audit", "list")]
    assert actions.count("support_template.put") == 3
    assert actions[0] == "support_template.drop"
