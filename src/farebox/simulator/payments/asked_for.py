"""What calls of the providers' APIs ask for, as far as it is simulated; other members are let through unread."""

from typing import Annotated, Any, TypeVar

import msgspec

from farebox.simulator.payments.actions import Refused
from farebox.simulator.payments.options import TaxMode

_T = TypeVar("_T")
Positive = Annotated[int, msgspec.Meta(gt=0, le=10**12)]
PageSize = Annotated[int, msgspec.Meta(ge=1, le=100)]


class StripePrice(msgspec.Struct, frozen=True):
    currency: str
    unit_amount: Positive
    product_data: dict[str, Any] = {}


class StripeLine(msgspec.Struct, frozen=True):
    price_data: StripePrice
    quantity: Positive = 1


class StripePayment(msgspec.Struct, frozen=True):
    metadata: dict[str, str] = {}
    setup_future_usage: str = ""


class StripeSession(msgspec.Struct, frozen=True):
    """A new Checkout Session; only its first line counts."""

    mode: str
    success_url: str
    line_items: dict[str, StripeLine]
    cancel_url: str = ""
    client_reference_id: str = ""
    customer_email: str = ""
    metadata: dict[str, str] = {}
    payment_intent_data: StripePayment = StripePayment()


class StripeCharge(msgspec.Struct, frozen=True):
    """A payment by a kept card."""

    amount: Positive
    currency: str
    customer: str
    payment_method: str
    metadata: dict[str, str] = {}


class StripeRefund(msgspec.Struct, frozen=True):
    payment_intent: str = ""
    charge: str = ""
    amount: Positive | None = None
    metadata: dict[str, str] = {}


class StripeList(msgspec.Struct, frozen=True, rename={"since": "created[gte]"}):
    since: int = 0
    limit: PageSize = 10
    starting_after: str = ""
    charge: str = ""


class CreemCustomer(msgspec.Struct, frozen=True):
    email: str = ""


class CreemCheckout(msgspec.Struct, frozen=True):
    """`custom_price` takes the place of the product's, within the bounds that Creem has for it."""

    product_id: str
    request_id: str = ""
    success_url: str = ""
    custom_price: Annotated[int, msgspec.Meta(ge=100, le=99_999_999)] | None = None
    customer: CreemCustomer = CreemCustomer()
    metadata: dict[str, Any] = {}


class CreemProduct(msgspec.Struct, frozen=True):
    name: str
    price: int
    currency: str
    tax_mode: TaxMode = "inclusive"


class CreemRefund(msgspec.Struct, frozen=True):
    transaction_id: str


class CreemSearch(msgspec.Struct, frozen=True):
    order_id: str = ""
    product_id: str = ""
    page_number: Positive = 1
    page_size: PageSize = 10


def formed(values: Any, form: type[_T]) -> _T:
    """Texts of a form or a query as what is asked for; Refused names what is wrong."""
    try:
        return msgspec.convert(values, form, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("parameter_invalid", str(error)) from None


def decoded(body: bytes, form: type[_T]) -> _T:
    """A JSON body as what is asked for; Refused names what is wrong."""
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.DecodeError as error:
        raise Refused("parameter_invalid", str(error)) from None
