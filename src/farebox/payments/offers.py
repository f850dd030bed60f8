"""What can be bought, and for how much. Pure: the operator's policy in, prices out.

A free amount is priced in the payment currency and rounded up to its minor unit, never below what the credit costs.
"""

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_amount
from farebox.domain.policies.money import Package, RechargePolicy
from farebox.ledger.posting import Paid
from farebox.payments.recharge import Method

_NANO = 10**9


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Credit at a price; `product` is the provider's where it has products."""

    credit_nano: int
    bonus_nano: int = 0
    price_minor: int
    currency: str
    package: str = ""
    product: str = ""

    @property
    def is_free_amount(self) -> bool:
        return not self.package


def methods(policy: RechargePolicy) -> dict[Method, bool]:
    """The methods on offer, each with whether an operator looks before credit is given."""
    switches: tuple[tuple[Method, str], ...] = (
        ("stripe", policy.stripe),
        ("creem", policy.creem),
        ("manual", policy.manual),
    )
    return {method: switch == "review" for method, switch in switches if switch != "off"}


def offer_of(policy: RechargePolicy, method: Method, package: str, amount: str) -> Offer:
    """The price of a package or of a free amount; ActionRefused when it is not on offer by this method."""
    if method not in methods(policy):
        raise ActionRefused("method_not_offered", f"Recharging by {method} is not offered.", field="method")
    if bool(package) == bool(amount):
        raise ActionRefused("invalid_request", "Choose a package or give an amount.", status=422, field="amount")
    if package:
        return _of_package(policy, method, package)
    if not policy.free_amounts or (method == "creem" and not policy.creem_free_product):
        raise ActionRefused("amount_not_offered", "Choose one of the packages.", field="amount")
    return _of_amount(policy, method, parse_amount(amount))


def check_open(policy: RechargePolicy, open_recharges: int) -> None:
    """Raises ActionRefused when an account has too many unfinished ones to ask for another."""
    if open_recharges >= policy.open_recharges:
        raise ActionRefused(
            "too_many_open", "Finish or cancel your open recharges first, then ask for another one.", status=429
        )


def price_of(policy: RechargePolicy, credit_nano: int) -> int:
    """The price of a free amount in the minor unit of the policy's currency, rounded up."""
    minor_nano = Paid("", 1, policy.currency).nano
    return -(-credit_nano * _NANO // (parse_amount(policy.credit_per_unit) * minor_nano))


def _of_package(policy: RechargePolicy, method: Method, package_id: str) -> Offer:
    found = [package for package in policy.packages if package.id == package_id]
    if not found or (method == "creem" and not found[0].creem_product):
        raise ActionRefused("package_not_offered", f"There is no package {package_id!r} here.", field="package")
    package: Package = found[0]
    return Offer(
        credit_nano=parse_amount(package.credit),
        bonus_nano=parse_amount(package.bonus),
        price_minor=package.price_minor,
        currency=package.currency,
        package=package.id,
        product=package.creem_product if method == "creem" else "",
    )


def _of_amount(policy: RechargePolicy, method: Method, credit_nano: int) -> Offer:
    if not parse_amount(policy.least) <= credit_nano <= parse_amount(policy.most):
        raise ActionRefused(
            "amount_out_of_range",
            f"An amount must be between {policy.least} and {policy.most}.",
            status=422,
            field="amount",
            values={"least_amount": policy.least, "most_amount": policy.most},
        )
    return Offer(
        credit_nano=credit_nano,
        price_minor=price_of(policy, credit_nano),
        currency=policy.currency,
        product=policy.creem_free_product if method == "creem" else "",
    )
