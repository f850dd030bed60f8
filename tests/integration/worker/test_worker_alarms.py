"""Alarms of the deployment: a case and one mail to each operator while something is wrong, closed when it is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.conduct import Conduct
from tests.support.postgres import TestDatabase

from farebox.accounts.service import show_account
from farebox.cases.case import close_case
from farebox.domain.policies.risk import AlarmPolicy, RiskPolicy, RiskRule
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.worker.alarm_watch import AlarmWatch
from farebox.worker.provider_accounts import ProviderAccounts
from farebox.worker.risk_scan import RiskScan
from farebox.worker.spool_watch import SpoolWatch

IDS, LOGGER = IdSource(), get_logger("test")
NANO = 10**9


@pytest.fixture
async def made(database: TestDatabase) -> AsyncIterator[Conduct]:
    """With two operators, of whom one reads cases."""
    connection = await connect(database.app_url, application_name="test")
    for scopes in (["risk:write"], ["support:write"]):
        person_id = IDS.new()
        await connection.execute(
            "INSERT INTO person (id, email, email_verified_at) VALUES ($1, $2, now())", person_id, f"{person_id}@op.org"
        )
        await connection.execute("INSERT INTO operator_grant (person_id, scopes) VALUES ($1, $2)", person_id, scopes)
    yield Conduct(connection)
    await connection.close()


async def _channel(made: Conduct, name: str, *, keys: int = 0) -> UUID:
    channel_id = uuid4()
    await made.connection.execute(
        "INSERT INTO channel (id, name, kind, provider, base_url) VALUES ($1, $2, 'openai', 'openai', 'https://x')",
        channel_id,
        name,
    )
    for _ in range(keys):
        await made.connection.execute(
            "INSERT INTO channel_key (id, channel_id, sealed) VALUES ($1, $2, '')", uuid4(), channel_id
        )
    return channel_id


async def _traffic(made: Conduct, channel_id: UUID, *, answered: int = 0, auth_faults: int = 0) -> None:
    """All there is of the channel; a clock that strikes the hour meanwhile changes nothing."""
    await made.connection.execute("DELETE FROM traffic_hour WHERE channel_id = $1", channel_id)
    await made.connection.execute(
        "INSERT INTO traffic_hour (hour, model, channel_id, stream, answered, auth_faults, first_byte_counts)"
        " VALUES (date_trunc('hour', now()), 'm', $1, false, $2, $3, '{}')",
        channel_id,
        answered,
        auth_faults,
    )


async def _watch(made: Conduct, **policy: Any) -> list[tuple[str, str]]:
    """A look; kind and subject of the cases that are open then."""
    await AlarmWatch(AlarmPolicy(**policy), "USD", IDS, LOGGER).work(made.connection)
    return await _open(made)


async def _open(made: Conduct) -> list[tuple[str, str]]:
    rows = await made.connection.fetch("SELECT kind, subject FROM review_case WHERE status = 'open' ORDER BY id")
    return [(row["kind"], row["subject"]) for row in rows]


async def _mails(made: Conduct) -> list[str]:
    rows = await made.connection.fetch("SELECT kind, facts FROM mail ORDER BY created_at")
    assert {row["kind"] for row in rows} <= {"operator_alarm"}
    return [row["facts"]["title"] for row in rows]


async def test_a_failing_channel_rings_once_and_is_over_by_itself(made: Conduct) -> None:
    """From the share and number of the policy on; one mail to who reads cases; an idle or half-well one does not."""
    channel, idle = await _channel(made, "main"), await _channel(made, "idle")
    await _traffic(made, idle, auth_faults=19)
    await _traffic(made, channel, answered=11, auth_faults=10)
    assert await _watch(made) == []
    await _traffic(made, channel, answered=10, auth_faults=10)
    for _ in range(3):
        assert await _watch(made) == [("channel", f"channel:{channel}")]
    assert await _mails(made) == ["The channel main fails"]
    await _traffic(made, channel, answered=1_000, auth_faults=10)
    assert await _watch(made) == []
    assert await made.connection.fetchval("SELECT decision FROM review_case") == "over"
    await _traffic(made, channel, answered=0, auth_faults=90)
    assert len(await _watch(made)) == 1
    assert len(await _mails(made)) == 2


async def test_who_closed_an_alarm_hears_of_it_a_day_later(made: Conduct) -> None:
    """An operator's closing is not undone by the next look; what goes on for a day is told again."""
    channel = await _channel(made, "main")
    await _traffic(made, channel, auth_faults=90)
    await _watch(made)
    case_id = await made.connection.fetchval("SELECT id FROM review_case")
    await close_case(made.connection, case_id, decision="we know")
    assert await _watch(made) == []
    await made.connection.execute("UPDATE review_case SET closed_at = closed_at - interval '25 hours'")
    assert len(await _watch(made)) == 1
    assert len(await _mails(made)) == 2


async def test_a_loss_of_a_day_rings_by_model_and_channel(made: Conduct) -> None:
    """At the policy's amount, not below; hours of the day before yesterday do not count."""
    channel = await _channel(made, "main")

    async def sold(model: str, charge: int, cost: int, hours: int = 1) -> None:
        await made.connection.execute(
            "INSERT INTO margin_hour VALUES (date_trunc('hour', now()) - make_interval(hours => $4), $1, $5, 1, 0,"
            " $2, 0, $3)",
            model,
            charge,
            cost,
            hours,
            channel,
        )

    await sold("fair", 5 * NANO, 6 * NANO - 1)
    await sold("old", 0, 9 * NANO, hours=26)
    assert await _watch(made) == []
    await sold("dear", 0, 5 * NANO)
    assert await _watch(made) == [("margin", f"channel:{channel}"), ("margin", "model:dear")]
    assert await _watch(made, day_loss="7") == []


async def test_deliveries_in_doubt_and_overdue_queues_are_told(made: Conduct) -> None:
    """A count of jobs while there are any; of a queue one mail a day, whatever its cases."""
    job_id = await made.job(await made.account())
    await made.connection.execute("UPDATE job SET delivery_unknown = true WHERE id = $1", job_id)
    for n in range(3):
        await made.connection.execute(
            "INSERT INTO review_case (id, kind, subject, due_at) VALUES ($1, 'overdue', $2, now())",
            uuid4(),
            f"{'support' if n else 'refund_request'}:{uuid4()}",
        )
    for _ in range(2):
        assert ("delivery_unknown", "jobs") in await _watch(made)
    assert sorted(await _mails(made)) == [
        "1 overdue in the queue refund_request",
        "2 overdue in the queue support",
        "Answers may not have arrived",
    ]
    await made.connection.execute("UPDATE job SET delivery_unknown = false")
    assert {kind for kind, _ in await _watch(made)} == {"overdue"}


async def _rest(made: Conduct, channel_id: UUID, *, but: int = 0) -> None:
    """The keys of a channel are not fit, but for so many."""
    await made.connection.execute(
        "INSERT INTO health (subject, state, until) SELECT 'channel_key:' || id, 'open', now() + interval '1 minute'"
        " FROM (SELECT id FROM channel_key WHERE channel_id = $1 ORDER BY id OFFSET $2) AS keys"
        " ON CONFLICT (subject) DO NOTHING",
        channel_id,
        but,
    )


async def test_a_dead_pool_is_told_when_it_lasts(made: Conduct) -> None:
    """One key that works is enough; a moment's rest is none; without refused keys nobody says the account has ended."""
    channel = await _channel(made, "main", keys=3)
    watch = ProviderAccounts(RiskPolicy(), IDS, LOGGER, patience=timedelta(0))
    patient = ProviderAccounts(RiskPolicy(), IDS, LOGGER)
    await _rest(made, channel, but=1)
    await watch.work(made.connection)
    assert await _open(made) == []
    await _rest(made, channel)
    await patient.work(made.connection)
    assert await _open(made) == []
    await watch.work(made.connection)
    assert await _open(made) == [("channel", f"keys:{channel}")]
    assert await _watch(made) == [("channel", f"keys:{channel}")]  # the watch of failing channels leaves it alone
    await made.connection.execute("UPDATE health SET state = 'closed'")
    await watch.work(made.connection)
    assert await _open(made) == []


@pytest.mark.parametrize("consequence", ["case", "suspend"])
async def test_the_end_of_a_provider_account_names_calls_and_customers(made: Conduct, consequence: Any) -> None:
    """The case has the provider's own ids; who had it deny calls, and was a signal, is frozen where policy says so."""
    channel, other = await _channel(made, "main", keys=1), await _channel(made, "other")
    culprit, once, elsewhere, clean = [await made.account() for _ in range(4)]
    for account, count, served_by in ((culprit, 3, channel), (once, 1, channel), (elsewhere, 3, other)):
        for n in range(count):
            named = f"req_{account}_{n}"
            job_id = await made.job(account, channel_id=served_by, provider_request_id=named, outcome="refused")
            await made.connection.execute(
                "INSERT INTO trace (id, account_id, kind) VALUES ($1, $2, 'denied')", job_id, account
            )
    await made.job(clean, channel_id=channel, provider_request_id="req_clean")
    rules = (RiskRule(signal="provider_denial", threshold=3, action="note"),)
    policy = RiskPolicy(rules=rules, provider_account_ended=consequence)
    await RiskScan(policy, IDS, LOGGER).work(made.connection)
    await _rest(made, channel)
    await _traffic(made, channel, auth_faults=1)
    for _ in range(2):
        await ProviderAccounts(policy, IDS, LOGGER, patience=timedelta(0)).work(made.connection)
    case = await made.connection.fetchrow("SELECT * FROM review_case WHERE kind = 'provider_account'")
    assert case["subject"] == f"channel:{channel}"
    assert {call["provider_request_id"] for call in case["facts"]["calls"]} == {
        f"req_{culprit}_{n}" for n in range(3)
    } | {f"req_{once}_0"}
    assert case["facts"]["denied"] == {str(culprit): 3}
    statuses = {each: (await show_account(made.connection, each)).status for each in (culprit, once, elsewhere, clean)}
    frozen = {account for account, status in statuses.items() if status == "frozen"}
    assert frozen == ({culprit} if consequence == "suspend" else set())
    freezes = await made.connection.fetchval("SELECT count(*) FROM audit WHERE action = 'account.freeze'")
    assert freezes == len(frozen)


async def test_a_spool_that_fills_or_was_put_aside_is_told(made: Conduct, tmp_path: Path) -> None:
    """Of one's own node only: another node's case stays."""
    node, other = uuid4(), uuid4()
    watch = SpoolWatch(node, tmp_path, 100, IDS, LOGGER)
    spool = tmp_path / f"{uuid4()}.spool"
    spool.write_bytes(b"x" * 99)
    await watch.work(made.connection)
    assert await _open(made) == []
    spool.write_bytes(b"x" * 100)
    (aside := tmp_path / f"{uuid4()}.rejected").write_bytes(b"x")
    other_dir = tmp_path / "other"
    other_dir.mkdir()
    (other_dir / spool.name).write_bytes(b"x" * 100)
    await SpoolWatch(other, other_dir, 100, IDS, LOGGER).work(made.connection)
    for _ in range(2):
        await watch.work(made.connection)
    assert {*await _open(made)} == {
        ("spool", f"node:{other}:waiting"),
        ("spool", f"node:{node}:waiting"),
        ("spool", f"node:{node}:aside"),
    }
    assert len(await _mails(made)) == 3
    spool.unlink()
    aside.unlink()
    await watch.work(made.connection)
    assert await _open(made) == [("spool", f"node:{other}:waiting")]
