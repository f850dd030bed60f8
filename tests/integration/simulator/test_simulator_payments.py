"""The simulated payment providers: published shapes, signatures, faults of delivery, the page, and the books."""

import hashlib
import hmac
import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from tests.support.payments import CREEM_KEY, CREEM_SECRET, STRIPE_KEY, STRIPE_SECRET, PaymentsProcess, running_payments
from tests.support.server import FAREBOX, command_environment, eventually
from tests.support.webhook_sink import Received, WebhookSink, running_sink

DATA = Path(__file__).parents[4] / "shared" / "data"
published = pytest.mark.skipif(not DATA.exists(), reason="the published samples are not here")
PRODUCT = {"id": "prod_1", "price": 1000, "tax_mode": "exclusive", "tax_percent": 21}


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def payments(sink: WebhookSink) -> Iterator[PaymentsProcess]:
    with running_payments(
        products=[PRODUCT], stripe_webhook=sink.url + "/stripe", creem_webhook=sink.url + "/creem", retry_ms=10
    ) as payments:
        yield payments


def stripe(payments: PaymentsProcess, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
    """A call to Stripe's API as its clients make them: forms in, JSON out."""
    headers = {"authorization": f"Bearer {STRIPE_KEY}", **{key.replace("_", "-"): headers[key] for key in headers}}
    answer = httpx.request("POST" if form else "GET", payments.stripe.api_base + path, data=form, headers=headers)
    return answer.json()


def creem(payments: PaymentsProcess, path: str, body: dict[str, Any] | None = None) -> Any:
    base = payments.creem.api_base
    headers = {"x-api-key": CREEM_KEY}
    answer = httpx.request("POST" if body else "GET", base + path, json=body, headers=headers)
    return answer.json()


def session(payments: PaymentsProcess, **fields: str) -> dict[str, Any]:
    form = {
        "mode": "payment",
        "success_url": "http://127.0.0.1/paid?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1/left",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "1000",
        "line_items[0][price_data][product_data][name]": "<10 credits>",
        **fields,
    }
    made: dict[str, Any] = stripe(payments, "/v1/checkout/sessions", form)
    return made


def checkout(payments: PaymentsProcess, **fields: Any) -> dict[str, Any]:
    body = {"product_id": "prod_1", "request_id": "r-1", "success_url": "http://127.0.0.1/paid", **fields}
    made: dict[str, Any] = creem(payments, "/v1/checkouts", body)
    return made


def events(sink: WebhookSink, number: int) -> list[dict[str, Any]]:
    """The events received, once there are so many."""
    eventually(lambda: len(sink.received) >= number)
    return [json.loads(request.body) for request in sink.received]


def is_signed(request: Received) -> bool:
    if request.path == "/creem":
        expected = hmac.new(CREEM_SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        return request.headers["creem-signature"] == expected
    at, signature = (part.partition("=")[2] for part in request.headers["stripe-signature"].split(","))
    expected = hmac.new(STRIPE_SECRET.encode(), at.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    return signature == expected and abs(time.time() - int(at)) < 30


@published
def test_objects_of_stripe_have_the_published_members(payments: PaymentsProcess, sink: WebhookSink):
    """What a handler may find in an object of Stripe's is what is in ours, no more and no less."""
    fixtures = json.loads((DATA / "stripe-fixtures.json").read_text())
    made = session(payments)
    objects = {"checkout.session": made}
    for action in ("pay", "refund", "dispute"):
        more = {"amount": 300} if action == "refund" else {}
        payments.act(action, made["id"], **more)
    for event in events(sink, 7):
        assert event.keys() == fixtures["event"].keys()
        told = event["data"]["object"]
        assert told.keys() == fixtures[told["object"]].keys(), told["object"]
        objects[told["object"]] = told
    assert set(objects) == {"checkout.session", "payment_intent", "charge", "refund", "dispute"}
    assert made.keys() == fixtures["checkout.session"].keys()


@published
def test_objects_of_creem_have_the_published_members(payments: PaymentsProcess, sink: WebhookSink):
    """Events as in the samples but for subscriptions; answers as in the API description."""
    samples = json.loads((DATA / "creem-events.json").read_text())
    schemas = json.loads((DATA / "creem-openapi.json").read_text())["components"]["schemas"]
    made, other = checkout(payments), checkout(payments)
    payments.act("pay", made["id"])
    payments.act("pay", other["id"])
    payments.act("refund", made["id"])
    payments.act("dispute", other["id"])
    for event in events(sink, 4):
        sample = samples[event["eventType"]][0]
        assert event.keys() == sample.keys()
        assert event["object"].keys() == sample["object"].keys() - {"subscription"}
        for name in ("customer", "product", "transaction", "order"):
            if name in event["object"]:
                expected = sample["object"][name].keys() if name != "order" else _all_order_members(samples)
                assert expected - event["object"][name].keys() <= {"subscription"}, name
    _fits(made, schemas["CheckoutEntity"])
    _fits(creem(payments, f"/v1/checkouts?checkout_id={made['id']}"), schemas["CheckoutEntity"])
    _fits(creem(payments, "/v1/products?product_id=prod_1"), schemas["ProductEntity"])
    listed = creem(payments, "/v1/transactions/search")
    _fits(listed["pagination"], schemas["PaginationEntity"])
    assert {item["status"] for item in listed["items"]} == {"refunded", "chargedBack"}
    for item in listed["items"]:
        _fits(item, schemas["TransactionEntity"])


def _all_order_members(samples: dict[str, Any]) -> set[str]:
    return set(samples["dispute.created"][0]["object"]["order"])


def _fits(value: dict[str, Any], schema: dict[str, Any]) -> None:
    assert set(schema["required"]) <= value.keys() <= schema["properties"].keys()


def test_every_event_is_signed(payments: PaymentsProcess, sink: WebhookSink):
    """With the secret of its provider, and Stripe's with the time."""
    payments.act("pay", session(payments)["id"])
    payments.act("pay", checkout(payments)["id"])
    events(sink, 4)
    assert all(is_signed(request) for request in sink.received)
    assert {request.path for request in sink.received} == {"/stripe", "/creem"}


def test_events_come_as_often_as_is_set(payments: PaymentsProcess, sink: WebhookSink):
    """20 copies of one event at once, all of the same id."""
    payments.set(copies=20)
    payments.act("pay", checkout(payments)["id"])
    assert len({event["id"] for event in events(sink, 20)}) == 1
    assert len(payments.wait_received()) == 1


def test_events_come_in_another_order(payments: PaymentsProcess, sink: WebhookSink):
    """They are gathered until there are enough of them, or somebody flushes."""
    payments.set(reorder=5, seed=3)
    made = session(payments)["id"]
    payments.act("pay", made)
    assert not sink.received
    payments.act("refund", made)
    happened = [one["id"] for one in payments.deliveries()]
    told = [event["id"] for event in events(sink, 5)]
    assert told != happened
    assert sorted(told) == sorted(happened)
    payments.set(reorder=100)
    payments.act("dispute", _paid_again(payments))
    assert len(sink.received) == 5
    payments.flush()
    assert {event["type"] for event in events(sink, 10)} >= {"charge.dispute.created"}


def _paid_again(payments: PaymentsProcess) -> str:
    made: str = session(payments)["id"]
    payments.act("pay", made)
    return made


def test_events_are_lost_and_sent_again(payments: PaymentsProcess, sink: WebhookSink):
    """A dropped event never comes by itself; resending brings it."""
    payments.set(drop=1.0)
    payments.act("pay", checkout(payments)["id"])
    assert [(one["is_dropped"], one["is_received"]) for one in payments.deliveries()] == [(True, False)]
    payments.set(drop=0.0)
    assert payments.resend() == 1
    assert events(sink, 1)[0]["eventType"] == "checkout.completed"
    eventually(lambda: payments.deliveries()[0]["is_received"])
    assert payments.resend() == 0
    assert payments.resend(payments.deliveries()[0]["id"]) == 1


def test_events_come_late(payments: PaymentsProcess, sink: WebhookSink):
    """The answer to the payer does not wait for the webhook."""
    payments.set(delay_ms=400)
    began = time.monotonic()
    payments.act("pay", checkout(payments)["id"])
    events(sink, 1)
    assert time.monotonic() - began >= 0.4


def test_an_event_is_sent_until_it_is_taken(payments: PaymentsProcess, sink: WebhookSink):
    """Anything but 2xx means again; the same bytes, signed anew."""
    sink.statuses += [500, 404]
    payments.act("pay", checkout(payments)["id"])
    told = payments.wait_for(lambda told: told[0]["is_received"])
    assert told[0]["statuses"] == [500, 404, 200]
    assert len({request.body for request in sink.received}) == 1


def test_the_page_can_be_clicked_through(payments: PaymentsProcess):
    """A refused card leaves it open, a good one leads to where the shop wants it; paying twice is not possible."""
    url = session(payments)["url"]
    status, headers, text = payments.page(url)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "&lt;10 credits&gt;" in text
    assert 'value="pay"' in text
    status, headers, _ = payments.page(url, "decline")
    assert (status, headers["location"]) == (303, url.rsplit("/", 1)[1])
    assert "refused" in payments.page(url)[2]
    status, headers, _ = payments.page(url, "abandon")
    assert (status, headers["location"]) == (303, "http://127.0.0.1/left")
    status, headers, _ = payments.page(url, "pay")
    assert status == 303
    assert headers["location"].startswith("http://127.0.0.1/paid?s=cs_test_")
    status, _, text = payments.page(url, "pay")
    assert status == 409
    assert "<button" not in text
    assert payments.page(url, "nonsense")[0] == 409
    assert payments.page(payments.url + "/payments/stripe/pay/none")[0] == 404


def test_the_page_of_creem_tells_what_was_bought(payments: PaymentsProcess):
    """The customer comes back with the ids of what they paid."""
    made = checkout(payments)
    status, headers, _ = payments.page(made["checkout_url"], "pay")
    assert status == 303
    assert headers["location"].startswith(f"http://127.0.0.1/paid?checkout_id={made['id']}&order_id=ord_")
    assert "request_id=r-1" in headers["location"]


def test_a_key_of_idempotency_belongs_to_one_request(payments: PaymentsProcess):
    """The same request gets the same answer; another one with the key is refused."""
    form = {"mode": "payment", "success_url": "http://127.0.0.1/", "line_items[0][price_data][currency]": "usd"}
    form["line_items[0][price_data][unit_amount]"] = "500"
    first = stripe(payments, "/v1/checkout/sessions", form, idempotency_key="k")
    assert stripe(payments, "/v1/checkout/sessions", form, idempotency_key="k") == first
    other = stripe(payments, "/v1/checkout/sessions", {**form, "locale": "ja"}, idempotency_key="k")
    assert other["error"]["type"] == "idempotency_error"
    assert len(payments.purchases()) == 1


def test_no_more_goes_back_than_was_paid(payments: PaymentsProcess):
    """The simulated providers refuse what real ones refuse."""
    made = session(payments)["id"]
    assert payments.refuses("refund", made) == "charge_not_paid"
    payments.act("pay", made)
    payments.act("refund", made, amount=600)
    assert payments.refuses("refund", made, amount=401) == "amount_too_large"
    payments.act("dispute", made)
    assert payments.refuses("refund", made, amount=1) == "charge_disputed"
    assert payments.refuses("dispute", made) == "charge_disputed"
    payments.act("lose", made)
    assert payments.refuses("win", made) == "no_dispute"


def test_the_books_add_up(payments: PaymentsProcess):
    """What was paid, refunded and withdrawn, by provider and currency: what our ledger is compared with."""
    for actions in (("pay",), ("pay", "refund"), ("pay", "dispute"), ("pay", "dispute", "win"), ("decline",)):
        made = session(payments)["id"]
        for action in actions:
            payments.act(action, made)
    later = session(payments)["id"]
    payments.act("pay_later", later)
    payments.act("pay", checkout(payments)["id"])
    refunded = _paid_again(payments)
    payments.act("refund_later", refunded, amount=100)
    assert payments.books() == {
        "stripe": {"USD": {"paid": 5000, "refunded": 1100, "withdrawn": 1000}},
        "creem": {"USD": {"paid": 1210, "refunded": 0, "withdrawn": 0}},
    }
    payments.act("fail_refund", refunded)
    payments.act("settle", later)
    assert payments.books()["stripe"]["USD"] == {"paid": 6000, "refunded": 1000, "withdrawn": 1000}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/options", {"copies": 0}),
        ("/options", {"no_such": 1}),
        ("/act", {"action": "rob", "purchase": "x"}),
        ("/act", {}),
        ("/act", None),
    ],
)
def test_wrong_control_calls_change_nothing(payments: PaymentsProcess, path: str, body: Any):
    """A test that asks for something else than there is fails at once."""
    answer = httpx.post(payments.url + "/payments/control" + path, content=json.dumps(body).encode())
    assert answer.status_code == 400
    assert payments.deliveries() == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/v1/checkout/sessions", {"mode": "payment"}),
        ("/v1/checkout/sessions", {"mode": "payment", "success_url": "x", "line_items": "1", "line_items[0][a]": "1"}),
        ("/v1/payment_intents", {"amount": "ten"}),
        ("/v1/refunds", {"amount": "-1"}),
        ("/v1/refunds", {"payment_intent": "pi_none"}),
        ("/v1/charges?limit=x", None),
        ("/v1/charges?starting_after=ch_none", None),
        ("/v1/checkout/sessions/cs_none", None),
    ],
)
def test_wrong_calls_of_stripes_api_are_refused(payments: PaymentsProcess, path: str, form: dict[str, str] | None):
    """In its own words, as a client's library expects them."""
    assert stripe(payments, path, form)["error"]["type"] == "invalid_request_error"
    assert payments.purchases() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/checkouts", {"product_id": 5}),
        ("/v1/checkouts", {"product_id": "prod_none"}),
        ("/v1/checkouts", {"product_id": "prod_1", "custom_price": 99}),
        ("/v1/products", {"name": "x"}),
        ("/v1/refunds", {"transaction_id": "tran_none"}),
        ("/v1/transactions/search?page_number=0", None),
        ("/v1/checkouts?checkout_id=ch_none", None),
    ],
)
def test_wrong_calls_of_creems_api_are_refused(payments: PaymentsProcess, path: str, body: dict[str, Any] | None):
    """With a status of the request's fault and a message."""
    assert creem(payments, path, body)["status"] in (400, 404)
    assert payments.purchases() == []


@pytest.mark.parametrize("path", ["/payments/", "/payments/paypal/v1/x", "/payments/control/none", "/payments/stripe/"])
def test_what_is_not_there_is_not_found(payments: PaymentsProcess, path: str):
    """Wrong addresses are answered, and in JSON."""
    answer = httpx.get(payments.url + path, headers={"authorization": f"Bearer {STRIPE_KEY}"})
    assert answer.status_code == 404
    assert answer.json()


def test_models_are_served_beside_payments(payments: PaymentsProcess):
    """The demo has one simulator for both."""
    body = {"model": "sim-chat", "messages": [{"role": "user", "content": "x"}]}
    answer = httpx.post(payments.url + "/v1/chat/completions", json=body)
    assert answer.json()["object"] == "chat.completion"


def test_the_simulated_payments_run_as_a_command():
    """`farebox simulate payments` prints its URL and has the products it was given."""
    arguments = ["--port", "0", "--product", "prod_cli=700", "--set", "live=true", "--set", "creem_key=creem_k"]
    process = subprocess.Popen(
        [FAREBOX, "simulate", "payments", *arguments], env=command_environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        host = json.loads(process.stdout.readline())["url"].removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        query = urlencode({"product_id": "prod_cli"})
        connection.request("GET", "/payments/creem/v1/products?" + query, headers={"x-api-key": "creem_k"})
        told = json.loads(connection.getresponse().read())
        assert (told["price"], told["mode"]) == (700, "prod")
        connection.close()
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()
