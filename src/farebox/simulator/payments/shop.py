"""The state that both simulated providers share: options, purchases and events on their way."""

from collections.abc import Callable
from typing import Any

import msgspec

from farebox.kit.clock import Clock, SystemClock
from farebox.kit.ids import IdSource
from farebox.simulator.payments.actions import Act, Actions, Happening, Refused
from farebox.simulator.payments.deliveries import Deliveries, Delivery
from farebox.simulator.payments.options import PaymentOptions, Product, ProviderName
from farebox.simulator.payments.purchase import Purchase

Tell = Callable[[Purchase, Happening], None]


class Shop:
    """Purchases by any of their ids. What happens to one is told by the provider that it was made at."""

    def __init__(self, options: PaymentOptions, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.actions = Actions(IdSource(self.clock), self.clock)
        self.deliveries = Deliveries(self.clock)
        self.purchases: list[Purchase] = []
        self.products: dict[str, Product] = {}
        self.tellers: dict[ProviderName, Tell] = {}
        self.base_url = ""
        self._by_id: dict[str, Purchase] = {}
        self.use(options)

    def use(self, options: PaymentOptions) -> None:
        self.options = options
        self.deliveries.use(options)
        self.products.update({product.id: product for product in options.products})

    def add(self, purchase: Purchase) -> None:
        self.purchases.append(purchase)
        for name in (purchase.checkout_id, purchase.payment_id, purchase.charge_id):
            if name:
                self._by_id[name] = purchase

    def find(self, name: str) -> Purchase | None:
        """A purchase by the id of its checkout, of its payment or of its charge."""
        return self._by_id.get(name)

    def act(self, act: Act) -> Purchase:
        """Do it and tell of it; Refused when it cannot be done now."""
        purchase = self.find(act.purchase)
        if purchase is None:
            raise Refused("resource_missing", "There is no such purchase.")
        self.tell(purchase, self.actions.act(purchase, act))
        return purchase

    def tell(self, purchase: Purchase, happening: Happening) -> None:
        self.tellers[purchase.provider](purchase, happening)

    def send(self, provider: ProviderName, event_id: str, kind: str, body: dict[str, Any]) -> None:
        self.deliveries.send(Delivery(id=event_id, provider=provider, kind=kind, body=msgspec.json.encode(body)))

    def page_of(self, purchase: Purchase) -> str:
        """Where a browser finds the page to pay on."""
        base = self.options.page_url or self.base_url
        return f"{base}/payments/{purchase.provider}/pay/{purchase.checkout_id}"
