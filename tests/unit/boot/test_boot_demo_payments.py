"""Payments in the demo are for whoever tries Farebox on their own machine, and for nobody else."""

from pathlib import Path
from typing import Any

import pytest

from farebox.boot.config import Config
from farebox.boot.demo_payments import demo_payment_options, with_demo_payments
from farebox.domain.policies.money import RechargePolicy
from farebox.domain.policy import Policy
from farebox.payments.settings import CreemSettings, StripeSettings

SIMULATOR = "http://127.0.0.1:5001"
PUBLIC = "http://127.0.0.1:8080"
KEY = b"k" * 32


def config(**changes: Any) -> Config:
    return Config(**{"data_dir": Path("data"), "host": "127.0.0.1", **changes})


def test_the_demo_sells_packages_by_simulated_providers():
    """Both ends know the same keys and products; the simulator is where the clients look for the providers."""
    made = with_demo_payments(config(), KEY, SIMULATOR)
    options = demo_payment_options(made, PUBLIC, SIMULATOR)
    assert options is not None
    assert made.stripe is not None
    assert made.creem is not None
    assert (options.stripe_key, options.stripe_secret) == (made.stripe.secret_key, made.stripe.webhook_secret)
    assert (options.creem_key, options.creem_secret) == (made.creem.api_key, made.creem.webhook_secret)
    assert options.stripe_webhook == PUBLIC + "/webhooks/stripe"
    assert made.creem.api_base.startswith(SIMULATOR)
    recharge = made.policy.recharge
    prices = {product.id: product.price for product in options.products}
    assert all(prices[package.creem_product] == package.price_minor for package in recharge.packages)
    assert recharge.creem_free_product in prices


def test_secrets_last_and_belong_to_one_deployment():
    """An event from before a restart is still good; nobody else's key makes it."""
    first, again = (with_demo_payments(config(), KEY, SIMULATOR) for _ in range(2))
    other = with_demo_payments(config(), b"o" * 32, SIMULATOR)
    assert first.stripe == again.stripe
    assert first.stripe != other.stripe
    assert first.stripe is not None
    assert first.creem is not None
    assert first.stripe.webhook_secret != first.creem.webhook_secret


@pytest.mark.parametrize(
    "changes",
    [
        {"demo": False},
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"host": "farebox.example.com"},
        {"public_url": "https://farebox.example.com"},
        {"trusted_proxies": ("10.0.0.0/8",)},
        {"stripe": StripeSettings("sk_live_x")},
        {"creem": CreemSettings("creem_x")},
        {"policy": Policy(recharge=RechargePolicy(manual="off"))},
    ],
)
def test_who_may_have_customers_gets_no_simulated_money(changes: dict[str, Any]):
    """Credit for nothing is not to be had from a node that others reach, or that its operator has set up."""
    given = config(**changes)
    assert with_demo_payments(given, KEY, SIMULATOR) is given
    assert demo_payment_options(given, PUBLIC, SIMULATOR) is None


def test_real_keys_do_not_make_a_simulator():
    """A deployment with providers of its own, even simulated ones elsewhere, has none on the node."""
    given = config(
        stripe=StripeSettings("sk_live_x", "whsec_x"),
        creem=CreemSettings("creem_x", "x", "http://127.0.0.1:9/payments/creem"),
    )
    assert demo_payment_options(given, PUBLIC, SIMULATOR) is None
