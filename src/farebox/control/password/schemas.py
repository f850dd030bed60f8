"""What goes over the wire about passwords."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import EmailText, PasswordText


class PasswordChange(BaseModel):
    """The old one proves who asks; without a password so far it is left out."""

    model_config = ConfigDict(extra="forbid")

    old: PasswordText | None = None
    new: PasswordText


class Forgotten(BaseModel):
    """Whose password was forgotten."""

    model_config = ConfigDict(extra="forbid")

    email: EmailText


class MailedLink(BaseModel):
    """What the page behind the mailed link sends on, with the new password."""

    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=100)]
    new: PasswordText


class OnItsWay(BaseModel):
    """The same whether or not there is such an address."""

    detail: str = "If somebody has this address here, a message is on its way."
