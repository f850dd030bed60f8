"""Where people may sign in with an account that they have elsewhere: OpenID Connect providers of this deployment."""

import msgspec


class OidcSettings(msgspec.Struct, frozen=True):
    """One provider. It holds a secret, and so prints without it."""

    name: str  # in the address of the callback, and on the button
    issuer: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"OidcSettings({self.name!r}, {self.issuer!r})"
