"""`farebox approval`, `invitation`, `case`, `person`: decisions on accounts and people, and their trail."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID, uuid4

from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase

from farebox.accounts import bars
from farebox.cases.case import open_case
from farebox.control.signup.opening import REVIEW, subject_of
from farebox.identity.person import NewPerson, make_person
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection, connect

T = TypeVar("T")
POLICY = '[sign_up]\nmode = "approved"\ncredit = "2"\n'
NOBODY = str(uuid4())


def on(database: TestDatabase, work: Callable[[Connection, IdSource], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = await connect(database.app_url, application_name="test-cli")
        try:
            return await work(connection, IdSource())
        finally:
            await connection.close()

    return asyncio.run(run())


def trail(cli: Cli) -> list[tuple[str, str, str]]:
    """Actor, action and reason of every line, the oldest first."""
    lines = cli.ok("audit", "list")
    return [(line["actor_kind"], line["action"], line["reason"]) for line in reversed(lines)]


def test_accounts_that_wait_are_let_in_or_declined(cli: Cli, database: TestDatabase):
    """Decided once, with credit and a closed review where the policy says so; who has credit is not declined."""
    cli.data_dir.mkdir()
    (cli.data_dir / "farebox.toml").write_text(POLICY)
    emails = ("ann@example.com", "bob@example.com", "eve@example.com")
    ann, bob, eve = (cli.ok("account", "create", "--email", email)["account_id"] for email in emails)

    async def bar(connection: Connection, ids: IdSource) -> None:
        for account in (ann, bob):
            await bars.bar(connection, UUID(account), "approval_pending")
            await open_case(connection, ids, REVIEW, subject_of(UUID(account)), account_id=UUID(account))
        await bars.bar(connection, UUID(eve), "region_not_served")

    on(database, bar)
    waiting = {each["account_id"]: each["code"] for each in cli.ok("approval", "list")}
    assert waiting == {ann: "approval_pending", bob: "approval_pending", eve: "region_not_served"}
    decided = cli.ok("approval", "approve", ann, "--note", "known")
    assert decided == {"account_id": ann, "status": "active", "bars": []}
    assert cli.ok("account", "show", ann)["balance"] == "2"
    assert "does not wait" in cli.fails("approval", "approve", ann)
    assert "does not wait" in cli.fails("approval", "allow-region", bob, "--note", "moved")
    assert cli.fails("approval", "decline", bob, "--note", " ", status=2)
    cli.ok("account", "grant", "1", "--account", bob, "--reason", "gift")
    assert "credit" in cli.fails("approval", "decline", bob, "--note", "spam")
    assert cli.ok("approval", "allow-region", eve, "--note", "moved")["bars"] == []
    assert [each["account_id"] for each in cli.ok("approval", "list")] == [bob]
    cases = {each["account_id"]: each["decision"] for each in cli.ok("case", "list", "--kind", "account_review")}
    assert cases == {ann: "approved", bob: ""}
    assert trail(cli) == [
        ("command", "account.approve", "known"),
        ("command", "account.grant", "gift"),
        ("command", "account.allow_region", "moved"),
    ]


def test_an_account_is_declined(cli: Cli, database: TestDatabase):
    """It is closed, and waits no longer."""
    account = cli.ok("account", "create", "--email", "bob@example.com")["account_id"]
    on(database, lambda connection, _: bars.bar(connection, UUID(account), "approval_pending"))
    assert cli.ok("approval", "decline", account, "--note", "spam")["status"] == "closed"
    assert cli.ok("approval", "list") == []
    assert "does not wait" in cli.fails("approval", "decline", account, "--note", "spam")


def test_somebody_is_invited_to_open_an_account(cli: Cli):
    """A second invitation replaces the first; taken back, it is over. The address is not on the trail."""
    first = cli.ok("invitation", "send", "--email", "new@example.com")
    second = cli.ok("invitation", "send", "--email", "new@example.com", "--language", "ja")
    assert [each["invitation_id"] for each in cli.ok("invitation", "list")] == [second["invitation_id"]]
    assert [each["kind"] for each in cli.ok("mail", "list")] == ["invitation", "invitation"]
    assert "no such invitation" in cli.fails("invitation", "revoke", first["invitation_id"])
    assert cli.ok("invitation", "revoke", second["invitation_id"])["revoked"] is True
    assert cli.ok("invitation", "list") == []
    assert "address" in cli.fails("invitation", "send", "--email", "new")
    assert [action for _, action, _ in trail(cli)] == ["invitation.create"] * 2 + ["invitation.revoke"]
    assert "new@example.com" not in str(cli.ok("audit", "list"))


def test_a_case_is_shown_and_closed_once(cli: Cli, database: TestDatabase):
    """With its facts; who comes second is told so."""

    async def work(connection: Connection, ids: IdSource) -> UUID:
        return await open_case(connection, ids, "margin", "model:m", facts={"margin": "-1.5"})

    case_id = str(on(database, work))
    assert [each["case_id"] for each in cli.ok("case", "list", "--status", "open")] == [case_id]
    assert cli.ok("case", "show", case_id)["facts"] == {"margin": "-1.5"}
    closed = cli.ok("case", "close", case_id, "--decision", "price raised", "--note", "see prices")
    assert (closed["status"], closed["decision"]) == ("closed", "price raised")
    assert "closed already" in cli.fails("case", "close", case_id, "--decision", "again")
    assert "no such case" in cli.fails("case", "show", NOBODY)
    assert cli.ok("case", "list", "--status", "open") == []
    assert trail(cli) == [("command", "case.close", "see prices")]


def test_a_person_is_kept_out_and_let_in_again(cli: Cli, database: TestDatabase):
    """Each with its reason; operators lose their scopes first."""
    new = NewPerson(email="ann@example.com", password_hash="")
    on(database, lambda connection, ids: make_person(connection, ids, new))
    cli.ok("operator", "add", "--email", "op@example.com")
    assert cli.ok("person", "show", "--email", "Ann@example.com")["status"] == "active"
    assert {each["email"] for each in cli.ok("person", "list")} == {"ann@example.com", "op@example.com"}
    terms = ("--email", "ann@example.com", "--reason", "stolen card")
    assert cli.ok("person", "suspend", *terms)["status"] == "suspended"
    assert "is suspended" in cli.fails("person", "suspend", *terms)
    assert "operator" in cli.fails("person", "suspend", "--email", "op@example.com", "--reason", "x")
    assert "--reason" in cli.fails("person", "restore", "--email", "ann@example.com", status=2)
    assert cli.ok("person", "restore", "--email", "ann@example.com", "--reason", "theirs")["status"] == "active"
    assert trail(cli)[1:] == [("command", "person.suspend", "stolen card"), ("command", "person.restore", "theirs")]
