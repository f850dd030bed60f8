"""The secret of a link in a mail: random, hashed at rest, in the fragment of the address so that no server logs it."""

import secrets

LONGEST = 100


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def link(public_url: str, page: str, secret: str) -> str:
    """The address that the mail shows; the console's page sends the secret on."""
    return f"{public_url}/{page}#{secret}"
