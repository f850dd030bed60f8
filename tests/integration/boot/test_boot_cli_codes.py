"""`farebox code`: the same actions as the operators' API."""

from tests.integration.boot.conftest import Cli


def test_codes_are_made_listed_and_voided(cli: Cli) -> None:
    """Codes are printed when they are made and never again; a void one, and a void batch, stay void."""
    made = cli.ok("code", "create", "--count", "2", "--amount", "5", "--until", "30d", "--note", "fair")
    assert (made["kind"], made["count"], made["redeemed"], len(set(made["codes"]))) == ("promo", 2, 0, 2)
    status, out, err = cli.run(
        "code", "create", "--count", "2", "--amount", "9", "--price-minor", "800", "--currency", "EUR"
    )
    assert (status, len(out.splitlines())) == (0, 2)
    assert "not shown again" in err
    batches = cli.ok("code", "list")
    assert [(each["kind"], each["amount"], each["price_minor"]) for each in batches] == [
        ("sold", "9", 800),
        ("promo", "5", None),
    ]
    codes = cli.ok("code", "list", "--batch", made["batch_id"])
    assert {each["hint"] for each in codes} == {code[:4] for code in made["codes"]}
    assert not any(code in str(batches) + str(codes) for code in made["codes"])
    found = cli.ok("code", "find", made["codes"][0].lower())
    assert (found["hint"], found["state"]) == (made["codes"][0][:4], "open")
    assert cli.fails("code", "find", "NOSUCHCODE")
    voided = cli.ok("code", "void", made["batch_id"], "--code", codes[0]["code_id"], "--reason", "lost")
    assert voided["state"] == "void"
    assert "is void" in cli.fails("code", "void", made["batch_id"], "--code", codes[0]["code_id"], "--reason", "lost")
    assert cli.ok("code", "void", made["batch_id"], "--reason", "over")["voided_at"]
    assert [each["state"] for each in cli.ok("code", "list", "--batch", made["batch_id"])] == ["void", "void"]
    assert "of which currency" in cli.fails("code", "create", "--count", "1", "--amount", "5", "--price-minor", "800")
    assert "no such batch" in cli.fails("code", "list", "--batch", codes[0]["code_id"])
    cli.fails("code", "create", "--count", "1", "--amount", "0", status=2)
