"""Terms by use: going on after a new version is acceptance, recorded once, and stops nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import execute, rows, rules

from farebox.kit.clock import FixedClock
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.worker.terms_acceptance import TermsAcceptance

_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at, latency_ms,
                 usage_source, rate_card_id, factor_ppm, hold_nano, charge_nano, input_hash)
VALUES ($1, $2, $2, 'settled', 'completed', 'chat.completions', 'm', false, now(), now(), 1, 'none', 1, 1000000, 0, 0,
        ''::bytea)
"""


async def call(control: RunningControl, account_id: UUID | None, at: datetime) -> None:
    """A call of an account, at a moment."""
    job_id = IdSource(FixedClock(int(at.timestamp() * 1000))).new()
    await execute(control, _JOB, account_id, job_id)


async def accept(control: RunningControl, member: Any, version: int) -> None:
    await execute(
        control,
        "INSERT INTO consent (id, person_id, account_id, terms_version, how) VALUES ($1, $2, $3, $4, 'click')",
        control.services.ids.new(),
        member.person_id,
        member.account_id,
        version,
    )


async def test_going_on_is_acceptance_and_never_having_accepted_is_a_bar(database: TestDatabase) -> None:
    """Recorded once for who has called since; not for who has not; barred who never accepted; all else untouched."""
    now = datetime.now(UTC)
    async with running_control(database, rules()) as control:
        duty = TermsAcceptance(control.services.ids, get_logger("test"))
        going_on, quiet, clicked, never = [await control.member() for _ in range(4)]
        async with control.services.pool.acquire() as connection:
            await duty.work(connection)
        assert await rows(control, "SELECT FROM account WHERE barred <> ''") == []
        await execute(
            control,
            "INSERT INTO terms_version (version, effective_at) VALUES (1, $1), (2, $2), (3, $3)",
            now - timedelta(days=9),
            now - timedelta(minutes=5),
            now + timedelta(days=7),
        )
        for member, version in ((going_on, 1), (quiet, 1), (clicked, 2)):
            await accept(control, member, version)
        await call(control, quiet.account_id, now - timedelta(minutes=6))
        for member in (going_on, clicked, never):
            await call(control, member.account_id, now - timedelta(minutes=1))
        # The operator's own account, which nobody could accept for.
        operators = await control.member()
        await execute(control, "DELETE FROM member WHERE account_id = $1", operators.account_id)
        for _ in range(2):
            async with control.services.pool.acquire() as connection:
                await duty.work(connection)
        by_use = await rows(control, "SELECT account_id, terms_version, person_id FROM consent WHERE how = 'by_use'")
        assert by_use == [{"account_id": going_on.account_id, "terms_version": 2, "person_id": None}]
        barred = await rows(control, "SELECT id, barred FROM account WHERE barred <> ''")
        assert barred == [{"id": never.account_id, "barred": "terms_not_accepted"}]
        lines = await rows(control, "SELECT action, actor_name FROM audit ORDER BY action")
        assert [tuple(line.values()) for line in lines] == [
            ("account.bar", "terms_acceptance"),
            ("terms.accept", "terms_acceptance"),
        ]
        accepted = await never.client.post("/api/account/terms", json={"terms_version": 2})
        assert (accepted.status_code, accepted.json()["bars"]) == (200, [])
