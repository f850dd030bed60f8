"""What goes over the wire about one's own account."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.accounts.account import Account
from farebox.accounts.details import Billing, Details
from farebox.control.text import Line, Words

_Country = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{2})?$"), Field(description="ISO 3166-1 alpha-2.", examples=["DE"])
]


class BillingView(BaseModel):
    """What stands on statements beside the account's name."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    tax_id: Line = ""
    address: Annotated[Words, Field(max_length=500)] = ""
    country: _Country = ""


class AccountSettings(BaseModel):
    """What members can change of an account."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    billing: BillingView = BillingView()


class AccountView(AccountSettings):
    """An account as its members see it."""

    id: UUID
    email: str
    status: Literal["active", "frozen", "closed"]
    bars: list[str] = Field(description="Why calls are refused although the account is active, the gravest first.")
    terms_accepted: bool
    created_at: datetime


class AcceptedTerms(BaseModel):
    """The version that was read."""

    model_config = ConfigDict(extra="forbid")

    terms_version: Annotated[int, Field(ge=1, le=2**31 - 1)]


def account_view(account: Account, details: Details, bars: tuple[str, ...], *, terms_accepted: bool) -> AccountView:
    billing = details.billing
    return AccountView(
        id=account.id,
        email=details.email,
        name=details.name,
        billing=BillingView(name=billing.name, tax_id=billing.tax_id, address=billing.address, country=billing.country),
        status=account.status,
        bars=list(bars),
        terms_accepted=terms_accepted,
        created_at=account.created_at,
    )


def billing_of(body: AccountSettings) -> Billing:
    billing = body.billing
    return Billing(billing.name, billing.tax_id, billing.address, billing.country)
