"""A message as it goes over the wire: headers that nobody can add to, seven bits, text and HTML."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from farebox.domain.errors import FareboxError
from farebox.notices.rendering import Written

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,20}")
_SEVEN_BITS = SMTP.clone(cte_type="7bit")


class NotAnAddress(FareboxError):
    """A mailbox that cannot stand in an envelope."""


def mailbox(address: str) -> str:
    """The address as it goes into an envelope: ASCII, an international domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    try:
        found = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        found = ""
    # Quoted local parts and literal addresses are lawful, nobody's, and a way to smuggle something.
    if not _MAILBOX.fullmatch(found):
        raise NotAnAddress("the address cannot be written in a message")
    return found


def compose(written: Written, *, mail_id: UUID, sender: str, recipient: str, unsubscribe: str = "") -> bytes:
    """The whole message; its Message-ID is the row's, so that whoever gets it twice can tell.

    `recipient` comes from `mailbox`; `unsubscribe` is a link for one click (RFC 8058), '' for none.
    """
    message = EmailMessage(policy=_SEVEN_BITS)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = written.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(mail_id, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = written.language
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    return message.as_bytes()


def message_id(mail_id: UUID, sender: str) -> str:
    domain = sender.rpartition("@")[2].strip("> ")
    return f"<{mail_id}@{domain}>"
