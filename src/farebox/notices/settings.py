"""How mail leaves this deployment."""

from typing import Literal

import msgspec


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """An SMTP server and the sender's address; it prints without the password."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailSettings({self.host!r}, {self.port})"
