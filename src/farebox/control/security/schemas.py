"""What goes over the wire about second factors."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.passkeys.schemas import PasskeyView, passkey_view
from farebox.identity.passkey_store import Passkey
from farebox.identity.second_factor_store import WaysIn


class SecurityView(BaseModel):
    """All that the person can sign in with."""

    has_password: bool
    totp_since: datetime | None
    passkeys: list[PasskeyView]
    backup_codes_left: int
    oidc: list[str] = Field(description="Names of the providers elsewhere that sign in here.")


class TotpEnrolment(BaseModel):
    """For the authenticator app: shown this once, and of use once a code has confirmed it."""

    secret: str
    uri: str = Field(description="The same for a QR code.")


class TotpConfirmation(BaseModel):
    """What the authenticator app shows."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["492039"])]


class BackupCodes(BaseModel):
    """Each is good once; shown this once. Empty when there are codes already."""

    backup_codes: list[str]


def security_view(ways: WaysIn, passkeys: list[Passkey]) -> SecurityView:
    return SecurityView(
        has_password=ways.has_password,
        totp_since=ways.totp_since,
        passkeys=[passkey_view(each) for each in passkeys],
        backup_codes_left=ways.backup_codes_left,
        oidc=list(ways.oidc),
    )
