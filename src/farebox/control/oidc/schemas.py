"""What goes over the wire about sign-in elsewhere."""

from pydantic import BaseModel


class OidcProviders(BaseModel):
    """Names of the providers of this deployment."""

    data: list[str]


class Departure(BaseModel):
    """Where to send the browser now."""

    url: str
