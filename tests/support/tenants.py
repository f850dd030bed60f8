"""An account with a row of everything that an id can name, made over its own API as far as that makes such rows.

tenant = await settle_in(control, await control.member())
tenant.ids["key"]                   # one of each noun; `NOUNS` has all
tenant.words                        # what nobody else may ever read
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.support.aftersale import DOLLAR, books, pay, spend
from tests.support.control import RunningControl, SignedIn
from tests.support.payment_facts import NOON

from farebox.domain.policies.money import RechargePolicy, WithdrawalPolicy
from farebox.domain.policy import Policy
from farebox.payments.fact import DisputeTold, PaymentFact
from farebox.payments.merging import apply_fact
from farebox.payments.statements.making import state_account
from farebox.payments.statements.month import after, month_of
from farebox.payments.statements.statement_store import Due

# A policy under which an account can ask for everything.
OFFERS_ALL = Policy(
    recharge=RechargePolicy(stripe="automatic", auto_recharge=True),
    withdrawal=WithdrawalPolicy(allowed="always", migration="always"),
)

# Nothing is looked up for it, and without a worker nothing is sent there.
HOOK_URL = "https://1.1.1.1/hook"

_PASSKEY = """
INSERT INTO passkey (id, person_id, credential_id, public_key, name) VALUES ($1, $2, uuid_send($1), '', $3)
"""
_KEPT = "UPDATE payment SET customer_ref = 'cus_' || ref, method_ref = 'pm_' || ref WHERE account_id = $1"
_OIDC = "INSERT INTO oidc_identity (id, provider, subject, person_id) VALUES ($1, 'elsewhere', $2, $3)"
_REFUSAL = """
INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)
VALUES ($1, $2, $3, now(), 'chat.completions', $4, 402, 'insufficient_credits')
"""


@dataclass(frozen=True)
class Tenant:
    """An account, its owner and another member, its rows by noun, and words that stand in them."""

    owner: SignedIn
    member: SignedIn
    ids: dict[str, str]
    words: str

    @property
    def account_id(self) -> UUID:
        assert self.owner.account_id is not None
        return self.owner.account_id


async def settle_in(control: RunningControl, owner: SignedIn) -> Tenant:
    """Everything that a customer can have, with words of its own wherever words can be."""
    account_id, words = owner.account_id, f"word{uuid4().hex}"
    assert account_id is not None
    member = await control.member("developer", account_id=account_id)
    payment = await pay(control, account_id)
    job_id = await spend(control, account_id, DOLLAR)
    ids = {"account": str(account_id), "payment": str(payment.id), "job": str(job_id), "person": str(member.person_id)}
    ids["refusal"], ids["passkey"] = await _rows(control, owner, words)
    ids["key"] = (await _made(owner, "/api/keys", {"name": words}))["key"]["id"]
    ids["webhook"] = (await _made(owner, "/api/webhooks", {"url": HOOK_URL, "events": ["key.created"]}))["webhook"][
        "id"
    ]
    sent = await owner.client.post(f"/api/webhooks/{ids['webhook']}/test")
    assert sent.status_code == 202, sent.text
    ids["invitation"] = (await _made(owner, "/api/members/invitations", {"email": f"{words}@example.com"}))["id"]
    ids["recharge"] = (await _made(owner, "/api/recharges", {"method": "manual", "amount": "20", "evidence": words}))[
        "id"
    ]
    ids["support"] = (await _made(owner, "/api/support", {"subject": words, "message": words}))["id"]
    ids["adjustment"] = (await _made(owner, "/api/adjustments", {"job_id": ids["job"], "description": words}))["id"]
    ids["refund"] = (await _made(owner, "/api/refunds", {"payment_id": ids["payment"], "reason": words}))["id"]
    to_bank = {"kind": "payout", "amount": "1", "destination": words}
    ids["withdrawal"] = (await _made(owner, "/api/withdrawals", to_bank))["id"]
    billing = {"name": words, "billing": {"name": words, "address": words}}
    assert (await owner.client.put("/api/account", json=billing)).status_code == 200
    ids["statement"] = await _stated(control, account_id)
    ids["session"] = (await owner.client.get("/api/sessions")).json()["data"][0]["id"]
    return Tenant(owner, member, ids, words)


async def furnish(control: RunningControl, staff: SignedIn) -> None:
    """What operators have: a channel that leads nowhere, a model on it, prices, texts, decisions that wait."""
    channel = {"name": "nowhere", "kind": "openai-compatible", "provider": "nobody", "base_url": "https://127.0.0.1:9"}
    await _made(staff, "/admin/channels", {**channel, "allow_private": True, "api_key": "sk-0123456789"})
    route = {"channel": "nowhere", "upstream_model": "chat"}
    rates = {"kind": "per_token", "prices": {"input": "1", "output": "2"}}
    await _made(staff, "/admin/models", {"name": "chat", "routes": [route], "rates": rates})
    await _made(staff, "/admin/discounts", {"name": "spring", "models": ["chat*"], "off_percent": "10"})
    texts = {"en": {"title": "A new model", "body": "It reads faster."}}
    await _made(staff, "/admin/announcements", {"kind": "general", "texts": texts, "mail": "all"})
    await _made(staff, "/admin/tokens", {"name": "ci", "scopes": ["audit:read"]})
    await _made(staff, "/admin/invitations", {"email": f"{uuid4().hex}@example.com"})
    for path, body in (
        ("/admin/groups/partners", {"price_percent": "80"}),
        ("/admin/support/templates/hello/en", {"message": "Hello,"}),
    ):
        reply = await staff.client.put(path, json=body)
        assert reply.status_code == 200, (path, reply.text)
    leaving = await control.member()
    assert leaving.account_id is not None
    disputed = await pay(control, leaving.account_id)
    told = DisputeTold(ref="dp_1", gross_minor=disputed.gross_minor, state="open")
    async with control.services.pool.acquire() as connection:
        fact = PaymentFact(
            provider="stripe", mode=disputed.mode, occurred_at=NOON, payment_ref=disputed.ref, dispute=told
        )
        await apply_fact(connection, books(control), fact)
    body = {"account_id": str(leaving.account_id), "has_breach": True, "reason": "resold its keys"}
    await _made(staff, "/admin/closings", body)


async def _stated(control: RunningControl, account_id: UUID) -> str:
    """A statement of the month that runs; the duty would wait for its end."""
    this_month = month_of(datetime.now(UTC))
    async with control.services.pool.acquire() as connection:
        newest = await connection.fetchval("SELECT version FROM account WHERE id = $1", account_id)
        due = Due(account_id=account_id, newest=newest, until_month=None, version=0, balance_nano=0)
        assert await state_account(connection, books(control), due, after(this_month), page_url="") == 1
        found = await connection.fetchval("SELECT id FROM account_statement WHERE account_id = $1", account_id)
    return str(found)


async def _made(owner: SignedIn, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await owner.client.post(path, json=body)
    assert reply.status_code == 201, (path, reply.text)
    made: dict[str, Any] = reply.json()
    return made


async def _rows(control: RunningControl, owner: SignedIn, words: str) -> tuple[str, str]:
    """A refused call and a passkey, which gateway and browser make; and the payment's card was kept."""
    services = control.services
    refusal_id, passkey_id = services.ids.new(), services.ids.new()
    async with services.pool.acquire() as connection:
        await connection.execute(_REFUSAL, owner.account_id, refusal_id, uuid4(), words)
        await connection.execute(_PASSKEY, passkey_id, owner.person_id, words)
        await connection.execute(_KEPT, owner.account_id)
        await connection.execute(_OIDC, services.ids.new(), words, owner.person_id)
    return str(refusal_id), str(passkey_id)
