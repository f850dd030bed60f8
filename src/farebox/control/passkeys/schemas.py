"""What goes over the wire about passkeys: what browsers make (WebAuthn's JSON forms), and what is kept of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import NonEmptyLine, PasswordText
from farebox.identity.passkey_store import Passkey

_Bytes = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=20_000, description="Base64url.")]
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=1_500)]
_Transport = Annotated[str, Field(pattern=r"^[a-z-]{1,20}$")]


class _FromBrowser(BaseModel):
    # Browsers add members as the standard grows; what we do not know we do not read.
    model_config = ConfigDict(extra="ignore")


class MadeByAuthenticator(_FromBrowser):
    """The response of a registration."""

    clientDataJSON: _Bytes  # noqa: N815 the standard's names
    attestationObject: _Bytes  # noqa: N815
    transports: list[_Transport] = Field(default=[], max_length=10)


class SignedByAuthenticator(_FromBrowser):
    """The response of a use."""

    clientDataJSON: _Bytes  # noqa: N815
    authenticatorData: _Bytes  # noqa: N815
    signature: _Bytes
    userHandle: _Bytes | None = None  # noqa: N815


class MadePasskey(_FromBrowser):
    """What navigator.credentials.create() gives, by toJSON()."""

    id: _Id
    rawId: _Id  # noqa: N815
    type: Literal["public-key"]
    response: MadeByAuthenticator


class UsedPasskey(_FromBrowser):
    """What navigator.credentials.get() gives, by toJSON()."""

    id: _Id
    rawId: _Id  # noqa: N815
    type: Literal["public-key"]
    response: SignedByAuthenticator


class PasskeyOptions(BaseModel):
    """What the browser is asked for; give it to PublicKeyCredential.parse…OptionsFromJSON()."""

    options: dict[str, Any]


class Enrolling(BaseModel):
    """The password, where there is one and no second factor yet."""

    model_config = ConfigDict(extra="forbid")

    password: PasswordText | None = None


class NewPasskey(BaseModel):
    """A passkey to be kept, with a name that tells it from others."""

    model_config = ConfigDict(extra="forbid")

    credential: MadePasskey
    name: NonEmptyLine


class PasskeyName(BaseModel):
    """What to call it."""

    model_config = ConfigDict(extra="forbid")

    name: NonEmptyLine


class PasskeyView(BaseModel):
    """A passkey that is kept."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class PasskeyAdded(BaseModel):
    """A new passkey. With a first second factor come backup codes, shown this once."""

    passkey: PasskeyView
    backup_codes: list[str]


def passkey_view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.id, name=passkey.name, created_at=passkey.created_at, last_used_at=passkey.last_used_at
    )
