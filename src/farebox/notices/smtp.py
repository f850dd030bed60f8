"""One conversation with the mail server, and what its answers mean for a message.

MailTrouble
├── Deferred      not now: try this message again later
├── Rejected      never: this message will not be taken
├── ServerTrouble the server or the way to it; nothing is known against the message
└── Unknown       it broke off after the message was given away: it may have arrived
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiosmtplib

from farebox.domain.errors import FareboxError
from farebox.notices.settings import MailSettings

_TIMEOUT_S = 30.0
_LONGEST_ERROR = 200


class MailTrouble(FareboxError):
    """Base of what can go wrong; its text is for the operator."""


class Deferred(MailTrouble):
    """A temporary answer (4xx) about this message."""


class Rejected(MailTrouble):
    """A permanent answer (5xx) about this message."""


class ServerTrouble(MailTrouble):
    """No connection, a refused login or sender, a conversation that broke off before the message was given away."""


class Unknown(MailTrouble):
    """The conversation broke off between giving the message away and the server's answer."""


class Conversation:
    """One connection that takes messages one after the other."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    async def offer(self, recipient: str) -> None:
        """Name sender and recipient; the server has seen nothing of the message yet."""
        try:
            await self._client.mail(self._sender)
        except aiosmtplib.SMTPException as error:
            # Our own address is refused: that is no message's fault.
            raise ServerTrouble(_told(error, self._sender)) from error
        try:
            await self._client.rcpt(recipient)
        except aiosmtplib.SMTPResponseException as error:
            await self._start_over()
            raise _verdict(error, recipient) from error
        except aiosmtplib.SMTPException as error:
            raise ServerTrouble(_told(error, recipient)) from error

    async def hand_over(self, message: bytes, recipient: str) -> None:
        """Give the message away; returns when the server has taken it."""
        try:
            await self._client.data(message)
        except aiosmtplib.SMTPResponseException as error:
            if error.code <= 0:
                raise Unknown(_told(error, recipient)) from error
            await self._start_over()
            raise _verdict(error, recipient) from error
        except aiosmtplib.SMTPException as error:
            raise Unknown(_told(error, recipient)) from error

    async def _start_over(self) -> None:
        # A server that has gone meanwhile shows with the next message.
        with suppress(aiosmtplib.SMTPException):
            await self._client.rset()


@asynccontextmanager
async def conversation(settings: MailSettings) -> AsyncIterator[Conversation]:
    """A connection, secured and signed in as the settings say; ServerTrouble when there is none to be had."""
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        timeout=_TIMEOUT_S,
        use_tls=settings.tls == "tls",
        start_tls=settings.tls == "starttls",
        username=settings.user or None,
        password=settings.password or None,
    )
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise ServerTrouble(_told(error, settings.user)) from error
    try:
        yield Conversation(client, _bare(settings.sender))
        with suppress(aiosmtplib.SMTPException):
            await client.quit()
    finally:
        client.close()


def _bare(sender: str) -> str:
    """The address alone, where the sender is written with a name."""
    return sender.rpartition("<")[2].rstrip("> ")


def _verdict(error: aiosmtplib.SMTPResponseException, recipient: str) -> MailTrouble:
    if error.code == 421:
        return ServerTrouble(_told(error, recipient))
    return (Rejected if error.code >= 500 else Deferred)(_told(error, recipient))


def _told(error: Exception, personal: str) -> str:
    """What the server said, without the address that it likes to repeat."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, aiosmtplib.SMTPResponseException):
        text = f"{error.code} {' '.join(error.message.split())}"
    return (text.replace(personal, "…") if personal else text)[:_LONGEST_ERROR]
