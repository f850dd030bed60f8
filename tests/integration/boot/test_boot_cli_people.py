"""Members and people on the command line: invited, removed, exported, erased; each with its line of the trail."""

from tests.integration.boot.conftest import Cli

WHY = ("--reason", "asked by mail")


def test_members_are_invited_listed_and_removed(cli: Cli):
    """An invitation is no member yet; who is none cannot be removed."""
    account = cli.ok("account", "create", "--email", "ann@example.com")["account_id"]
    invited = cli.ok("member", "invite", "--account", account, "--email", "bob@example.com", "--role", "billing")
    assert (invited["email"], invited["role"]) == ("bob@example.com", "billing")
    assert cli.ok("member", "list", "--account", account) == []
    assert "no member" in cli.fails("member", "remove", "--account", account, "--email", "bob@example.com")
    assert "address" in cli.fails("member", "invite", "--account", account, "--email", "bob")
    nobody = "00000000-0000-7000-8000-000000000000"
    for arguments in (("list",), ("invite", "--email", "bob@example.com")):
        assert "no account" in cli.fails("member", arguments[0], "--account", nobody, *arguments[1:])
    assert [line["action"] for line in cli.ok("audit", "list")] == ["member.invite"]


def test_a_person_is_exported_and_erased(cli: Cli):
    """An operator is erased after their scopes are revoked, and not before."""
    made = cli.ok("operator", "add", "--email", "op@example.com")
    other = cli.ok("operator", "add", "--email", "other@example.com")
    assert made["person_id"] != other["person_id"]
    told = cli.ok("person", "export", "--email", "OP@example.com", *WHY)
    assert told["person"]["email"] == "op@example.com"
    assert "hash" not in str(told)
    assert "operator" in cli.fails("person", "erase", "--email", "op@example.com", *WHY)
    cli.ok("operator", "revoke", "--email", "op@example.com")
    assert cli.ok("person", "erase", "--email", "op@example.com", *WHY)["status"] == "erased"
    assert "nobody" in cli.fails("person", "export", "--email", "op@example.com", *WHY)
