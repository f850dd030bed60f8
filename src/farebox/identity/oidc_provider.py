"""What an OpenID Connect provider says: its endpoints, its keys, and the ID token, of which nothing is taken on trust.

Nothing is kept between sign-ins, so that new keys and addresses are in force at once.
"""

from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity.settings import OidcSettings

# Signed with the provider's private key. A shared secret or no signature at all would let others speak for it.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_CLOCKS_DIFFER_S = 60
_MOST_BYTES = 256 * 1024
_LONGEST_SUBJECT = 255
_LONGEST_TOKEN = 32 * 1024
_T = TypeVar("_T")


class Metadata(msgspec.Struct, frozen=True):
    """Of a discovery document, what we use (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _TokenAnswer(msgspec.Struct, frozen=True):
    id_token: str


class Claims(msgspec.Struct, frozen=True):
    """Who the provider says it is. `email` is '' unless the provider has verified it."""

    subject: str
    email: str


async def discover(http: httpx.AsyncClient, provider: OidcSettings) -> Metadata:
    """The provider's endpoints; it must call itself what it is configured as, and stay on HTTPS if it is."""
    raw = await _read(
        http, http.build_request("GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    )
    found = _decoded(raw, Metadata)
    scheme = urlsplit(provider.issuer).scheme
    places = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    if found.issuer != provider.issuer or any(urlsplit(place).scheme not in (scheme, "https") for place in places):
        raise _unusable()
    return found


async def exchange(
    http: httpx.AsyncClient,
    provider: OidcSettings,
    metadata: Metadata,
    *,
    code: str,
    verifier: str,
    redirect_uri: str,
) -> str:
    """The ID token for a code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    # RFC 6749, 2.3.1: both parts are encoded as in a form before they become a password.
    login = httpx.BasicAuth(quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))
    request = http.build_request("POST", metadata.token_endpoint, data=form, headers={"accept": "application/json"})
    return _decoded(await _read(http, next(login.auth_flow(request))), _TokenAnswer).id_token


async def keys_of(http: httpx.AsyncClient, metadata: Metadata) -> Any:
    """The provider's public keys."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    told: Any = _decoded(await _read(http, http.build_request("GET", metadata.jwks_uri)), dict[str, Any])
    try:
        return KeySet.import_key_set(told)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _unusable() from error


def claims_of(token: str, keys: Any, provider: OidcSettings, *, nonce: str, now_s: int) -> Claims:
    """Judges an ID token (OpenID Connect Core 1.0, 3.1.3.7); ActionRefused unless all of it is right."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    if len(token) > _LONGEST_TOKEN:
        raise _not_believed()
    try:
        claims = jwt.decode(token, keys, algorithms=list(_ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            now=now_s,
            leeway=_CLOCKS_DIFFER_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _not_believed() from error
    subject, audience = claims["sub"], claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    party = claims.get("azp")
    if party not in (None, provider.client_id) or (is_shared and party is None):
        raise _not_believed()
    if not subject or len(subject) > _LONGEST_SUBJECT or "\0" in subject:
        raise _not_believed()
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str) and "\0" not in email
    return Claims(subject, str(email) if is_verified else "")


async def _read(http: httpx.AsyncClient, request: httpx.Request) -> bytes:
    found = bytearray()
    try:
        answer = await http.send(request, stream=True)
        try:
            if answer.status_code != 200:
                raise _not_believed() if request.method == "POST" else _unusable()
            async for part in answer.aiter_bytes():
                found += part
                if len(found) > _MOST_BYTES:
                    raise _unusable()
        finally:
            await answer.aclose()
    except httpx.HTTPError as error:
        raise _unusable() from error
    return bytes(found)


def _decoded(raw: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise _unusable() from error


def _not_believed() -> ActionRefused:
    return ActionRefused("oidc_refused", "This sign-in was not accepted. Start it again.", status=401)


def _unusable() -> ActionRefused:
    return ActionRefused(
        "oidc_unavailable", "The sign-in elsewhere cannot be used just now. Try again, or sign in here.", status=503
    )
