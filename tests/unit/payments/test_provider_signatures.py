"""Only what a provider has signed with our secret, and lately, is an event."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable

import httpx
import pytest

from farebox.payments.creem.provider import CreemProvider
from farebox.payments.provider import BadSignature, PaymentProvider, UnreadableEvent
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.payments.stripe.provider import StripeProvider

SECRET = "whsec_right"
BODY = json.dumps({"id": "evt_1", "type": "some.kind", "eventType": "some.kind"}).encode()


def stripe(secret: str = SECRET, key: str = "sk_test_x") -> StripeProvider:
    return StripeProvider(StripeSettings(key, secret), httpx.AsyncClient())


def creem(secret: str = SECRET, key: str = "creem_test_x", api_base: str = "https://creem.test") -> CreemProvider:
    return CreemProvider(CreemSettings(key, secret, api_base), httpx.AsyncClient())


def stripe_headers(body: bytes = BODY, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    at = int(time.time()) - age_s
    signed = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={at},v1={signed}"}


def creem_headers(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return {"creem-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


BOTH = pytest.mark.parametrize(
    ("make", "headers"), [(stripe, stripe_headers), (creem, creem_headers)], ids=["stripe", "creem"]
)
Make = Callable[..., PaymentProvider]
Headers = Callable[..., dict[str, str]]


@BOTH
def test_a_signed_event_is_recognised(make: Make, headers: Headers):
    """Its id and kind are told apart from the rest, which is read later."""
    envelope = make().verify(BODY, headers())
    assert (envelope.event_id, envelope.kind) == ("evt_1", "some.kind")


@BOTH
def test_without_a_secret_everything_is_refused(make: Make, headers: Headers):
    """An empty secret is no secret: what anybody could sign counts for nothing."""
    with pytest.raises(BadSignature, match="no secret"):
        make(secret="").verify(BODY, headers(secret=""))


@BOTH
def test_forgeries_are_refused(make: Make, headers: Headers):
    """Another secret, another body, or no signature at all."""
    provider = make()
    for forged in ({}, headers(secret="wrong"), headers(body=BODY + b" ")):
        with pytest.raises(BadSignature):
            provider.verify(BODY, forged)


@pytest.mark.parametrize("text", ["", "garbage", "t=,v1=", "t=1", "v1=00", "t=é,v1=é", "t=1,v1=\u0661", "t=1,t=2,v1=x"])
def test_malformed_signatures_are_refused(text: str):
    """What is no signature is one that does not fit: never a failure of ours."""
    with pytest.raises(BadSignature):
        stripe().verify(BODY, {"stripe-signature": text})
    with pytest.raises(BadSignature):
        creem().verify(BODY, {"creem-signature": text})


def test_bodies_that_are_no_text_are_refused():
    """The bytes are what is signed; those that cannot be text come from nobody we know."""
    with pytest.raises(BadSignature):
        stripe().verify(b"\xff\xfe", {"stripe-signature": "t=1,v1=00"})


def test_an_old_signature_of_stripe_is_refused():
    """What was recorded on the way cannot be sent again after five minutes."""
    stripe().verify(BODY, stripe_headers(age_s=240))
    with pytest.raises(BadSignature):
        stripe().verify(BODY, stripe_headers(age_s=360))


@BOTH
def test_a_signed_body_without_an_id_is_kept_under_its_hash(make: Make, headers: Headers):
    """A provider that changes its format loses no money: the event is stored, and reading it fails visibly."""
    provider = make()
    for body in (b"not json", b"[1]", b'{"id": 5}', b'{"id": ""}'):
        envelope = provider.verify(body, headers(body=body))
        assert envelope.event_id == "sha256:" + hashlib.sha256(body).hexdigest()
        with pytest.raises(UnreadableEvent):
            provider.read(body)


@pytest.mark.parametrize(
    ("provider", "mode"),
    [
        (stripe(key="sk_live_1"), "live"),
        (stripe(key="rk_live_1"), "live"),
        (stripe(key="sk_test_1"), "test"),
        (creem(key="creem_1"), "live"),
        (creem(key="creem_test_1"), "test"),
        (creem(key="creem_1", api_base="https://test-api.creem.io"), "test"),
    ],
)
def test_credentials_are_live_or_of_a_test(provider: PaymentProvider, mode: str):
    """Test money is told from real money by the key it is paid with."""
    assert provider.mode == mode
