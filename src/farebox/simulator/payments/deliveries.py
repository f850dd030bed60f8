"""Webhooks on their way: signed when they are sent, and sent with the faults that are set."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from farebox.kit.clock import Clock
from farebox.simulator.payments.options import PaymentOptions, ProviderName

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 10.0


class Delivery(msgspec.Struct, kw_only=True):
    """One event and what became of it. `statuses` are the answers to it, 0 for none."""

    id: str
    provider: ProviderName
    kind: str
    body: bytes
    is_dropped: bool = False
    statuses: list[int] = msgspec.field(default_factory=list)

    @property
    def report(self) -> dict[str, Any]:
        is_received = any(200 <= status < 300 for status in self.statuses)
        return {
            "id": self.id,
            "provider": self.provider,
            "type": self.kind,
            "is_dropped": self.is_dropped,
            "is_received": is_received,
            "statuses": self.statuses,
        }


class Deliveries:
    """All events of the simulated providers, those still to be sent among them."""

    def __init__(self, clock: Clock) -> None:
        self.all: list[Delivery] = []
        self._clock = clock
        self._gathered: list[Delivery] = []
        self._running: set[asyncio.Task[None]] = set()
        self._http: httpx.AsyncClient | None = None
        self.use(PaymentOptions())

    def use(self, options: PaymentOptions) -> None:
        """Go by these options from now on."""
        self._options = options
        # Faults must fall the same way in every run with one seed; nothing here is a secret.
        self._random = Random(options.seed)  # noqa: S311

    def send(self, delivery: Delivery) -> None:
        """Send an event, with all faults."""
        self.all.append(delivery)
        if self._options.drop and self._random.random() < self._options.drop:
            delivery.is_dropped = True
            return
        if self._options.reorder:
            self._gathered.append(delivery)
            if len(self._gathered) >= self._options.reorder:
                self.flush()
            return
        self.send_now(delivery)

    def flush(self) -> None:
        """Send what was gathered one after the other, in an order that is not the one it came in."""
        gathered, self._gathered = self._gathered, []
        mixed = self._random.sample(gathered, len(gathered))
        self.send_now(*(mixed if mixed != gathered else reversed(mixed)))

    def send_now(self, *deliveries: Delivery) -> None:
        """Send events, as often at once as is set; those of a provider without an address go nowhere."""
        known = [delivery for delivery in deliveries if _address(self._options, delivery.provider)]
        for _ in range(self._options.copies if known else 0):
            task = asyncio.get_running_loop().create_task(self._deliver_all(known))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()

    async def _deliver_all(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        await asyncio.sleep(self._options.delay_ms / 1000)
        for attempt in range(self._options.attempts):
            if attempt:
                await asyncio.sleep(self._options.retry_ms / 1000)
            status = await self._post(delivery)
            delivery.statuses.append(status)
            if 200 <= status < 300:
                return

    async def _post(self, delivery: Delivery) -> int:
        # Loaded late: a simulator of models alone starts without it.
        import httpx

        if self._http is None:
            self._http = httpx.AsyncClient(timeout=_TIMEOUT_S)
        options = self._options
        headers = {
            "content-type": "application/json",
            **_SIGNERS[delivery.provider](options, delivery.body, self._clock),
        }
        try:
            answer = await self._http.post(_address(options, delivery.provider), content=delivery.body, headers=headers)
        except httpx.HTTPError:
            return 0
        return answer.status_code


def _address(options: PaymentOptions, provider: ProviderName) -> str:
    return options.stripe_webhook if provider == "stripe" else options.creem_webhook


def _stripe_headers(options: PaymentOptions, body: bytes, clock: Clock) -> dict[str, str]:
    now_s = clock.unix_ms() // 1000
    return {"stripe-signature": f"t={now_s},v1={_hmac(options.stripe_secret, b'%d.%s' % (now_s, body))}"}


def _creem_headers(options: PaymentOptions, body: bytes, clock: Clock) -> dict[str, str]:
    del clock
    return {"creem-signature": _hmac(options.creem_secret, body)}


def _hmac(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


_SIGNERS: dict[ProviderName, Callable[[PaymentOptions, bytes, Clock], dict[str, str]]] = {
    "stripe": _stripe_headers,
    "creem": _creem_headers,
}
