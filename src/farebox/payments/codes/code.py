"""Batches of codes and their codes, as they are known here: the codes themselves are not."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

# promo: given away, and so never refundable. sold: paid for elsewhere, at a reseller or by invoice.
BatchKind = Literal["promo", "sold"]
CodeState = Literal["open", "redeemed", "void", "expired"]
_PREFIX = "code:"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Codes of one kind and amount. `price_minor` is what one was sold for, in the minor unit of `currency`."""

    id: UUID
    kind: BatchKind
    amount_nano: int
    price_minor: int | None
    currency: str | None
    codes: int
    most_per_account: int | None
    redeem_until: datetime | None
    credit_days: int
    note: str
    made_by: str
    created_at: datetime
    voided_at: datetime | None
    redeemed: int  # of its codes


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """One code; `hint` is how it begins."""

    id: UUID
    batch_id: UUID
    hint: str
    state: CodeState
    redeemed_by: UUID | None
    redeemed_at: datetime | None
    voided_at: datetime | None


def reference_of(code_id: UUID) -> str:
    """What a code's lot and posting are known by in the ledger."""
    return f"{_PREFIX}{code_id}"


def is_of_code(reference: str) -> bool:
    """Whether a lot came from a code: what was paid for it was paid elsewhere, and goes back from there."""
    return reference.startswith(_PREFIX)
