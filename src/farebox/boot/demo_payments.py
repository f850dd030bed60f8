"""Payments in the demo: packages to buy, at Stripe and Creem as the node's own simulator plays them.

What is bought so is credit like any other. It is therefore on offer only where nobody but this machine's users can buy:
a node that listens on loopback, that no proxy speaks for and that has no public address, with no provider's keys and no
rules about recharges of its own; and, as boot/serve.py sees to, only while no channel leads to a real provider.
"""

import hashlib
import hmac
import ipaddress

import msgspec

from farebox.boot.config import Config
from farebox.domain.policies.money import Package, RechargePolicy
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.simulator.payments.options import PaymentOptions, Product

_STRIPE, _CREEM = "/payments/stripe", "/payments/creem"
_PACKAGES = (
    Package(id="small", credit="10", price_minor=1_000, currency="USD", creem_product="prod_demo_small"),
    Package(id="large", credit="50", bonus="5", price_minor=5_000, currency="USD", creem_product="prod_demo_large"),
)
_FREE_PRODUCT = "prod_demo_free"


def with_demo_payments(config: Config, secret_key: bytes, simulator_url: str) -> Config:
    """The configuration with simulated payments on offer, or as it is where there is no demo of them."""
    if not _may_be_simulated(config):
        return config
    recharge = RechargePolicy(
        stripe="automatic", creem="automatic", packages=_PACKAGES, creem_free_product=_FREE_PRODUCT
    )
    return msgspec.structs.replace(
        config,
        stripe=StripeSettings(
            "sk_test_" + _secret(secret_key, "key"), _secret(secret_key, "stripe"), simulator_url + _STRIPE
        ),
        creem=CreemSettings(
            "creem_test_" + _secret(secret_key, "key"), _secret(secret_key, "creem"), simulator_url + _CREEM
        ),
        policy=msgspec.structs.replace(config.policy, recharge=recharge),
    )


def demo_payment_options(config: Config, public_url: str, simulator_url: str) -> PaymentOptions | None:
    """How the simulator plays the providers of a configuration made above; None of any other."""
    stripe, creem = config.stripe, config.creem
    if stripe is None or creem is None or stripe.api_base != simulator_url + _STRIPE:
        return None
    products = [Product(id=package.creem_product, price=package.price_minor) for package in _PACKAGES]
    return PaymentOptions(
        stripe_key=stripe.secret_key,
        stripe_secret=stripe.webhook_secret,
        stripe_webhook=public_url + "/webhooks/stripe",
        creem_key=creem.api_key,
        creem_secret=creem.webhook_secret,
        creem_webhook=public_url + "/webhooks/creem",
        products=(*products, Product(id=_FREE_PRODUCT, price=1_000)),
    )


def _may_be_simulated(config: Config) -> bool:
    has_keys = config.stripe is not None or config.creem is not None
    is_alone = _is_loopback(config.host) and config.public_url is None and not config.trusted_proxies
    return config.demo and is_alone and not has_keys and config.policy.recharge == RechargePolicy()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(secret_key: bytes, purpose: str) -> str:
    # The same on every start: events of an earlier one are still good.
    return hmac.new(secret_key, b"farebox demo payments v1:" + purpose.encode(), hashlib.sha256).hexdigest()
