"""What stands on a statement, as it is stored: amounts are decimal strings of the unit of account. Pure.

Everything that is shown of a statement, as JSON, as a table or on paper, is made of this and of nothing else, so that
it stays what it was when prices, names and addresses change.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from farebox.domain.money import parse_amount


class Issuer(msgspec.Struct, frozen=True):
    """Whoever runs this."""

    name: str
    operator: str
    contact_mail: str


class Billed(msgspec.Struct, frozen=True):
    """The account and its billing details of when the statement was made; empty where nothing was said."""

    account_name: str
    name: str
    tax_id: str
    address: str
    country: str


class Sum(msgspec.Struct, frozen=True):
    """All transactions of one kind."""

    kind: str
    count: int
    amount: str


class Spend(msgspec.Struct, frozen=True):
    """What calls of one model were charged; the model is '' where its jobs are not kept any more."""

    model: str
    jobs: int
    amount: str


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction that is no charge. Of a payment: its price and tax in the minor unit, and the invoice's link."""

    at: datetime
    kind: str
    amount: str
    balance_after: str
    reference: str
    price_minor: int | None
    tax_minor: int | None
    currency: str
    invoice_url: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the account's entries `first_version` to `last_version` (none when the first is greater)."""

    unit: str
    month: str
    account_id: UUID
    issuer: Issuer
    billed: Billed
    opening: str
    closing: str
    sums: tuple[Sum, ...]
    spend: tuple[Spend, ...]
    movements: tuple[Movement, ...]
    first_version: int
    last_version: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was made; `number` counts them all, without gaps."""

    id: UUID
    number: int
    account_id: UUID
    month: date
    made_at: datetime
    content: Content


def differences(content: Content) -> list[str]:
    """What does not add up on a statement; nothing ever should be in it."""
    change = parse_amount(content.closing) - parse_amount(content.opening)
    by_kind = {each.kind: parse_amount(each.amount) for each in content.sums}
    moved = sum(parse_amount(each.amount) for each in content.movements)
    spent = -sum(parse_amount(each.amount) for each in content.spend)
    found = []
    if sum(by_kind.values()) != change:
        found.append("the sums are not the change of the balance")
    if moved != sum(nano for kind, nano in by_kind.items() if kind != "charge"):
        found.append("the movements are not their sums")
    if spent != by_kind.get("charge", 0):
        found.append("the spending by model is not what was charged")
    return found
