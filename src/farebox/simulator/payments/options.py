"""What the simulated payment providers do: keys, where webhooks go, and every fault, in one frozen value."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

ProviderName = Literal["stripe", "creem"]
TaxMode = Literal["inclusive", "exclusive"]

Count = Annotated[int, Meta(ge=0, le=1000)]
Millis = Annotated[float, Meta(ge=0, le=600_000)]
Chance = Annotated[float, Meta(ge=0, le=1)]


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product at Creem, in cents; the tax is in the price, or comes on top of it."""

    id: str
    price: int
    currency: str = "USD"
    name: str = "Credit"
    tax_mode: TaxMode = "inclusive"
    tax_percent: Annotated[int, Meta(ge=0, le=100)] = 0


class PaymentOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set; the defaults make healthy providers that know no address to send events to.

    Webhooks: each event is sent `copies` times at once, after `delay_ms`, or with the chance `drop` never. With
    `reorder` events are gathered, and as soon as there are so many are sent in another order. What is not answered with
    2xx is sent again, `attempts` times in all.
    The API: `api_status` is answered instead of doing anything; with `lose_answer` everything is done, and the
    connection is reset instead of an answer.
    """

    stripe_key: str = "sk_test_simulated"
    stripe_secret: str = "whsec_simulated"  # noqa: S105 - of a simulator
    stripe_webhook: str = ""
    creem_key: str = "creem_test_simulated"
    creem_secret: str = "whsec_simulated"  # noqa: S105
    creem_webhook: str = ""
    # Where browsers reach the simulator, when that is not the address that its API is called at.
    page_url: str = ""
    live: bool = False
    products: tuple[Product, ...] = ()

    copies: Annotated[int, Meta(ge=1, le=1000)] = 1
    reorder: Count = 0
    delay_ms: Millis = 0.0
    drop: Chance = 0.0
    attempts: Annotated[int, Meta(ge=1, le=100)] = 5
    retry_ms: Millis = 200.0
    seed: int = 0

    api_status: Annotated[int, Meta(ge=400, le=599)] | None = None
    lose_answer: bool = False


def merge_payment_options(options: PaymentOptions, changes: dict[str, Any], *, strict: bool = True) -> PaymentOptions:
    """`options` with `changes` laid over, as text if not `strict`; msgspec.ValidationError names the wrong field."""
    return msgspec.convert({**msgspec.to_builtins(options), **changes}, PaymentOptions, strict=strict)
