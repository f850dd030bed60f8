"""Sends the outbox's mail, each message once.

A message is claimed, offered, marked as handed over, handed over, marked as sent; each mark is its own transaction.
Killed before the mark of handing over, nobody has the message: when its time is over it waits again. Killed after it,
or cut off before the server has answered, it may have arrived: it is not sent again but stands as failed with that
note, for an operator to decide (/admin/mail). Sending twice would be the alternative; a receipt or a warning that comes
twice does more harm than one that somebody asks for again. The Message-ID is the row's id all the same.
"""

from datetime import timedelta

from farebox.kit.crypto import Seal
from farebox.kit.logging import Logger
from farebox.notices import mail_store, unsubscribe
from farebox.notices.kinds import KINDS
from farebox.notices.mail_store import Claimed
from farebox.notices.message import NotAnAddress, compose, mailbox
from farebox.notices.rendering import NotRenderable, Renderer
from farebox.notices.settings import MailSettings
from farebox.notices.smtp import Conversation, Deferred, Rejected, ServerTrouble, Unknown, conversation
from farebox.storage.database import Connection

# Longer than any conversation about one message takes.
_LEASE = timedelta(minutes=10)
_FIRST_DELAY_S, _LONGEST_DELAY_S = 60, 4 * 3600
# The last try is about two days after the first.
_MOST_ATTEMPTS = 18
_MOST_PER_ROUND = 500


class MailSender:
    """Any number may run at once: each message is one sender's."""

    def __init__(self, settings: MailSettings, public_url: str, seal: Seal, logger: Logger) -> None:
        self._settings = settings
        self._public_url = public_url
        self._seal = seal
        self._logger = logger
        self._renderer = Renderer(public_url)

    async def work(self, connection: Connection) -> None:
        again, perhaps_arrived = await mail_store.recover(connection)
        if again or perhaps_arrived:
            self._logger.warning("mail_interrupted", again=again, perhaps_arrived=perhaps_arrived)
        if not await mail_store.is_due(connection):
            return
        try:
            async with conversation(self._settings) as server:
                for _ in range(_MOST_PER_ROUND):
                    mail = await mail_store.claim(connection, _LEASE)
                    if mail is None:
                        return
                    await self._send(connection, server, mail)
        except ServerTrouble as trouble:
            # Whatever was claimed was put back; what waits goes on waiting.
            self._logger.warning("mail_server_trouble", error=str(trouble))

    async def _send(self, connection: Connection, server: Conversation, mail: Claimed) -> None:
        if mail.is_erased or mail.is_muted:
            await mail_store.drop(connection, mail, "the person is gone" if mail.is_erased else "not wanted")
            return
        try:
            recipient = mailbox(mail.address)
            message = self._message(mail, recipient)
        except (NotAnAddress, NotRenderable) as error:
            await mail_store.fail(connection, mail, str(error))
            self._logger.error("mail_not_writable", mail_id=str(mail.id), kind=mail.kind, error=str(error))
            return
        try:
            await server.offer(recipient)
            if not await mail_store.note_handed(connection, mail):
                self._logger.warning("mail_too_late", mail_id=str(mail.id))
                return
            await server.hand_over(message, recipient)
        except Deferred as trouble:
            await self._defer(connection, mail, str(trouble))
        except ServerTrouble as trouble:
            await self._defer(connection, mail, str(trouble))
            raise
        except Rejected as trouble:
            await mail_store.fail(connection, mail, str(trouble))
            self._logger.warning("mail_rejected", mail_id=str(mail.id), kind=mail.kind)
        except Unknown as trouble:
            await mail_store.fail(connection, mail, f"it may have arrived: {trouble}")
            raise ServerTrouble(str(trouble)) from trouble
        else:
            await mail_store.note_sent(connection, mail, forget_facts=KINDS[mail.kind].is_secret)

    def _message(self, mail: Claimed, recipient: str) -> bytes:
        link = ""
        kind = KINDS.get(mail.kind)
        if kind is not None and not kind.is_essential and mail.person_id is not None:
            token = unsubscribe.token_of(self._seal, mail.person_id, mail.kind)
            link = f"{self._public_url}{unsubscribe.PATH}/{token}"
        written = self._renderer.render(mail.kind, mail.language, mail.facts, unsubscribe=link)
        return compose(written, mail_id=mail.id, sender=self._settings.sender, recipient=recipient, unsubscribe=link)

    async def _defer(self, connection: Connection, mail: Claimed, error: str) -> None:
        if mail.attempts >= _MOST_ATTEMPTS:
            await mail_store.fail(connection, mail, f"given up after {mail.attempts} tries: {error}")
        else:
            await mail_store.defer(connection, mail, delay_of(mail.attempts), error)


def delay_of(attempts: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, four hours at most."""
    return timedelta(seconds=min(_FIRST_DELAY_S * 2 ** (attempts - 1), _LONGEST_DELAY_S))
