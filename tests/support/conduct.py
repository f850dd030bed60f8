"""What customers do, as rows that the gateway and the control plane would have left, at any moment."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from farebox.accounts.service import create_account
from farebox.kit.ids import IdSource
from farebox.payments import attempt_store

_IDS = IdSource()


def id_at(moment: datetime) -> UUID:
    """An id that was made then."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | secrets.randbits(80))


class Conduct:
    """Of one database. `ago` counts back from the database's time."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def account(self, email: str = "") -> UUID:
        """An active account with an owner."""
        email = email or f"{uuid4().hex}@example.com"
        account_id = await create_account(self.connection, _IDS, email=email)
        await self.join(account_id, email)
        return account_id

    async def join(self, account_id: UUID, email: str) -> None:
        person_id = _IDS.new()
        await self.connection.execute(
            "INSERT INTO person (id, email, email_verified_at) VALUES ($1, $2, now())", person_id, email
        )
        await self.connection.execute("INSERT INTO member VALUES ($1, $2, 'owner')", account_id, person_id)

    async def trace(
        self,
        account_id: UUID,
        kind: str,
        *,
        key_id: UUID | None = None,
        address: str | None = None,
        device: str = "",
        ago: timedelta = timedelta(seconds=5),
    ) -> None:
        at = await self.now() - ago
        await self.connection.execute(
            "INSERT INTO trace (id, account_id, key_id, kind, address, device, at)"
            " VALUES ($1, $2, $3, $4, $5::text::inet, $6, $7)",
            id_at(at),
            account_id,
            key_id,
            kind,
            address,
            device,
            at,
        )

    async def job(
        self,
        account_id: UUID,
        *,
        charge_nano: int = 0,
        ago: timedelta = timedelta(seconds=5),
        **columns: Any,
    ) -> UUID:
        """A job of a key that need not exist, settled unless its outcome says otherwise."""
        at = await self.now() - ago
        job_id = id_at(at)
        given = {"key_id": uuid4(), "model": "m", "provider_request_id": None, "channel_id": None, **columns}
        outcome = given.get("outcome", "completed")
        await self.connection.execute(
            "INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at,"
            " finished_at, rate_card_id, factor_ppm, hold_nano, charge_nano, provider_request_id, channel_id,"
            " input_hash)"
            " VALUES ($1, $2, $3, $9, $10, 'messages', $4, false, $5, $5, 1, 1000000, $6, $6, $7, $8, '')",
            account_id,
            job_id,
            given["key_id"],
            given["model"],
            at,
            charge_nano,
            given["provider_request_id"],
            given["channel_id"],
            "settled" if outcome == "completed" else "voided",
            outcome,
        )
        return job_id

    async def refusal(self, account_id: UUID, *, ago: timedelta = timedelta(seconds=5)) -> None:
        at = await self.now() - ago
        await self.connection.execute(
            "INSERT INTO refusal VALUES ($1, $2, $3, $4, 'messages', 'm', 429, 'rate_limit_exceeded')",
            account_id,
            id_at(at),
            uuid4(),
            at,
        )

    async def payment(self, account_id: UUID, *, fingerprint: str = "", ago: timedelta = timedelta(seconds=5)) -> UUID:
        """A payment that was made with this method."""
        payment_id = uuid4()
        await self.connection.execute(
            "INSERT INTO payment (id, provider, ref, mode, state, account_id, fingerprint, created_at)"
            " VALUES ($1, 'stripe', $2, 'live', 'paid', $3, $4, $5)",
            payment_id,
            uuid4().hex,
            account_id,
            fingerprint,
            await self.now() - ago,
        )
        return payment_id

    async def failed_payment(
        self, account_id: UUID, *, fingerprint: str = "", ago: timedelta = timedelta(seconds=5)
    ) -> None:
        payment_id = await self.payment(account_id, ago=ago)
        await attempt_store.note_failure(self.connection, payment_id, fingerprint, await self.now() - ago)

    async def report_key(self, account_id: UUID, *, ago: timedelta = timedelta(seconds=5)) -> None:
        at = await self.now() - ago
        await self.connection.execute(
            "INSERT INTO audit (id, at, actor_kind, account_id, action, target)"
            " VALUES ($1, $2, 'member', $3, 'key.report_leak', $4)",
            id_at(at),
            at,
            account_id,
            f"key:{uuid4()}",
        )

    async def now(self) -> datetime:
        moment: datetime = await self.connection.fetchval("SELECT clock_timestamp()")
        return moment
