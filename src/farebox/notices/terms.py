"""Versions of the terms: their texts, and the notice that a material change keeps.

Who accepted which version is identity's (identity/consent.py): at sign-up, by a click, or by going on after the notice,
which is recorded and stops nothing. A version is never changed; the next one replaces it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.domain.policies.identity import TermsPolicy
from farebox.kit.ids import IdSource
from farebox.notices import terms_store as store
from farebox.notices.announcement import NewAnnouncement, announce
from farebox.notices.languages import Language
from farebox.notices.texts import Text, Texts, check_texts
from farebox.storage.database import Connection

_SHOWN_AFTERWARDS = timedelta(days=30)
# A day's notice is kept by whoever fills in the form a little before it is sent.
_LENIENCE = timedelta(minutes=10)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """One version and its texts by language."""

    version: int
    effective_at: datetime
    is_material: bool
    created_at: datetime
    texts: dict[Language, Text]


async def publish(
    connection: Connection,
    ids: IdSource,
    policy: TermsPolicy,
    texts: Texts,
    *,
    summaries: Mapping[Language, str],
    effective_at: datetime,
    is_material: bool,
    now: datetime,
    public_url: str,
) -> Terms:
    """The next version, in a transaction. A material change of terms in force keeps the notice, and is mailed.

    `summaries` tell in the mail what has changed. The very first version may take effect at once: nobody has agreed
    to anything yet.
    """
    check_texts(texts)
    await store.lock(connection)
    last = await store.last(connection)
    if last is not None:
        _check_notice(last, effective_at, now, policy.notice_days if is_material else 0)
    version = 1 if last is None else last.version + 1
    await store.insert(connection, version, effective_at, is_material, texts)
    if last is not None and is_material:
        new = NewAnnouncement(
            kind="terms",
            texts={language: Text(text.title, summaries.get(language, "")) for language, text in texts.items()},
            shown_from=now,
            shown_until=effective_at + _SHOWN_AFTERWARDS,
            starts_at=effective_at,
            is_banner=True,
            mail=policy.mail,
        )
        await announce(connection, ids, new, public_url=public_url)
    return await show(connection, version)


async def show(connection: Connection, version: int) -> Terms:
    """One version; ActionRefused when there is none."""
    found = await _load(connection, [version])
    if not found:
        raise ActionRefused("not_found", "There is no such version of the terms.", status=404)
    return found[0]


async def list_versions(connection: Connection) -> list[Terms]:
    """The newest first."""
    return await _load(connection, await store.versions(connection))


async def in_force_and_coming(connection: Connection) -> list[Terms]:
    """The version in force, if there is one, and those whose day has not come, in their order."""
    return await _load(connection, await store.current_versions(connection))


async def _load(connection: Connection, versions: list[int]) -> list[Terms]:
    return [msgspec.convert(row, Terms) for row in await store.load(connection, versions)]


def _check_notice(last: store.Version, effective_at: datetime, now: datetime, notice_days: int) -> None:
    if effective_at <= last.effective_at:
        raise ActionRefused(
            "before_last_version",
            f"Version {last.version} takes effect at {last.effective_at.isoformat()}: choose a later moment.",
            status=422,
            field="effective_at",
            values={"after_at": last.effective_at.isoformat()},
        )
    if effective_at < now + timedelta(days=notice_days) - _LENIENCE:
        raise ActionRefused(
            "notice_too_short",
            f"This change needs {notice_days} days of notice: choose a later moment.",
            status=422,
            field="effective_at",
            values={"days": notice_days},
        )
