"""What public pages say of whoever runs this."""

from typing import Annotated

import msgspec

_Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\r\n\x00]*$")]


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A link among the contacts; `qr` shows it as a picture to be scanned, such as of a chat group."""

    title: _Line
    url: Annotated[str, msgspec.Meta(max_length=500, pattern=r"^(https://|mailto:)[\x21-\x7e]+$")]
    qr: bool = False


class SitePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and contacts."""

    name: _Line = "Farebox"
    operator: _Line = ""  # who answers for it
    contact_mail: _Line = ""
    links: tuple[Link, ...] = ()
