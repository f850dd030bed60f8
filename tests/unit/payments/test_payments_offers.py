"""What credit costs, and what an account may ask for."""

from typing import Any

import msgspec
import pytest

from farebox.domain.errors import ActionRefused
from farebox.domain.policies.money import Package, RechargePolicy
from farebox.payments.offers import check_open, methods, offer_of, price_of

_POLICY = RechargePolicy(
    stripe="automatic",
    creem="review",
    packages=(Package(id="ten", credit="10", price_minor=900, currency="EUR", bonus="0.5"),),
)


@pytest.mark.parametrize(
    ("amount", "terms", "minor"),
    [
        ("10", {}, 1_000),
        ("10.001", {}, 1_001),
        ("5.000000001", {}, 501),
        ("100", {"credit_per_unit": "20"}, 500),
        ("100", {"currency": "JPY", "credit_per_unit": "0.01"}, 10_000),
        ("10.1", {"currency": "JPY", "credit_per_unit": "1"}, 11),
        ("10", {"currency": "KWD", "credit_per_unit": "3"}, 3_334),
    ],
)
def test_a_free_amount_costs_its_credit_rounded_up(amount: str, terms: dict[str, Any], minor: int) -> None:
    """In the minor unit of the currency, whatever its decimals, and never below what the credit is worth."""
    policy = msgspec.structs.replace(_POLICY, **terms)
    offer = offer_of(policy, "stripe", "", amount)
    assert (offer.price_minor, offer.currency) == (minor, policy.currency)
    assert price_of(policy, offer.credit_nano) == minor


def test_a_package_costs_what_it_says() -> None:
    """Credit, bonus and price of the policy; at Creem only where it has a product there."""
    offer = offer_of(_POLICY, "stripe", "ten", "")
    assert (offer.credit_nano, offer.bonus_nano, offer.price_minor, offer.currency) == (10**10, 5 * 10**8, 900, "EUR")
    with pytest.raises(ActionRefused, match="no package"):
        offer_of(_POLICY, "creem", "ten", "")


def test_methods_are_switched_one_by_one() -> None:
    """Off is not offered; review is told."""
    assert methods(_POLICY) == {"stripe": False, "creem": True, "manual": True}
    assert methods(RechargePolicy(manual="off")) == {}


def test_open_recharges_are_bounded() -> None:
    """Not more than so many unfinished at once."""
    check_open(_POLICY, 9)
    with pytest.raises(ActionRefused) as refused:
        check_open(_POLICY, 10)
    assert (refused.value.code, refused.value.status) == ("too_many_open", 429)
