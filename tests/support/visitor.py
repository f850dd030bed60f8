"""Somebody with a browser, over real HTTP: JSON out, JSON in, and the code of what is refused."""

import ssl
import time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import altcha
import httpx
from pyotp import TOTP
from tests.support.server import Answer, Server, eventually

PASSWORD = "a long enough one"
# One for all: loading certificates takes its time.
_TLS = ssl.create_default_context()
# For what happens by itself: mail goes out every five seconds, traces of calls are written every ten.
PATIENCE_S = 60.0


class Visitor:
    """A browser on a machine of its own: an address, as a proxy in front would tell it, and a device."""

    def __init__(self, base_url: str, address: str, device: str = "") -> None:
        self.device = device or uuid4().hex
        self.http = httpx.Client(base_url=base_url, verify=_TLS, timeout=PATIENCE_S)
        self.move_to(address)

    def move_to(self, address: str) -> None:
        """The same browser, from another network."""
        self.http.headers.update({"x-forwarded-for": address, "farebox-device": self.device})

    def get(self, path: str, **query: Any) -> Any:
        return self._fine(self.http.get(path, params=query))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._fine(self.http.post(path, json={} if body is None else body, headers=headers))

    def put(self, path: str, body: Any) -> Any:
        return self._fine(self.http.put(path, json=body))

    def refused(self, path: str, body: Any = None, *, method: str = "POST") -> tuple[int, str]:
        """Status and code of a request that is to be refused."""
        answer = self.http.request(method, path, json=body)
        assert answer.status_code >= 400, answer.text
        told = answer.json()
        return answer.status_code, str(told.get("code", told.get("detail")))

    def close(self) -> None:
        self.http.close()

    @staticmethod
    def _fine(answer: httpx.Response) -> Any:
        assert answer.is_success, (answer.request.method, answer.request.url.path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


class Applicant(Visitor):
    """Who fills in the form of signing up as its rules ask, opens the link of the mail and signs in."""

    email = ""
    account_id = ""

    def honest_form(self, **changes: Any) -> dict[str, Any]:
        """What the page sends: every statement that is asked for, the terms in force, a proof of work."""
        rules = self.get("/api/sign-up")
        said: dict[str, Any] = {}
        if rules["least_age"]:
            said["of_age"] = True
        if rules["accurate_details"]:
            said["accurate_details"] = True
        if rules["country"]:
            said["country"] = "DE"
        self.email = changes.pop("email", None) or f"{uuid4().hex}@example.com"
        sent = {"email": self.email, "password": PASSWORD, "statements": said, "terms_version": rules["terms_version"]}
        if rules["proof_of_work"]:
            sent["proof"] = self._proof()
        return sent | changes

    def sign_up(self, **changes: Any) -> None:
        self.post("/api/sign-up", self.honest_form(**changes))

    def confirm(self, link: str) -> None:
        """Opens the link of the mail, and signs in."""
        self.post("/api/sign-up/confirm", {"secret": link.partition("#")[2]})
        self.sign_in()

    def sign_in(self) -> None:
        session = self.post("/api/session", {"email": self.email, "password": PASSWORD})
        self.account_id = session["account_id"]

    def _proof(self) -> str:
        challenge = altcha.Challenge.from_dict(self.get("/api/sign-up/challenge"))
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return str(altcha.Payload(challenge, solution).to_base64())


class Customer(Applicant):
    """The owner of an account, with an API key that is made when it is first used."""

    def __init__(self, server: Server, address: str, device: str = "") -> None:
        super().__init__(server.url, address, device)
        self.server = server
        self.address = address
        self._secret = ""

    @property
    def api_key(self) -> str:
        if not self._secret:
            self._secret = self.new_key()["secret"]
        return self._secret

    def new_key(self, **terms: Any) -> Any:
        """The key with its secret, as the console shows it once."""
        return self.post("/api/keys", terms)

    def call(self, model: str, *, key: str = "", words: str = "Hello!", **fields: Any) -> Answer:
        """A chat completion; what comes back, whatever it is."""
        body = {"model": model, "messages": [{"role": "user", "content": words}], "max_tokens": 100, **fields}
        headers = {"x-forwarded-for": self.address}
        return self.server.request("POST", "/v1/chat/completions", body, key=key or self.api_key, headers=headers)

    def refusal(self, model: str, **fields: Any) -> tuple[int, str]:
        """Status and code of a call that is to be refused."""
        answer = self.call(model, **fields)
        assert answer.status >= 400, answer.body
        return answer.status, answer.json["error"]["code"]

    def receipt(self, job_id: str) -> Any:
        """The receipt of a job, once that has ended."""

        def look() -> Any:
            answer = self.http.get(f"/api/jobs/{job_id}")
            return answer.json() if answer.is_success and answer.json()["status"] != "open" else None

        return eventually(look, limit_s=PATIENCE_S)

    @property
    def balance(self) -> Decimal:
        return Decimal(self.get("/api/credits")["balance"])


class Clerk(Visitor):
    """An operator who is signed in and has just shown a second factor, enrolled at the first sign-in."""

    secret = ""
    backup_codes: list[str]

    def begin(self, email: str, password: str) -> None:
        self.post("/api/session", {"email": email, "password": password})
        self.secret = self.post("/api/security/totp", {"password": password})["secret"]
        confirmed = self.post("/api/security/totp/confirm", {"code": TOTP(self.secret).at(time.time())})
        self.backup_codes = confirmed["backup_codes"]

    def next_code(self) -> str:
        """Of the factor that is enrolled. Each works once: this is the one that comes after that of enrolling."""
        return TOTP(self.secret).at(time.time() + 30)

    def decide(self, path: str, body: Any = None) -> Any:
        """A decision that moves money: repeatable by its key."""
        return self.post(path, body, **{"idempotency-key": uuid4().hex})
