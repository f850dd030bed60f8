"""Start, steer and stop the simulated payment providers as a separate process on a port of its own."""

import contextlib
import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.support.simulator import end, launch

from farebox.payments.settings import CreemSettings, StripeSettings

STRIPE_KEY = "sk_test_of_tests"
STRIPE_SECRET = "whsec_of_tests"
CREEM_KEY = "creem_test_of_tests"
CREEM_SECRET = "creem_secret_of_tests"


class PaymentsProcess:
    """Running simulated providers: settings for our side, and what tests do to them and want to know of them."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url
        self.port = int(url.rsplit(":", 1)[1])

    @property
    def stripe(self) -> StripeSettings:
        return StripeSettings(STRIPE_KEY, STRIPE_SECRET, self.url + "/payments/stripe")

    @property
    def creem(self) -> CreemSettings:
        return CreemSettings(CREEM_KEY, CREEM_SECRET, self.url + "/payments/creem")

    def set(self, **changes: Any) -> None:
        """Lay `changes` over the running options (farebox.simulator.payments.options)."""
        self._call("POST", "/options", changes)

    def options(self) -> dict[str, Any]:
        return self._call("GET", "/options")

    def act(self, action: str, purchase: str, **more: Any) -> dict[str, Any]:
        """Have something happen to a purchase, named by its checkout, payment or charge; what it is like then."""
        return self._call("POST", "/act", {"action": action, "purchase": purchase, **more})

    def attempt(self, action: str, purchase: str, **more: Any) -> bool:
        """Whether an action could be done."""
        status, answer = self._ask("POST", "/act", {"action": action, "purchase": purchase, **more})
        assert status in (200, 409), answer
        return status == 200

    def refuses(self, action: str, purchase: str, **more: Any) -> str:
        """The code with which an action is refused."""
        status, answer = self._ask("POST", "/act", {"action": action, "purchase": purchase, **more})
        assert status == 409, answer
        return str(answer["error"])

    def books(self) -> dict[str, dict[str, dict[str, int]]]:
        """Paid, refunded and withdrawn minor units by provider and currency."""
        return self._call("GET", "/books")

    def purchases(self) -> list[dict[str, Any]]:
        return self._call("GET", "/purchases")

    def deliveries(self) -> list[dict[str, Any]]:
        """Every event so far: id, provider, type, is_dropped, is_received, statuses."""
        return self._call("GET", "/deliveries")

    def flush(self) -> None:
        """Send what was gathered for another order."""
        self._call("POST", "/flush", {})

    def resend(self, event_id: str = "") -> int:
        """Send one event again, or all that were never received; how many."""
        return int(self._call("POST", "/resend", {"id": event_id})["sent"])

    def wait_received(self, deadline_s: float = 15.0) -> list[dict[str, Any]]:
        """All deliveries, once every event that was not dropped has been received."""
        return self.wait_for(
            lambda told: all(one["is_received"] or one["is_dropped"] for one in told), deadline_s=deadline_s
        )

    def wait_for(
        self, condition: Callable[[list[dict[str, Any]]], bool], deadline_s: float = 15.0
    ) -> list[dict[str, Any]]:
        """The first deliveries for which `condition` holds."""
        until = time.monotonic() + deadline_s
        while True:
            told = self.deliveries()
            if condition(told):
                return told
            if time.monotonic() > until:
                raise AssertionError(f"the events did not get there in {deadline_s} s: {told}")
            time.sleep(0.02)

    def page(self, url: str, action: str = "") -> tuple[int, Mapping[str, str], str]:
        """The page to pay on, or the answer to one of its buttons: status, headers, text."""
        parts = urlsplit(url)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            if action:
                headers = {"content-type": "application/x-www-form-urlencoded"}
                connection.request("POST", parts.path, urlencode({"action": action}), headers)
            else:
                connection.request("GET", parts.path)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()

    def stop(self) -> None:
        """End the process; calling it twice does no harm."""
        end(self.process)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        status, answer = self._ask(method, path, body)
        assert status == 200, answer
        return answer

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, "/payments/control" + path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            return response.status, json.loads(response.read())


def start_payments(*, port: int = 0, **options: Any) -> PaymentsProcess:
    """Simulated providers that are ready, with the keys of the tests; they end by themselves when the tests die."""
    keys = {
        "stripe_key": STRIPE_KEY,
        "stripe_secret": STRIPE_SECRET,
        "creem_key": CREEM_KEY,
        "creem_secret": CREEM_SECRET,
    }
    return PaymentsProcess(*launch("--port", str(port), "--payments", json.dumps({**keys, **options})))


@contextlib.contextmanager
def running_payments(*, port: int = 0, **options: Any) -> Iterator[PaymentsProcess]:
    payments = start_payments(port=port, **options)
    try:
        yield payments
    finally:
        payments.stop()
