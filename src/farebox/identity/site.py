"""What browsers bind passkeys to: this deployment's name and the address it is reached at."""

from urllib.parse import urlsplit

import msgspec


class Site(msgspec.Struct, frozen=True):
    """A relying party of WebAuthn; also the issuer that authenticator apps show."""

    id: str  # the host, without port: 'gateway.example.com'
    origin: str  # 'https://gateway.example.com'
    name: str = "Farebox"


def site_of(public_url: str) -> Site:
    parts = urlsplit(public_url)
    return Site(id=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")
