"""What goes over the wire about recharges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import Line, PositiveAmountText, Words
from farebox.domain.money import format_amount
from farebox.domain.policies.money import Way
from farebox.domain.policy import Policy
from farebox.payments.offers import methods
from farebox.payments.recharge import Method, Recharge, RechargeState


class MethodView(BaseModel):
    """A way to pay; with `needs_review`, an operator looks before credit is given."""

    method: Method
    needs_review: bool


class PackageView(BaseModel):
    """Credit at a price."""

    id: str
    credit: str
    bonus: str
    price_minor: int = Field(description="In the minor unit (cents) of the currency.")
    currency: str
    methods: list[Method]


class FreeAmountView(BaseModel):
    """Any amount between two bounds, at `credit_per_unit` for one whole unit of the currency."""

    least: str
    most: str
    currency: str
    credit_per_unit: str
    methods: list[Method]


class OptionsView(BaseModel):
    """What can be bought, and how."""

    unit: str
    methods: list[MethodView]
    packages: list[PackageView]
    free_amount: FreeAmountView | None


class NewRecharge(BaseModel):
    """Either a package or an amount of credit. A manual transfer names its reference as evidence."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"method": "stripe", "amount": "25"}]})

    method: Method
    package: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    amount: PositiveAmountText | None = None
    evidence: Line = ""
    note: Words = ""
    keep_method: bool = Field(default=False, description="Keep the method of payment for later payments.")


class RechargeView(BaseModel):
    """A recharge. While it is to be paid, `checkout_url` is where."""

    id: UUID
    method: Method
    state: RechargeState
    needs_review: bool
    credit: str
    bonus: str
    price_minor: int
    currency: str
    package: str
    evidence: str
    note: str
    review_note: str
    checkout_url: str | None
    checkout_expires_at: datetime | None
    created_at: datetime | None


def options_view(policy: Policy, ways: Sequence[Way]) -> OptionsView:
    """What is on offer to an account that may use these ways."""
    rules = policy.recharge
    offered = {method: review for method, review in methods(rules).items() if method in ways}
    with_free_amount: list[Method] = [method for method in offered if method != "creem" or rules.creem_free_product]
    free_amount = FreeAmountView(
        least=rules.least,
        most=rules.most,
        currency=rules.currency,
        credit_per_unit=rules.credit_per_unit,
        methods=with_free_amount,
    )
    return OptionsView(
        unit=policy.unit,
        methods=[MethodView(method=method, needs_review=review) for method, review in offered.items()],
        packages=[
            PackageView(
                id=package.id,
                credit=package.credit,
                bonus=package.bonus,
                price_minor=package.price_minor,
                currency=package.currency,
                methods=[method for method in offered if method != "creem" or package.creem_product],
            )
            for package in rules.packages
        ],
        free_amount=free_amount if rules.free_amounts and with_free_amount else None,
    )


def recharge_view(recharge: Recharge) -> RechargeView:
    return RechargeView(
        id=recharge.id,
        method=recharge.method,
        state=recharge.state,
        needs_review=recharge.needs_review,
        credit=format_amount(recharge.credit_nano),
        bonus=format_amount(recharge.bonus_nano),
        price_minor=recharge.price_minor,
        currency=recharge.currency,
        package=recharge.package,
        evidence=recharge.evidence,
        note=recharge.note,
        review_note=recharge.review_note,
        checkout_url=recharge.checkout_url if recharge.state == "checkout" else None,
        checkout_expires_at=recharge.checkout_expires_at,
        created_at=recharge.created_at,
    )
