"""A small OpenID Connect provider as a process of its own, which signs everybody in and lies when told to.

    provider.set(claims={"email": "ada@example.com", "email_verified": True})
    provider.set(lie="unsigned")     # or: other_key, shared_secret, wrong_issuer_document

It checks what a real one checks: client authentication, redirect address, PKCE, codes used once.
"""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID, CLIENT_SECRET = "farebox-test", "a secret of tests/with signs+"
_TOKEN_LIFETIME_S = 300


class OidcProvider:
    """The process, as tests see it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def set(self, **changes: Any) -> None:
        """What it says from now on: `claims` laid over the usual ones (null removes one), and `lie`."""
        body = json.dumps({"claims": {}, "lie": "", **changes}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.issuer}/_set", data=body), timeout=10):
            pass


@contextmanager
def running_oidc_provider() -> Iterator[OidcProvider]:
    command = [sys.executable, "-m", "tests.support.oidc_provider"]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield OidcProvider(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.communicate(timeout=10)


class _State:
    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.other_key = ECKey.generate_key("P-256", {"kid": "one"})
        self.claims: dict[str, Any] = {}
        self.lie = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + _TOKEN_LIFETIME_S,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.lie == "unsigned":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.lie == "shared_secret":
            signed = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(claims)}"
            mac = hmac.digest(CLIENT_SECRET.encode(), signed.encode(), hashlib.sha256)
            return f"{signed}.{_text(mac)}"
        key = self.other_key if self.lie == "other_key" else self.key
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims, key)


class _Handler(BaseHTTPRequestHandler):
    state: _State
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            named = "https://evil.example" if self.state.lie == "wrong_issuer_document" else self.state.issuer
            self._answer(
                {
                    "issuer": named,
                    "authorization_endpoint": f"{self.state.issuer}/authorize",
                    "token_endpoint": f"{self.state.issuer}/token",
                    "jwks_uri": f"{self.state.issuer}/keys",
                }
            )
        elif parts.path == "/keys":
            self._answer({"keys": [self.state.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            self.state.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"], "iss": self.state.issuer})
            self.send_response(303)
            self.send_header("location", f"{asked['redirect_uri']}?{back}")
            self.send_header("content-length", "0")
            self.end_headers()
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/_set":
            told = json.loads(body)
            self.state.claims, self.state.lie = told["claims"], told["lie"]
            self._answer({})
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        asked = self.state.codes.pop(form["code"], None)
        challenge = _text(hashlib.sha256(form["code_verifier"].encode()).digest())
        is_right = (
            asked is not None
            and self._is_client()
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if is_right and asked is not None:
            self._answer({"access_token": "x", "token_type": "Bearer", "id_token": self.state.token(asked)})
        else:
            self._answer({"error": "invalid_grant"}, 400)

    def _is_client(self) -> bool:
        login = base64.b64decode(self.headers.get("authorization", "").partition(" ")[2]).decode()
        name, _, password = login.partition(":")
        return (unquote(name), unquote(password)) == (CLIENT_ID, CLIENT_SECRET) and password == quote(
            CLIENT_SECRET, safe=""
        )

    def _answer(self, value: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _serve() -> None:
    state = _State()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    state.issuer = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(state.issuer + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve()
