"""What the operator publishes beside the terms: privacy, refund rules, imprint.

A version is in force from the moment it is published until the next of its kind. None is ever changed: it can be shown
what one said on a day. Nobody accepts them; what people agree to are the terms (notices/terms.py).
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.notices import site_text_store as store
from farebox.notices.languages import Language
from farebox.notices.texts import Text, Texts, check_texts
from farebox.storage.database import Connection

TextKind = Literal["privacy", "refund_rules", "imprint"]
KINDS: tuple[TextKind, ...] = get_args(TextKind)


class SiteText(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one kind, and its texts by language."""

    kind: TextKind
    version: int
    published_at: datetime
    texts: dict[Language, Text]


async def publish(connection: Connection, kind: TextKind, texts: Texts) -> SiteText:
    """The next version of its kind, in force at once; in a transaction. ActionRefused without English."""
    check_texts(texts)
    await store.lock(connection)
    return await show(connection, kind, await store.insert(connection, kind, msgspec.to_builtins(texts)))


async def show(connection: Connection, kind: TextKind, version: int | None = None) -> SiteText:
    """One version, the one in force unless another is named; ActionRefused (404) when there is none."""
    row = await store.load(connection, kind, version)
    if row is None:
        if version is None:
            raise ActionRefused("not_published", "Nothing of this kind has been published yet.", status=404)
        raise ActionRefused("not_found", "There is no such version of this text.", status=404)
    return msgspec.convert(row, SiteText)


async def list_versions(connection: Connection) -> list[SiteText]:
    """Of all kinds, the newest first."""
    return [msgspec.convert(row, SiteText) for row in await store.load_all(connection)]


async def published_kinds(connection: Connection) -> list[TextKind]:
    """Of which there is a text, in the order of KINDS."""
    published = await store.kinds(connection)
    return [kind for kind in KINDS if kind in published]
