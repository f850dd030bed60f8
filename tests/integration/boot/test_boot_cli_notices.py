"""Terms, other texts, announcements and the outbox on the command line."""

import asyncio
from pathlib import Path

from tests.integration.boot.conftest import Cli
from tests.support.postgres import TestDatabase
from tests.support.tills import ask


def test_terms_are_published_with_their_notice(cli: Cli, tmp_path: Path):
    """The first at once, the next with the policy's days; English is needed; each is on the trail."""
    english, japanese = tmp_path / "en.md", tmp_path / "ja.md"
    english.write_text("# Terms\n\n1. Pay first.\n")
    japanese.write_text("規約\n\n一\n", "utf-8")
    first = cli.ok("terms", "publish", f"en={english}", f"ja={japanese}")
    assert (first["version"], first["title"], first["languages"]) == (1, "Terms", ["en", "ja"])
    assert "7 days of notice" in cli.fails("terms", "publish", f"en={english}", "--effective", "2d")
    assert cli.ok("terms", "publish", f"en={english}", "--effective", "8d")["version"] == 2
    assert "at least English" in cli.fails("terms", "publish", f"ja={japanese}", "--effective", "9d")
    english.write_text("# Only a title")
    assert "text below" in cli.fails("terms", "publish", f"en={english}", "--effective", "9d")
    assert [each["version"] for each in cli.ok("terms", "list")] == [2, 1]
    assert [line["action"] for line in cli.ok("audit", "list")] == ["terms.publish"] * 2


def test_texts_are_published_and_older_versions_shown(cli: Cli, tmp_path: Path):
    """In force at once; English is needed; what an earlier version said stays; each is on the trail."""
    english, chinese = tmp_path / "en.md", tmp_path / "zh.md"
    english.write_text("# Refunds\n\nWithin 14 days.\n")
    chinese.write_text("退款规则\n\n十四天内。\n", "utf-8")
    assert "has been published yet" in cli.fails("text", "show", "refund_rules")
    first = cli.ok("text", "publish", "refund-rules", f"en={english}", f"zh-CN={chinese}")
    assert (first["kind"], first["version"], first["languages"]) == ("refund_rules", 1, ["en", "zh-CN"])
    assert "at least English" in cli.fails("text", "publish", "refund_rules", f"zh-CN={chinese}")
    english.write_text("# Refunds\n\nWithin 30 days.\n")
    assert cli.ok("text", "publish", "refund_rules", f"en={english}")["version"] == 2
    assert cli.ok("text", "show", "refund_rules")["texts"] == {"en": {"title": "Refunds", "body": "Within 30 days."}}
    before = cli.ok("text", "show", "refund_rules", "--version", "1")
    assert before["texts"]["zh-CN"] == {"title": "退款规则", "body": "十四天内。"}
    assert [each["version"] for each in cli.ok("text", "list")] == [2, 1]
    assert [line["action"] for line in cli.ok("audit", "list")] == ["text.publish"] * 2


def test_announcements_are_made_and_withdrawn(cli: Cli):
    """In several languages, with a window; withdrawn once."""
    made = cli.ok(
        "announcement", "make", "Work|At night", "ja=作業", "--kind", "maintenance", "--starts", "1d", "--ends", "2d"
    )
    assert (made["title"], made["languages"], made["mail"]) == ("Work", ["en", "ja"], "none")
    assert "end after it starts" in cli.fails("announcement", "make", "Work", "--ends", "1d")
    assert cli.ok("announcement", "withdraw", made["announcement_id"])["withdrawn_at"]
    assert "withdrawn already" in cli.fails("announcement", "withdraw", made["announcement_id"])
    assert len(cli.ok("announcement", "list")) == 1


def test_failed_mail_is_listed_and_sent_again(cli: Cli, database: TestDatabase):
    """Only what has failed can be sent again, once."""
    insert = (
        "INSERT INTO mail (id, dedupe_key, kind, address, state, error) VALUES"
        " (gen_random_uuid(), 'a', 'announcement', 'a@example.com', 'failed', '550 no') RETURNING 1"
    )
    asyncio.run(ask(database.admin_url, insert))
    (failed,) = cli.ok("mail", "list", "--state", "failed")
    assert failed["error"] == "550 no"
    assert cli.ok("mail", "send-again", failed["mail_id"])["state"] == "waiting"
    assert "no such message" in cli.fails("mail", "send-again", failed["mail_id"])
    assert cli.ok("mail", "list", "--state", "failed") == []
