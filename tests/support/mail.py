"""A mail server on a real socket that keeps what it takes, and can be told to fail in all the usual ways."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

from farebox.notices.settings import MailSettings

Answer = Callable[[str], str | None]


def _takes_all(_: str) -> str | None:
    return None


@dataclass
class MailServer:
    """`of_recipient` and `of_data` answer for an address; None takes it. 'cut' breaks the connection off instead."""

    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Any] = field(default_factory=list)
    of_sender: Answer = _takes_all
    of_recipient: Answer = _takes_all
    of_data: Answer = _takes_all
    port: int = 0

    @property
    def settings(self) -> MailSettings:
        return MailSettings(host="127.0.0.1", port=self.port, tls="none", sender="Farebox <no-reply@farebox.example>")

    def told(self, address: str) -> list[EmailMessage]:
        """What somebody has got."""
        return [each for each in self.received if each["to"] == address]

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.of_sender(address) or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.of_recipient(address)
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.of_data(envelope.rcpt_tos[0])
        if answer is not None and answer != "cut":
            return answer
        message = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.envelopes.append(envelope)
        if answer == "cut":
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """Listens on a free port of this machine."""
    told = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(told, hostname="mail.test", enable_SMTPUTF8=False, loop=loop), "127.0.0.1", 0
    )
    told.port = listening.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        listening.close()


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())
