"""What a fresh deployment starts with: an operator, and a demo that can be called at once.

The demo is an account with credit, a live and a test key, and a model that the node's own simulator serves.
"""

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts.keys import KeyTerms, create_key
from farebox.accounts.service import create_account
from farebox.boot import store
from farebox.boot.config import Config
from farebox.boot.grants import grant
from farebox.catalog.admin import NewChannel, NewModel, NewRoute, add_channel, add_model
from farebox.domain.money import parse_amount, parse_price
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource

OPERATOR_EMAIL = "operator@localhost"
DEMO_EMAIL = "demo@localhost"
DEMO_MODEL = "demo-mini"
DEMO_CREDIT = "10.00"

_CHANNEL = "simulator"
_RATES = PerTokenCard(
    prices=TokenPrices(input=parse_price("0.15"), output=parse_price("0.60"), cached_input=parse_price("0.075"))
)
_COST = PerTokenCard(
    prices=TokenPrices(input=parse_price("0.10"), output=parse_price("0.40"), cached_input=parse_price("0.05"))
)


class FirstThings(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to sign in and call with. Secrets are set on the start that made them only."""

    operator_email: str | None = None
    operator_password: str | None = None
    account_id: UUID | None = None
    api_key: str | None = None
    test_key: str | None = None
    model: str | None = None

    def __repr__(self) -> str:
        return f"FirstThings(account_id={self.account_id})"


async def first_things(connection: Any, config: Config, seal: Seal, ids: IdSource) -> FirstThings:
    """Makes them while there is no operator yet, in one transaction; finds them, without secrets, on later starts."""
    async with connection.transaction():
        await store.claim_unit(connection, config.policy.unit)
        await store.lock_deployment(connection)
        if not await store.has_operator(connection):
            made = await _make_operator(connection, ids)
            if config.demo and await store.is_empty(connection):
                made = await _make_demo(connection, config, seal, ids, made)
            return made
    return FirstThings(
        operator_email=await store.first_operator(connection),
        account_id=await store.account_by_email(connection, DEMO_EMAIL),
        model=DEMO_MODEL if await store.has_model(connection, DEMO_MODEL) else None,
    )


async def _make_operator(connection: Any, ids: IdSource) -> FirstThings:
    # Loaded late: only the first start hashes a password.
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    password = secrets.token_urlsafe(15)
    password_hash = PasswordHash((Argon2Hasher(),)).hash(password)
    await store.insert_operator(connection, ids.new(), OPERATOR_EMAIL, password_hash)
    return FirstThings(operator_email=OPERATOR_EMAIL, operator_password=password)


async def _make_demo(connection: Any, config: Config, seal: Seal, ids: IdSource, made: FirstThings) -> FirstThings:
    account_id = await create_account(connection, ids, email=DEMO_EMAIL, name="Demo")
    await store.let_operators_own(connection, account_id)
    await grant(connection, ids, config, account_id, parse_amount(DEMO_CREDIT), reason="demo credit")
    keys = [
        await create_key(connection, ids, account_id, terms, prefix=config.policy.key_prefix, now=datetime.now(UTC))
        for terms in (KeyTerms(kind="live", name="demo"), KeyTerms(kind="test", name="demo test"))
    ]
    channel = NewChannel(name=_CHANNEL, kind="simulator", provider="simulator", base_url="simulator:")
    await add_channel(connection, ids, seal, channel)
    model = NewModel(
        name=DEMO_MODEL,
        routes=(NewRoute(channel=_CHANNEL, upstream_model=DEMO_MODEL, cost=_COST),),
        rates=_RATES,
        context_tokens=128_000,
        most_output_tokens=16_384,
    )
    await add_model(connection, ids, model)
    return msgspec.structs.replace(
        made, account_id=account_id, api_key=keys[0].secret, test_key=keys[1].secret, model=DEMO_MODEL
    )
