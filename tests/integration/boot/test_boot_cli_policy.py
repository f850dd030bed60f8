"""`farebox policy`: the rules of the file and the defaults of all others."""

from tests.integration.boot.conftest import Cli


def test_every_rule_is_told_and_what_the_file_changes(cli: Cli) -> None:
    """What the file leaves out has its default; what it sets otherwise is marked, and can be asked for alone."""
    cli.data_dir.mkdir(exist_ok=True)
    (cli.data_dir / "farebox.toml").write_text("[refund]\nwindow_days = 14\n")
    rules = {(rule["section"], rule["name"]): rule for rule in cli.ok("policy")}
    assert rules["refund", "window_days"]["value"] == 14
    assert rules["refund", "unused"] == {
        "section": "refund",
        "name": "unused",
        "value": "review",
        "is_default": True,
    }
    assert [rule["name"] for rule in cli.ok("policy", "--changed")] == ["window_days"]
    assert cli.run("policy", "--changed") == (0, "refund.window_days = 14  # changed\n", "")
