"""Duties of the business on a real database: dormant accounts, credit that expires, and what is forgotten when."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase

from farebox.accounts.service import show_account
from farebox.domain.policies.conduct import RetentionPolicy
from farebox.domain.policies.money import DormancyPolicy
from farebox.kit.logging import get_logger
from farebox.outbox.mail import queue_mail
from farebox.storage.database import connect
from farebox.storage.partitions import ensure_partitions
from farebox.worker.business_retention import BusinessRetention
from farebox.worker.dormancy import Dormancy
from farebox.worker.expiry_notice import ExpiryNotice

LOGGER = get_logger("test")
POLICY = DormancyPolicy(months=12, warned_days_ahead=30)


async def _run(control: RunningControl, statement: str, *values: Any) -> list[Any]:
    async with control.services.pool.acquire() as connection:
        return await connection.fetch(statement, *values)


async def _account(control: RunningControl, *, days_old: int, called_days_ago: int | None = None) -> UUID:
    """An account of a member, made and last called so long ago."""
    owner = await control.member()
    assert owner.account_id is not None
    await _run(
        control,
        "UPDATE account_contact SET created_at = now() - make_interval(days => $2) WHERE account_id = $1",
        owner.account_id,
        days_old,
    )
    if called_days_ago is not None:
        await _run(
            control,
            "UPDATE account SET last_us = extract(epoch FROM now() - make_interval(days => $2)) * 1000000"
            " WHERE id = $1",
            owner.account_id,
            called_days_ago,
        )
    return owner.account_id


async def _dormancy(control: RunningControl, policy: DormancyPolicy = POLICY) -> None:
    async with control.services.pool.acquire() as connection:
        await Dormancy(policy, control.services.ids, LOGGER).work(connection)


async def _status(control: RunningControl, account_id: UUID) -> str:
    async with control.services.pool.acquire() as connection:
        return (await show_account(connection, account_id)).status


async def _mails(control: RunningControl) -> list[str]:
    return [row["kind"] for row in await _run(control, "SELECT kind FROM mail ORDER BY id")]


async def test_an_unused_account_is_warned_and_then_frozen(database: TestDatabase) -> None:
    """Warned once, not frozen before the notice is over, then frozen once with its balance; both in the trail."""
    async with running_control(database) as control:
        account_id = await _account(control, days_old=900, called_days_ago=400)
        await control.credit(account_id, 7)
        for _ in range(2):
            await asyncio.gather(*(_dormancy(control) for _ in range(3)))
        assert (await _mails(control), await _status(control, account_id)) == (["dormant_warning"], "active")
        await _run(control, "UPDATE dormancy_warning SET warned_at = now() - interval '29 days 23 hours'")
        await _dormancy(control)
        assert await _status(control, account_id) == "active"
        await _run(control, "UPDATE dormancy_warning SET warned_at = now() - interval '30 days'")
        for _ in range(2):
            await asyncio.gather(*(_dormancy(control) for _ in range(3)))
        assert await _status(control, account_id) == "frozen"
        assert await _mails(control) == ["dormant_warning", "dormant_frozen"]
        assert (await _run(control, "SELECT balance_nano FROM account"))[0][0] == 7
        actions = [row["action"] for row in await _run(control, "SELECT action FROM audit ORDER BY at")]
        assert actions == ["account.warn_dormant", "account.freeze"]


async def test_whoever_uses_the_account_keeps_it(database: TestDatabase) -> None:
    """A call or a payment after the warning; a young account; one that nobody belongs to; a policy without dormancy."""
    async with running_control(database) as control:
        called = await _account(control, days_old=900, called_days_ago=400)
        paid = await _account(control, days_old=900, called_days_ago=400)
        young = await _account(control, days_old=300)
        own = await _account(control, days_old=900, called_days_ago=400)
        await _run(control, "DELETE FROM member WHERE account_id = $1", own)
        await _dormancy(control, DormancyPolicy())
        assert await _mails(control) == []
        await _dormancy(control)
        assert await _mails(control) == ["dormant_warning", "dormant_warning"]
        await _run(control, "UPDATE dormancy_warning SET warned_at = now() - interval '40 days'")
        await _run(control, "UPDATE account SET last_us = extract(epoch FROM now()) * 1000000 WHERE id = $1", called)
        await control.credit(paid, 5, kind="promo")
        await _dormancy(control)
        assert {await _status(control, each) for each in (called, paid, young, own)} == {"active"}
        assert len(await _mails(control)) == 2


async def test_credit_that_expires_soon_is_told_once(database: TestDatabase) -> None:
    """What is left of it, two weeks ahead; later lots and spent ones are not told."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        now = datetime.now(UTC)
        for days in (13, 15):
            await control.credit(owner.account_id, 2 * 10**9, expires_at=now + timedelta(days=days))
        await control.credit(owner.account_id, 10**9)

        async def tell() -> None:
            async with control.services.pool.acquire() as connection:
                await ExpiryNotice(control.services.ids, "USD", LOGGER).work(connection)

        await asyncio.gather(*(tell() for _ in range(3)))
        await tell()
        (row,) = await _run(control, "SELECT kind, facts FROM mail")
        assert (row["kind"], row["facts"]["amount"]) == ("lot_expiring", "2")


async def test_what_the_business_forgets(database: TestDatabase) -> None:
    """Answers after a day, facts of mail after a month, traces after the policy's days; what still waits stays."""
    async with running_control(database) as control:
        member = await control.member()
        ids = control.services.ids
        async with control.services.pool.acquire() as connection:
            for hours in (23, 25):
                await connection.execute(
                    "INSERT INTO stored_answer (owner, key, input_hash, created_at)"
                    " VALUES ('p', $1, '', now() - make_interval(hours => $2))",
                    str(hours),
                    hours,
                )
            for state, days in (("sent", 29), ("sent", 31), ("failed", 31), ("waiting", 500), ("sent", 500)):
                key = f"{state}:{days}"
                await queue_mail(connection, ids, "key_leaked", member.person_id, {"key_name": "a"}, dedupe_key=key)
                await connection.execute(
                    "UPDATE mail SET state = $2, created_at = now() - make_interval(days => $3) WHERE dedupe_key = $1",
                    key,
                    state,
                    days,
                )
            await BusinessRetention(RetentionPolicy(metadata_days=3), LOGGER).work(connection)
            answers = [row["key"] for row in await connection.fetch("SELECT key FROM stored_answer")]
            rows = await connection.fetch("SELECT dedupe_key, facts FROM mail ORDER BY dedupe_key")
        assert answers == ["23"]
        kept = {row["dedupe_key"]: bool(row["facts"]) for row in rows}
        assert kept == {"sent:29": True, "sent:31": False, "failed:31": False, "waiting:500": True}


async def test_traces_and_refused_calls_leave_by_the_day(database: TestDatabase) -> None:
    """Nothing of them is older than the policy's days; younger ones stay."""
    async with running_control(database) as control:
        today = datetime.now(UTC).date()
        await _make_days(database, today - timedelta(days=6))
        async with control.services.pool.acquire() as connection:
            await BusinessRetention(RetentionPolicy(metadata_days=3), LOGGER).work(connection)
            for table in ("trace", "refusal"):
                oldest = await connection.fetchval(
                    "SELECT min(relname) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
                    " WHERE inhparent = $1::text::regclass AND relname ~ '[0-9]{8}$'",
                    table,
                )
                assert oldest == f"{table}_{today - timedelta(days=2):%Y%m%d}"


async def _make_days(database: TestDatabase, first_day: date) -> None:
    connection = await connect(database.owner_url, application_name="test")
    await ensure_partitions(connection, first_day, days_ahead=6)
    await connection.close()


def test_metadata_is_never_kept_for_longer_than_a_month() -> None:
    """Whatever a profile says."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"metadata_days": 31}, RetentionPolicy)
