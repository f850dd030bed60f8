"""Mail from the outbox to a real server: once, in the reader's language, whatever fails in between."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from tests.support.cutting_short import CutShort
from tests.support.mail import MailServer, html_of, mail_server, text_of
from tests.support.postgres import TestDatabase

from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.notices.settings import MailSettings
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection, connect, create_pool
from farebox.worker.mail_sender import MailSender, delay_of

SEAL = Seal(b"a secret key of tests, never of anybody else")
IDS = IdSource()
PAID = {"amount": "5", "unit": "USD", "balance": "7.5"}


@pytest.fixture
async def connection(database: TestDatabase, anyio_backend: object) -> AsyncIterator[Connection]:
    """A connection for the test, and for the sender when there is one only."""
    made = await connect(database.app_url, application_name="test")
    yield made
    await made.close()


def _sender(settings: MailSettings) -> MailSender:
    return MailSender(settings, "https://gateway.example", SEAL, get_logger("test"))


async def _person(connection: Connection, *, language: str = "en", email: str = "") -> tuple[UUID, str]:
    person_id, email = IDS.new(), email or f"{uuid4().hex}@example.com"
    await connection.execute(
        "INSERT INTO person (id, email, email_verified_at, language) VALUES ($1, $2, now(), $3)",
        person_id,
        email,
        language,
    )
    return person_id, email


async def _queue(connection: Connection, person_id: UUID, kind: str = "recharge_credited", **facts: str) -> None:
    await queue_mail(connection, IDS, kind, person_id, facts or PAID, dedupe_key=f"test:{uuid4()}")


async def _states(connection: Connection) -> list[str]:
    return [row["state"] for row in await connection.fetch("SELECT state FROM mail ORDER BY id")]


async def _come_due(connection: Connection) -> None:
    await connection.execute("UPDATE mail SET next_at = now() - interval '1 second'")


async def test_everybody_is_told_in_their_own_language(connection: Connection) -> None:
    """Text and HTML with the same words, a Message-ID of the row, a way out where one may leave, and no trace left."""
    async with mail_server() as server:
        emails = {}
        for language in ("en", "zh-CN", "zh-TW", "ja", "de"):
            person_id, emails[language] = await _person(connection, language=language)
            await _queue(connection, person_id)
        await _sender(server.settings).work(connection)
        said = {
            "en": "5 USD were added to your balance",
            "zh-CN": "5 USD 已计入您的余额",
            "zh-TW": "5 USD 已計入您的餘額",
            "ja": "5 USD を残高に追加しました",
            "de": "5 USD were added to your balance",
        }
        for language, email in emails.items():
            (message,) = server.told(email)
            assert message["subject"] == said[language]
            assert "7.5 USD" in text_of(message)
            assert "7.5 USD" in html_of(message)
            assert message["list-unsubscribe"].startswith("<https://gateway.example/unsubscribe/")
            assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        rows = await connection.fetch("SELECT id, state, address FROM mail")
        assert {f"<{row['id']}@farebox.example>" for row in rows} == {each["message-id"] for each in server.received}
        assert {(row["state"], row["address"]) for row in rows} == {("sent", "")}
        assert all(envelope.content.isascii() for envelope in server.envelopes)


async def test_a_link_is_gone_once_it_was_sent(connection: Connection) -> None:
    """Facts that open something do not stay in the database; essential mail has no way out."""
    async with mail_server() as server:
        person_id, email = await _person(connection)
        await _queue(connection, person_id, "password_reset", link="https://gateway.example/reset/S3CRET")
        await _sender(server.settings).work(connection)
        (message,) = server.told(email)
        assert "https://gateway.example/reset/S3CRET" in text_of(message)
        assert message["list-unsubscribe"] is None
        assert await connection.fetchval("SELECT facts FROM mail") == {}


async def test_many_senders_send_each_message_once(database: TestDatabase) -> None:
    """Four at once share sixty messages; none is sent twice and none is left."""
    pool = await create_pool(database.app_url, application_name="test", max_size=4)
    async with mail_server() as server, pool.acquire() as connection:
        for _ in range(60):
            await _queue(connection, (await _person(connection))[0])

        async def send() -> None:
            async with pool.acquire() as own:
                await _sender(server.settings).work(own)

        await pool.release(connection)
        await asyncio.gather(*(send() for _ in range(4)))
        assert len(server.received) == 60
        assert len({each["message-id"] for each in server.received}) == 60
        assert len(server.envelopes) == 60
    async with pool.acquire() as connection:
        assert set(await _states(connection)) == {"sent"}
    await pool.close()


async def test_a_sender_may_be_killed_anywhere(database: TestDatabase, connection: Connection) -> None:
    """At every await: afterwards the message was sent once, or stands as one that may have arrived; never twice."""
    outcomes: set[tuple[int, str]] = set()
    async with mail_server() as server:
        at, was_cut = 0, True
        while was_cut:
            at += 1
            person_id, email = await _person(connection)
            await _queue(connection, person_id)
            killed = await connect(database.app_url, application_name="test-killed")
            work = CutShort(_sender(server.settings).work(killed), at)
            with contextlib.suppress(asyncio.CancelledError):
                await work
            was_cut = work.was_cut
            await killed.close(timeout=10)
            await connection.execute("UPDATE mail SET next_at = now() - interval '1 second' WHERE state <> 'sent'")
            await _sender(server.settings).work(connection)
            state = await connection.fetchval("SELECT state FROM mail WHERE person_id = $1", person_id)
            outcomes.add((len(server.told(email)), state))
        assert at > 20
    assert outcomes == {(1, "sent"), (1, "failed"), (0, "failed")}, outcomes
    note = await connection.fetchval("SELECT DISTINCT error FROM mail WHERE state = 'failed'")
    assert "may have arrived" in note


async def test_a_cut_after_the_message_is_not_sent_again(connection: Connection) -> None:
    """The server has it and its answer is lost: it is not sent a second time, and the operator sees why."""
    async with mail_server() as server:
        await _queue(connection, (await _person(connection))[0])
        server.of_data = lambda _: "cut"
        await _sender(server.settings).work(connection)
        await _come_due(connection)
        await _sender(server.settings).work(connection)
        assert len(server.received) == 1
        state, error = await connection.fetchrow("SELECT state, error FROM mail")
        assert state == "failed"
        assert error.startswith("it may have arrived")


@pytest.mark.parametrize("stage", ["of_recipient", "of_data"])
async def test_a_temporary_answer_is_tried_again_later(connection: Connection, stage: str) -> None:
    """Others are served meanwhile; the wait doubles; the address that the server repeats is not kept."""
    async with mail_server() as server:
        grey, email = await _person(connection)
        await _queue(connection, grey)
        other, other_email = await _person(connection)
        await _queue(connection, other)
        setattr(server, stage, lambda to: f"451 4.7.1 <{to}> greylisted" if to == email else None)
        await _sender(server.settings).work(connection)
        assert await _states(connection) == ["waiting", "sent"]
        assert len(server.told(other_email)) == 1
        error, wait_s = await connection.fetchrow(
            "SELECT error, extract(epoch FROM next_at - now())::float8 FROM mail WHERE state = 'waiting'"
        )
        assert error == "451 4.7.1 <…> greylisted"
        assert 50 < wait_s <= 60
        await _sender(server.settings).work(connection)
        assert len(server.received) == 1
        setattr(server, stage, lambda _: None)
        await _come_due(connection)
        await _sender(server.settings).work(connection)
        assert len(server.told(email)) == 1


def test_the_wait_doubles_up_to_four_hours() -> None:
    """One minute, two, four; never more than four hours."""
    assert [int(delay_of(attempts).total_seconds()) for attempts in (1, 2, 3, 9, 18)] == [60, 120, 240, 14400, 14400]


@pytest.mark.parametrize("stage", ["of_recipient", "of_data"])
async def test_a_permanent_answer_ends_it(connection: Connection, stage: str) -> None:
    """No mailbox: failed with the server's words, and not tried again; the next one goes out on the same connection."""
    async with mail_server() as server:
        gone, email = await _person(connection)
        await _queue(connection, gone)
        await _queue(connection, (await _person(connection))[0])
        setattr(server, stage, lambda to: "550 5.1.1 no such mailbox" if to == email else None)
        await _sender(server.settings).work(connection)
        assert await _states(connection) == ["failed", "sent"]
        assert await connection.fetchval("SELECT error FROM mail WHERE state = 'failed'") == "550 5.1.1 no such mailbox"


async def test_trouble_with_the_server_is_no_message_s_fault(connection: Connection) -> None:
    """No server, a refused sender, no TLS where the settings insist on it: all wait, and go out when it is over."""
    async with mail_server() as server:
        await _queue(connection, (await _person(connection))[0])
        nobody = MailSettings(host="127.0.0.1", port=1, tls="none", sender="a@farebox.example")
        await _sender(nobody).work(connection)
        assert (await _states(connection), await connection.fetchval("SELECT attempts FROM mail")) == (["waiting"], 0)
        insisting = MailSettings(host="127.0.0.1", port=server.port, tls="starttls", sender="a@farebox.example")
        await _sender(insisting).work(connection)
        assert (await _states(connection), server.received) == (["waiting"], [])
        server.of_sender = lambda _: "550 not from here"
        await _sender(server.settings).work(connection)
        assert await _states(connection) == ["waiting"]
        server.of_sender = lambda _: None
        await _come_due(connection)
        await _sender(server.settings).work(connection)
        assert (await _states(connection), len(server.received)) == (["sent"], 1)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com> SIZE=1\r\nRCPT TO:<b@example.com",
        '"a b"@example.com',
        "a@example.com, b@example.com",
        "a@[127.0.0.1]",
        "nobody",
        "",
    ],
)
async def test_nothing_can_be_smuggled_into_an_envelope(connection: Connection, address: str) -> None:
    """An address that is none is never given to a server."""
    async with mail_server() as server:
        await _queue(connection, (await _person(connection, email=address or "x"))[0])
        await connection.execute("UPDATE mail SET address = $1", address)
        await _sender(server.settings).work(connection)
        assert (server.received, await _states(connection)) == ([], ["failed"])


async def test_facts_cannot_add_headers_or_readers(connection: Connection) -> None:
    """A name with line breaks is one line of one message to one person; dots and SMTP commands in it are text."""
    async with mail_server() as server:
        person_id, email = await _person(connection)
        title = "Hello\r\nBcc: all@example.com\r\n\r\n.\r\nMAIL FROM:<x@example.com>"
        await _queue(connection, person_id, "announcement", title=title, text="a\n.\nQUIT\n\n..b")
        await _sender(server.settings).work(connection)
        (message,) = server.received
        assert message["subject"] == "Hello Bcc: all@example.com . MAIL FROM:<x@example.com>"
        assert (message["bcc"], message["to"]) == (None, email)
        assert "a\n.\nQUIT" in text_of(message).replace("\r\n", "\n")
        assert [envelope.rcpt_tos for envelope in server.envelopes] == [[email]]


async def test_who_is_gone_or_does_not_want_it_is_left_alone(connection: Connection) -> None:
    """Erased meanwhile, or switched off meanwhile: dropped unsent. What is essential cannot be switched off."""
    async with mail_server() as server:
        erased, _ = await _person(connection)
        muted, _ = await _person(connection)
        await _queue(connection, erased)
        await _queue(connection, muted)
        await connection.execute("UPDATE person SET status = 'erased', email = '' WHERE id = $1", erased)
        await connection.execute(
            "INSERT INTO notice_preference (person_id, muted) VALUES ($1, '{recharge_credited}')", muted
        )
        await _sender(server.settings).work(connection)
        assert server.received == []
        rows = await connection.fetch("SELECT state, address, facts FROM mail")
        assert {(row["state"], row["address"], str(row["facts"])) for row in rows} == {("dropped", "", "{}")}


async def test_an_unknown_kind_is_shown_to_the_operator_and_holds_up_nobody(connection: Connection) -> None:
    """It fails with its name; the next message goes out."""
    async with mail_server() as server:
        person_id, _ = await _person(connection)
        await _queue(connection, person_id, "no_such_kind", a="b")
        await _queue(connection, person_id)
        await _sender(server.settings).work(connection)
        assert await _states(connection) == ["failed", "sent"]


def test_settings_of_the_server_print_no_password() -> None:
    """What may end up in a log."""
    settings = MailServer(port=25).settings
    assert "hunter2" not in repr(MailSettings(host="h", port=1, tls="tls", sender="s", user="u", password="hunter2"))
    assert "no-reply" in settings.sender
