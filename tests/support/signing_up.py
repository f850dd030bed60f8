"""Signing up in tests: policies, what a form sends, and the links of the mails that wait in the outbox."""

from typing import Any
from uuid import uuid4

import msgspec
from tests.support.control import RunningControl

from farebox.domain.policies.identity import RegionPolicy, SignUpPolicy
from farebox.domain.policy import Policy

PASSWORD = "a long enough one"


def rules(region: RegionPolicy | None = None, **sign_up: Any) -> Policy:
    """A policy whose sign-up asks for nothing but what is named."""
    return Policy(
        sign_up=SignUpPolicy(**({"proof_of_work": False} | sign_up)),
        region=region or RegionPolicy(),
    )


def form(email: str | None = None, **changes: Any) -> dict[str, Any]:
    """What the page of signing up sends."""
    return {"email": email or f"{uuid4().hex}@example.com", "password": PASSWORD} | changes


async def rows(control: RunningControl, statement: str, *values: Any) -> list[dict[str, Any]]:
    async with control.services.pool.acquire() as connection:
        return [dict(row) for row in await connection.fetch(statement, *values)]


async def execute(control: RunningControl, statement: str, *values: Any) -> None:
    async with control.services.pool.acquire() as connection:
        await connection.execute(statement, *values)


async def mails(control: RunningControl, address: str) -> list[tuple[str, dict[str, Any]]]:
    """Kind and facts of what waits for an address, the oldest first."""
    found = await rows(
        control, "SELECT kind, facts FROM mail WHERE lower(address) = lower($1) ORDER BY created_at, id", address
    )
    return [(row["kind"], row["facts"]) for row in found]


async def secrets_for(control: RunningControl, address: str, kind: str = "verification") -> list[str]:
    """The secrets of the links that were mailed, the oldest first."""
    return [facts["link"].partition("#")[2] for sent, facts in await mails(control, address) if sent == kind]


async def sign_up(control: RunningControl, email: str | None = None, **changes: Any) -> str:
    """Signs up and confirms; the address."""
    sent = form(email, **changes)
    asked = await control.public.post("/api/sign-up", json=sent)
    assert asked.status_code == 202, asked.text
    secret = (await secrets_for(control, sent["email"]))[-1]
    confirmed = await control.public.post("/api/sign-up/confirm", json={"secret": secret})
    assert confirmed.status_code == 200, confirmed.text
    return str(sent["email"])


def with_region(policy: Policy, *countries: str, **changes: Any) -> Policy:
    region = RegionPolicy(refused_countries=countries, **changes)
    return msgspec.structs.replace(policy, region=region)
