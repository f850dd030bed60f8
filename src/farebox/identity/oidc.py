"""Signing in with an account elsewhere: OpenID Connect's code flow with PKCE, state and nonce.

A journey begins here, goes through the provider's pages, and comes back with a code. It is bound to the browser that
began it by a cookie, can end once, and is over within minutes. What comes back is believed only as far as the
provider's keys sign it for us, for this journey, now.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx
import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import challenge
from farebox.identity.oidc_provider import Claims, Metadata, claims_of, discover, exchange, keys_of
from farebox.identity.settings import OidcSettings
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

_PURPOSE = b"oidc"
_SCOPE = "openid email"


class _Journey(msgspec.Struct, frozen=True):
    """What is remembered, sealed, until the browser comes back."""

    provider: str
    nonce: str
    verifier: str
    cookie_hash: bytes


class Begun(msgspec.Struct, frozen=True):
    """Where to send the browser, and the cookie that it has to bring back. It prints without them."""

    url: str
    cookie: str

    def __repr__(self) -> str:
        return "Begun()"


class Returned(msgspec.Struct, frozen=True):
    """Who came back; `person_id` is of somebody who was signed in when the journey began, and wants to link."""

    claims: Claims
    person_id: UUID | None


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A browser on its way back, as its request says it."""

    state: str
    code: str
    cookie: str
    issuer: str | None  # RFC 9207, of providers that name themselves


def provider_named(providers: tuple[OidcSettings, ...], name: str) -> OidcSettings:
    """The settings of a provider; ActionRefused when there is none of this name."""
    for each in providers:
        if each.name == name:
            return each
    raise ActionRefused("not_found", "There is no such sign-in here.", status=404)


def redirect_uri(public_url: str, provider: OidcSettings) -> str:
    """What has to be registered with the provider."""
    return f"{public_url}/api/session/oidc/{quote(provider.name, safe='')}/callback"


async def begin(
    connection: Connection,
    seal: Seal,
    provider: OidcSettings,
    metadata: Metadata,
    *,
    public_url: str,
    person_id: UUID | None = None,
) -> Begun:
    """Begins a journey: to sign in, or to link for the person given."""
    cookie, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    journey = _Journey(provider.name, nonce, verifier, secret_hash(cookie))
    sealed = seal.seal(msgspec.json.encode(journey), purpose=_PURPOSE)
    value = await challenge.put(connection, "oidc", person_id=person_id, sealed=sealed)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri(public_url, provider),
        "scope": _SCOPE,
        "state": _text_of(value),
        "nonce": nonce,
        "code_challenge": _text_of(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    join = "&" if "?" in metadata.authorization_endpoint else "?"
    return Begun(metadata.authorization_endpoint + join + urlencode(asked), cookie)


class Remembered(msgspec.Struct, frozen=True):
    """A journey that has ended here, before the provider was asked about its code."""

    nonce: str
    verifier: str
    person_id: UUID | None


async def take(connection: Connection, seal: Seal, provider: OidcSettings, trip: Trip) -> Remembered:
    """Ends the journey of this browser; ActionRefused for another's, an old one, or one that has ended. Autocommit."""
    put = await challenge.take(connection, "oidc", _bytes_of(trip.state))
    if put is None or put.sealed is None:
        raise refused()
    journey = msgspec.json.decode(seal.open(put.sealed, purpose=_PURPOSE), type=_Journey)
    is_this_browser = hmac.compare_digest(journey.cookie_hash, secret_hash(trip.cookie))
    if not is_this_browser or journey.provider != provider.name or trip.issuer not in (None, provider.issuer):
        raise refused()
    return Remembered(journey.nonce, journey.verifier, put.person_id)


async def finish(
    http: httpx.AsyncClient, clock: Clock, provider: OidcSettings, trip: Trip, remembered: Remembered, public_url: str
) -> Returned:
    """Asks the provider who came. Without a connection in hand: the provider may be slow."""
    metadata = await discover(http, provider)
    token = await exchange(
        http,
        provider,
        metadata,
        code=trip.code,
        verifier=remembered.verifier,
        redirect_uri=redirect_uri(public_url, provider),
    )
    keys: Any = await keys_of(http, metadata)
    now_s = clock.unix_ms() // 1000
    return Returned(claims_of(token, keys, provider, nonce=remembered.nonce, now_s=now_s), remembered.person_id)


def refused() -> ActionRefused:
    return ActionRefused("oidc_refused", "This sign-in was not accepted. Start it again.", status=401)


def _text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes_of(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise refused() from None
