"""The services outside of us that a deployment uses, as the environment names them: mail, payments, sign-in.

    FAREBOX_SMTP_URL                smtp://user:password@host:587, smtps://host:465, or smtp+plain://localhost:25
    FAREBOX_MAIL_FROM               the sender's address
    FAREBOX_STRIPE_SECRET_KEY       FAREBOX_STRIPE_WEBHOOK_SECRET   FAREBOX_STRIPE_API_URL (for a simulator)
    FAREBOX_CREEM_API_KEY           FAREBOX_CREEM_WEBHOOK_SECRET    FAREBOX_CREEM_API_URL
    FAREBOX_OIDC_NAME               FAREBOX_OIDC_ISSUER  FAREBOX_OIDC_CLIENT_ID  FAREBOX_OIDC_CLIENT_SECRET

smtp:// insists on STARTTLS; smtp+plain:// sends in clear, and is for a relay on this machine.
"""

from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from farebox.domain.errors import CommandError
from farebox.identity.settings import OidcSettings
from farebox.notices.settings import MailSettings
from farebox.payments.settings import CREEM_API, STRIPE_API, CreemSettings, StripeSettings

_SCHEMES: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
    "smtp": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp+plain": ("none", 25),
}


class Reader(Protocol):
    """Reads variables by name; None where one is not set."""

    def text(self, name: str) -> str | None: ...

    def web_url(self, name: str) -> str | None: ...


def mail(read: Reader) -> MailSettings | None:
    text = read.text("FAREBOX_SMTP_URL")
    if text is None:
        return None
    parts = urlsplit(text)
    # The address may hold a password, and is not repeated.
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise CommandError("FAREBOX_SMTP_URL must look like smtp://user:password@mail.example.com:587")
    tls, default_port = _SCHEMES[parts.scheme]
    try:
        port = parts.port or default_port
    except ValueError:
        raise CommandError("FAREBOX_SMTP_URL has no valid port") from None
    sender = read.text("FAREBOX_MAIL_FROM")
    if sender is None or "@" not in sender:
        raise CommandError("FAREBOX_MAIL_FROM must be the sender's e-mail address when FAREBOX_SMTP_URL is set")
    return MailSettings(
        host=parts.hostname,
        port=port,
        tls=tls,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def stripe(read: Reader) -> StripeSettings | None:
    key = read.text("FAREBOX_STRIPE_SECRET_KEY")
    if key is None:
        return None
    return StripeSettings(
        secret_key=key,
        webhook_secret=read.text("FAREBOX_STRIPE_WEBHOOK_SECRET") or "",
        api_base=read.web_url("FAREBOX_STRIPE_API_URL") or STRIPE_API,
    )


def creem(read: Reader) -> CreemSettings | None:
    key = read.text("FAREBOX_CREEM_API_KEY")
    if key is None:
        return None
    return CreemSettings(
        api_key=key,
        webhook_secret=read.text("FAREBOX_CREEM_WEBHOOK_SECRET") or "",
        api_base=read.web_url("FAREBOX_CREEM_API_URL") or CREEM_API,
    )


def oidc(read: Reader) -> tuple[OidcSettings, ...]:
    issuer = read.web_url("FAREBOX_OIDC_ISSUER")
    if issuer is None:
        return ()
    client_id, client_secret = read.text("FAREBOX_OIDC_CLIENT_ID"), read.text("FAREBOX_OIDC_CLIENT_SECRET")
    if client_id is None or client_secret is None:
        raise CommandError("FAREBOX_OIDC_ISSUER needs FAREBOX_OIDC_CLIENT_ID and FAREBOX_OIDC_CLIENT_SECRET as well")
    return (OidcSettings(read.text("FAREBOX_OIDC_NAME") or "oidc", issuer, client_id, client_secret),)
