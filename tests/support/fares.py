"""Rows, calls and endings for tests of the till's decisions, with defaults that admit."""

import random
import uuid
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.limits import Limits, Meter
from farebox.domain.pricing import Quote
from farebox.domain.usage import Usage
from farebox.till.operations import Admit, Cap, Extend, Offer, OutputBound, Settle, Void
from farebox.till.state import AccountRow, KeyRow, LotRow, State

ATTO_PER_NANO = 10**9
NOON_US = 20_000 * 86_400 * 1_000_000 + 12 * 3600 * 1_000_000
ACCOUNT, KEY, CHANNEL, OTHER_CHANNEL, CARD = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), 1


def lot(
    nano: int, kind: Any = "paid", *, expires_us: int | None = None, created_us: int = 0, number: int = 100
) -> LotRow:
    return LotRow(id=UUID(int=number), kind=kind, remaining_nano=nano, expires_us=expires_us, created_us=created_us)


def account(balance_nano: int = 1000, *, lots: list[LotRow] | None = None, **changes: Any) -> AccountRow:
    facts: dict[str, Any] = {
        "id": ACCOUNT,
        "status": "active",
        "status_reason": "",
        "balance_nano": balance_nano,
        "held_nano": 0,
        "version": 1,
        "limits": Limits(),
        "meter": Meter(),
        "lots": [lot(balance_nano)] if lots is None else lots,
    }
    return AccountRow(**(facts | changes))


def key(**changes: Any) -> KeyRow:
    facts: dict[str, Any] = {
        "id": KEY,
        "account_id": ACCOUNT,
        "kind": "live",
        "status": "active",
        "expires_us": None,
        "models": None,
        "cidrs": None,
        "limits": Limits(),
        "meter": Meter(),
    }
    return KeyRow(**(facts | changes))


def state(account_row: AccountRow | None = None, key_row: KeyRow | None = None, **changes: Any) -> State:
    account_row, key_row = account_row or account(), key_row or key()
    facts: dict[str, Any] = {
        "now_us": NOON_US,
        "catalogue_version": 1,
        "accounts": {account_row.id: account_row},
        "keys": {key_row.id: key_row},
    }
    return State(**(facts | changes))


def quote(base_nano: int = 100, per_token_nano: int = 0) -> Quote:
    return Quote(base_atto=base_nano * ATTO_PER_NANO, per_output_token_atto=per_token_nano * ATTO_PER_NANO)


def offer(*caps: Cap, cost: Quote | None = None, channel_id: UUID = CHANNEL) -> Offer:
    return Offer(channel_id=channel_id, cost=cost or quote(50), caps=caps)


def fixed(most: int = 0) -> OutputBound:
    return OutputBound(most=most, fixed=True, least=64)


def job_id(source: random.Random | None = None) -> UUID:
    return uuid.uuid4() if source is None else UUID(int=source.getrandbits(128))


def call(price: Quote | None = None, bound: OutputBound | None = None, **changes: Any) -> Admit:
    facts: dict[str, Any] = {
        "job_id": job_id(),
        "account_id": ACCOUNT,
        "key_id": KEY,
        "catalogue_version": 1,
        "endpoint": "chat.completions",
        "model": "m",
        "stream": False,
        "rate_card_id": CARD,
        "factor_ppm": 1_000_000,
        "quote": price or quote(),
        "bound": bound or fixed(),
        "input_tokens": 10,
        "offers": (offer(),),
        "hold_lifetime_s": 3600,
    }
    return Admit(**(facts | changes))


def settling(of: Admit, price_nano: int, **changes: Any) -> Settle:
    facts: dict[str, Any] = {
        **_facts_of(of),
        "outcome": "completed",
        "price_nano": price_nano,
        "usage": Usage(input_tokens=of.input_tokens),
        "usage_source": "provider",
        "first_byte_ms": 1,
        "channel_id": of.offers[0].channel_id if of.offers else None,
        "cost_nano": 0,
    }
    return Settle(**(facts | changes))


def voiding(of: Admit, **changes: Any) -> Void:
    return Void(**(_facts_of(of) | {"outcome": "provider_error"} | changes))


def extending(of: Admit, to_nano: int, **changes: Any) -> Extend:
    facts: dict[str, Any] = {"job_id": of.job_id, "account_id": of.account_id, "key_id": of.key_id, "to_nano": to_nano}
    return Extend(**(facts | changes))


def _facts_of(of: Admit) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "job_id": of.job_id,
        "account_id": of.account_id,
        "key_id": of.key_id,
        "endpoint": of.endpoint,
        "model": of.model,
        "stream": of.stream,
        "rate_card_id": of.rate_card_id,
        "factor_ppm": of.factor_ppm,
        "admitted_us": NOON_US,
        "finished_us": NOON_US,
        "latency_ms": 5,
        "model_cap": of.model_cap,
        "account_model_cap_nano": of.account_model_cap_nano,
    }
    return facts


def with_(value: Any, **changes: Any) -> Any:
    """A copy of a value with changed fields."""
    return msgspec.structs.replace(value, **changes)
