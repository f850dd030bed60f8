"""Stripe and Creem, as far as we use them, against simulated servers in a process of their own."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from tests.support.payments import PaymentsProcess, running_payments
from tests.support.server import eventually
from tests.support.webhook_sink import WebhookSink, running_sink

from farebox.payments.creem.provider import CreemProvider
from farebox.payments.fact import PaymentFact
from farebox.payments.provider import (
    Checkout,
    CheckoutOrder,
    PaymentProvider,
    ProviderAway,
    ProviderRefused,
    RefundOrder,
    SavedMethod,
)
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.payments.stripe.provider import StripeProvider

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ON_TOP = {"id": "prod_on_top", "price": 1000, "currency": "EUR", "tax_mode": "exclusive", "tax_percent": 21}
INSIDE = {"id": "prod_inside", "price": 1000, "currency": "EUR", "tax_mode": "inclusive", "tax_percent": 25}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Plain: steering the simulator blocks the loop for as long as its process takes to answer."""
    return "asyncio"


@pytest.fixture(scope="module")
def sink() -> Iterator[WebhookSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture(scope="module")
def payments(sink: WebhookSink) -> Iterator[PaymentsProcess]:
    with running_payments(
        products=[ON_TOP, INSIDE], stripe_webhook=sink.url + "/stripe", creem_webhook=sink.url + "/creem"
    ) as payments:
        yield payments


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20) as http:
        yield http


@pytest.fixture
def stripe(payments: PaymentsProcess, http: httpx.AsyncClient) -> StripeProvider:
    return StripeProvider(payments.stripe, http)


@pytest.fixture
def creem(payments: PaymentsProcess, http: httpx.AsyncClient) -> CreemProvider:
    return CreemProvider(payments.creem, http)


@pytest.fixture(params=["stripe", "creem"])
def provider(request: pytest.FixtureRequest, stripe: StripeProvider, creem: CreemProvider) -> PaymentProvider:
    return stripe if request.param == "stripe" else creem


def order(recharge_id: UUID | None = None, **terms: object) -> CheckoutOrder:
    """15 EUR of credit, as a free amount of a product whose tax is inside."""
    told = {
        "recharge_id": recharge_id or uuid4(),
        "account_id": uuid4(),
        "price_minor": 1500,
        "currency": "EUR",
        "label": "15 credits",
        "product": "prod_inside",
        "is_free_amount": True,
        "email": "payer@example.com",
        "success_url": "http://127.0.0.1/paid",
        "cancel_url": "http://127.0.0.1/left",
        **terms,
    }
    return msgspec.convert(told, CheckoutOrder)


def refund_order(fact: PaymentFact, gross_minor: int, **terms: object) -> RefundOrder:
    told = {
        "refund_id": uuid4(),
        "payment_ref": fact.payment_ref,
        "checkout_ref": fact.checkout_ref,
        "gross_minor": gross_minor,
        "currency": fact.currency,
        "is_whole_remainder": gross_minor == fact.gross_minor,
        **terms,
    }
    return msgspec.convert(told, RefundOrder)


async def paid(
    payments: PaymentsProcess, provider: PaymentProvider, wanted: CheckoutOrder | None = None
) -> tuple[Checkout, PaymentFact]:
    """A checkout that has been paid, and what the provider says of it."""
    checkout = await provider.create_checkout(wanted or order())
    payments.act("pay", checkout.ref)
    return checkout, (await provider.look_up(checkout.ref))[0]


def facts_of(sink: WebhookSink, provider: PaymentProvider, number: int, payment_ref: str) -> list[PaymentFact]:
    """The facts of all events about a payment, once there are so many; every signature was good."""

    def told() -> list[PaymentFact]:
        found = []
        for request in list(sink.received):
            if request.path == f"/{provider.name}":
                provider.verify(request.body, request.headers)
                found += [fact for fact in provider.read(request.body) if fact.payment_ref == payment_ref]
        return found if len(found) >= number else []

    return eventually(told)


async def test_what_was_asked_is_what_is_told_as_paid(payments: PaymentsProcess, provider: PaymentProvider):
    """Recharge, amount, currency, product and mode come back as they were asked for."""
    wanted = order()
    checkout = await provider.create_checkout(wanted)
    assert not [fact for fact in await provider.look_up(checkout.ref) if fact.state is not None]
    payments.act("pay", checkout.ref, country="FR")
    facts = await provider.look_up(checkout.ref)
    for fact in facts:
        assert (fact.provider, fact.mode, fact.state) == (provider.name, "test", "paid")
        assert (fact.recharge_id, fact.checkout_ref) == (wanted.recharge_id, checkout.ref)
        assert (fact.price_minor, fact.gross_minor, fact.currency) == (1500, 1500, "EUR")
        assert fact.payment_ref == facts[0].payment_ref != ""
    assert "FR" in {fact.country for fact in facts}
    assert facts[0].product == ("prod_inside" if provider.name == "creem" else "")


async def test_events_and_look_ups_tell_the_same(
    payments: PaymentsProcess, provider: PaymentProvider, sink: WebhookSink
):
    """A payment whose webhook was lost is credited by polling, and once: both name it alike."""
    checkout, fact = await paid(payments, provider)
    told = facts_of(sink, provider, 3 if provider.name == "stripe" else 1, fact.payment_ref)
    amounts = {(one.price_minor, one.gross_minor, one.tax_minor, one.currency) for one in told if one.state == "paid"}
    assert amounts == {(fact.price_minor, fact.gross_minor, fact.tax_minor, "EUR")}
    assert {one.recharge_id for one in told} == {fact.recharge_id}
    listed = [one async for one in provider.list_payments(LONG_AGO) if one.payment_ref == fact.payment_ref]
    assert [(one.state, one.price_minor, one.gross_minor) for one in listed] == [("paid", 1500, 1500)]
    assert checkout.ref in {one.checkout_ref for one in told}


async def test_a_checkout_of_stripe_is_made_once(stripe: StripeProvider):
    """A repeated call, after a crash or by an impatient customer, gives the same page to pay on."""
    wanted = order()
    first = await stripe.create_checkout(wanted)
    assert await stripe.create_checkout(wanted) == first
    assert await stripe.create_checkout(order()) != first


async def test_a_lost_answer_leaves_the_checkout_to_be_found(
    payments: PaymentsProcess, stripe: StripeProvider, creem: CreemProvider
):
    """Whether anything was done is unknown, and so it is said; Stripe's key then finds what was made."""
    wanted, before = order(), len(payments.purchases())
    payments.set(lose_answer=True)
    try:
        with pytest.raises(ProviderAway):
            await stripe.create_checkout(wanted)
        with pytest.raises(ProviderAway):
            await creem.create_checkout(wanted)
    finally:
        payments.set(lose_answer=False)
    made = payments.purchases()[before:]
    assert [one["provider"] for one in made] == ["stripe", "creem"]
    assert (await stripe.create_checkout(wanted)).ref == made[0]["checkout_id"]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_provider_in_trouble_is_away(payments: PaymentsProcess, provider: PaymentProvider, status: int):
    """Trouble at the provider is never taken for a refusal, so that what may have been done is looked for."""
    payments.set(api_status=status)
    try:
        with pytest.raises(ProviderAway):
            await provider.create_checkout(order())
    finally:
        payments.set(api_status=None)


async def test_wrong_credentials_are_a_refusal_that_says_no_more(payments: PaymentsProcess, http: httpx.AsyncClient):
    """The operator sees which provider refuses; keys are in no message."""
    stripe = StripeProvider(StripeSettings("sk_test_wrong", "", payments.stripe.api_base), http)
    creem = CreemProvider(CreemSettings("creem_wrong", "", payments.creem.api_base), http)
    for provider in (stripe, creem):
        with pytest.raises(ProviderRefused) as caught:
            await provider.create_checkout(order())
        assert "wrong" not in str(caught.value)


async def test_nobody_there_is_away(http: httpx.AsyncClient):
    """A provider that cannot be reached has done nothing that we know of."""
    for provider in (
        StripeProvider(StripeSettings("sk_test_x", "", "http://127.0.0.1:9"), http),
        CreemProvider(CreemSettings("creem_x", "", "http://127.0.0.1:9"), http),
    ):
        with pytest.raises(ProviderAway):
            await provider.look_up("cs_1")


async def test_a_tax_on_top_is_not_part_of_the_price(payments: PaymentsProcess, creem: CreemProvider):
    """Creem adds the tax of the payer's country; what we compare is the price, what goes back is the gross amount."""
    _, fact = await paid(payments, creem, order(product="prod_on_top"))
    assert (fact.price_minor, fact.gross_minor, fact.tax_minor) == (1500, 1815, 315)
    _, fixed = await paid(payments, creem, order(product="prod_on_top", is_free_amount=False))
    assert (fixed.price_minor, fixed.gross_minor) == (1000, 1210)
    _, inside = await paid(payments, creem)
    assert (inside.price_minor, inside.gross_minor, inside.tax_minor) == (1500, 1500, 300)


async def test_prices_that_creem_does_not_take_are_refused(creem: CreemProvider):
    """Less than one whole unit, more than it handles, or no product."""
    for terms in ({"price_minor": 99}, {"price_minor": 100_000_000}, {"product": ""}, {"product": "prod_unknown"}):
        with pytest.raises(ProviderRefused):
            await creem.create_checkout(order(**terms))


async def test_money_that_comes_later(payments: PaymentsProcess, stripe: StripeProvider, sink: WebhookSink):
    """A bank debit is pending until it is paid, or bounces."""
    for action, state in (("settle", "paid"), ("bounce", "failed")):
        checkout = await stripe.create_checkout(order())
        payments.act("pay_later", checkout.ref)
        waiting = await stripe.look_up(checkout.ref)
        assert {fact.state for fact in waiting} == {"pending"}
        payments.act(action, checkout.ref)
        told = facts_of(sink, stripe, 5, waiting[0].payment_ref)
        assert {fact.state for fact in told} == {"pending", state}


async def test_a_refused_card_leaves_the_page_open(
    payments: PaymentsProcess, stripe: StripeProvider, sink: WebhookSink
):
    """The failed attempt is told with its card; another one pays the same payment."""
    checkout = await stripe.create_checkout(order())
    payments.act("decline", checkout.ref, card="stolen", country="BR")
    failed = next(fact for fact in await stripe.look_up(checkout.ref) if fact.state == "failed")
    told = facts_of(sink, stripe, 2, failed.payment_ref)
    assert {(fact.state, fact.fingerprint, fact.country) for fact in told} == {("failed", "stolen", "BR")}
    payments.act("pay", checkout.ref, card="good")
    assert {fact.state for fact in await stripe.look_up(checkout.ref)} == {"paid"}


async def test_an_expired_checkout(payments: PaymentsProcess, provider: PaymentProvider):
    """Nothing was paid, and nothing will be."""
    checkout = await provider.create_checkout(order())
    payments.act("expire", checkout.ref)
    assert [(fact.state, fact.payment_ref) for fact in await provider.look_up(checkout.ref)] == [("expired", "")]
    assert payments.refuses("pay", checkout.ref) == "checkout_over"


async def test_refunds_of_stripe_are_made_once_and_carry_our_id(
    payments: PaymentsProcess, stripe: StripeProvider, sink: WebhookSink
):
    """A part, the same part again by mistake, and the rest: the sum and each refund are told."""
    _, fact = await paid(payments, stripe)
    part = refund_order(fact, 400)
    first = await stripe.refund(part)
    assert (first.state, await stripe.refund(part)) == ("succeeded", first)
    rest = await stripe.refund(refund_order(fact, 1100))
    told = facts_of(sink, stripe, 7, fact.payment_ref)
    refunds = {one.refund.ref: (one.refund.gross_minor, one.refund.key) for one in told if one.refund is not None}
    assert refunds[first.ref] == (400, part.refund_id)
    assert refunds[rest.ref][0] == 1100
    assert max(one.refunded_minor or 0 for one in told) == 1500
    with pytest.raises(ProviderRefused, match="charge_already_refunded"):
        await stripe.refund(refund_order(fact, 1))


async def test_refunds_of_creem_are_of_all_that_is_left(
    payments: PaymentsProcess, creem: CreemProvider, sink: WebhookSink
):
    """A part is somebody's work in its dashboard, confirmed by an event; a repeated whole asks for nothing more."""
    _, fact = await paid(payments, creem)
    by_hand = await creem.refund(refund_order(fact, 400))
    assert by_hand.state == "manual"
    payments.act("refund", fact.payment_ref, amount=400)
    whole = refund_order(fact, 1100, is_whole_remainder=True)
    assert (await creem.refund(whole)).state == "succeeded"
    assert (await creem.refund(whole)).state == "pending"
    told = facts_of(sink, creem, 3, fact.payment_ref)
    assert sorted(one.refund.gross_minor for one in told if one.refund is not None) == [400, 1100]
    listed = [one async for one in creem.list_payments(LONG_AGO) if one.payment_ref == fact.payment_ref]
    assert [one.refunded_minor for one in listed] == [1500]


async def test_disputes_of_stripe_from_question_to_end(
    payments: PaymentsProcess, stripe: StripeProvider, sink: WebhookSink
):
    """An inquiry moves no money; a dispute does, and a won one brings it back."""
    _, fact = await paid(payments, stripe)
    payments.act("inquire", fact.payment_ref)
    payments.act("dispute", fact.payment_ref)
    payments.act("win", fact.payment_ref)
    told = facts_of(sink, stripe, 8, fact.payment_ref)
    states = {one.dispute.state for one in told if one.dispute is not None}
    assert states == {"inquiry", "open", "won"}
    assert len({one.dispute.ref for one in told if one.dispute is not None}) == 1
    listed = [one.dispute async for one in stripe.list_payments(LONG_AGO) if one.payment_ref == fact.payment_ref]
    assert [one.state for one in listed if one is not None] == ["won"]


async def test_a_dispute_of_creem_is_the_same_in_event_and_list(
    payments: PaymentsProcess, creem: CreemProvider, sink: WebhookSink
):
    """One chargeback, although events and the API spell and name it differently."""
    _, fact = await paid(payments, creem)
    payments.act("dispute", fact.payment_ref)
    told = facts_of(sink, creem, 2, fact.payment_ref)
    listed = [one async for one in creem.list_payments(LONG_AGO) if one.payment_ref == fact.payment_ref]
    refs = {one.dispute.ref for one in (*told, *listed) if one.dispute is not None}
    assert len(refs) == 1
    assert [one.refunded_minor for one in listed] == [None]


async def test_a_kept_card_pays_again(payments: PaymentsProcess, stripe: StripeProvider):
    """With the customer's consent the card is kept, and charged once for each recharge."""
    _, plain = await paid(payments, stripe)
    assert {fact.method_ref for fact in await stripe.look_up(plain.checkout_ref)} == {""}
    checkout, _ = await paid(payments, stripe, order(keep_method=True))
    method = kept(await stripe.look_up(checkout.ref))
    wanted = order()
    facts = await stripe.charge_saved(wanted, method)
    assert {(fact.state, fact.recharge_id, fact.price_minor) for fact in facts} == {("paid", wanted.recharge_id, 1500)}
    assert await stripe.charge_saved(wanted, method) == facts


async def test_a_kept_card_may_be_refused(payments: PaymentsProcess, stripe: StripeProvider):
    """The refusal is a fact with its reason, and not an error: nothing was paid."""
    checkout = await stripe.create_checkout(order(keep_method=True))
    payments.act("pay", checkout.ref, declines_later=True)
    method = kept(await stripe.look_up(checkout.ref))
    (fact,) = await stripe.charge_saved(order(), method)
    assert (fact.state, fact.failure, fact.gross_minor) == ("failed", "insufficient_funds", None)
    with pytest.raises(ProviderRefused):
        await stripe.charge_saved(order(), SavedMethod("cus_other", method.method_ref))


async def test_creem_keeps_no_cards(creem: CreemProvider):
    """Auto-recharge is not on offer there."""
    with pytest.raises(ProviderRefused):
        await creem.charge_saved(order(), SavedMethod("cust_1", "pm_1"))


async def test_long_lists_are_read_to_their_end(http: httpx.AsyncClient):
    """Reconciliation sees every payment since a moment, however many pages that are, and none from before."""
    with running_payments(products=[INSIDE]) as many:
        for provider in (StripeProvider(many.stripe, http), CreemProvider(many.creem, http)):
            refs = set()
            for _ in range(105):
                checkout = await provider.create_checkout(order())
                refs.add(many.act("pay", checkout.ref)["payment_id"])
            assert {fact.payment_ref async for fact in provider.list_payments(LONG_AGO)} == refs
            assert [fact async for fact in provider.list_payments(datetime(2100, 1, 1, tzinfo=UTC))] == []


def kept(facts: tuple[PaymentFact, ...]) -> SavedMethod:
    """The one method that facts tell of."""
    (found,) = {(fact.customer_ref, fact.method_ref) for fact in facts if fact.method_ref}
    return SavedMethod(*found)
