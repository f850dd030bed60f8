"""Evidence for authorities: metadata of one account in a span of time, as a zip file whose manifest proves each part.

Who, when, which model by which key, how much, for what, from where, with which error. Content is not in it, because it
is stored nowhere; nor is what serves the operator alone, such as channels and costs. Addresses are there as long as
they are kept at all.
"""

import hashlib
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import IO, Any
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.kit.csv_text import csv_text
from farebox.kit.ids import IdSource, first_id_at
from farebox.risk import evidence_store as store
from farebox.storage.database import Connection

FORMAT = "farebox-evidence/1"
MANIFEST = "manifest.json"
LONGEST_DAYS = 400
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
# A job's row is told by its beginning, and its transaction has its id, however late it was posted.
_SLACK = timedelta(days=2)
_AMOUNTS = frozenset({"charge", "balance_after", "amount"})


class Part(msgspec.Struct, frozen=True):
    """One file of a bundle."""

    sha256: str
    bytes: int
    rows: int


class Manifest(msgspec.Struct, frozen=True):
    """What is in a bundle; `since` and `until` in RFC 3339, amounts in `unit`."""

    format: str
    account_id: UUID
    since: datetime
    until: datetime
    made_at: datetime
    unit: str
    files: dict[str, Part]


class Evidence(msgspec.Struct, frozen=True):
    """A bundle that was written; `sha256` is the digest of its manifest, which has the digests of all else."""

    manifest: Manifest
    sha256: str


async def write_evidence(
    connection: Connection, account_id: UUID, since: datetime, until: datetime, to: IO[bytes]
) -> Evidence:
    """Writes the bundle to a file, as of one moment; ActionRefused when there is no such account or span."""
    if since < _EARLIEST or until > _LATEST:
        raise ActionRefused("not_a_span", "The span lies before 2000 or after 2999.", status=422, field="since")
    if not since < until:
        raise ActionRefused("empty_span", "The span ends before it begins.", status=422, field="until")
    if until - since > timedelta(days=LONGEST_DAYS):
        raise ActionRefused(
            "span_too_long",
            f"A span has at most {LONGEST_DAYS} days: ask for several.",
            status=422,
            field="since",
            values={"days": LONGEST_DAYS},
        )
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        account = await store.load_account(connection, account_id)
        if account is None:
            raise ActionRefused("not_found", "There is no such account.", status=404)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as bundle:
            told = {name: account[name] for name in ("id", "status", "created_at", "email", "name")}
            files = {"account.json": await _write(bundle, "account.json", account["now"], _one(_json(told)))}
            for name in store.FILES:
                text = _table(connection, name, account_id, since, until)
                files[name] = await _write(bundle, name, account["now"], text)
            manifest = Manifest(FORMAT, account_id, since, until, account["now"], account["unit"], files)
            raw = _json(manifest)
            await _write(bundle, MANIFEST, account["now"], _one(raw))
    return Evidence(manifest, hashlib.sha256(raw).hexdigest())


async def record_evidence(connection: Connection, ids: IdSource, actor: Actor, evidence: Evidence, reason: str) -> None:
    """The line of the trail, before anybody gets the bundle: who took what of whom, and what for."""
    manifest = evidence.manifest
    await record(
        connection,
        ids,
        actor,
        "evidence.export",
        target=f"account:{manifest.account_id}",
        account_id=manifest.account_id,
        after={
            "since": manifest.since.isoformat(),
            "until": manifest.until.isoformat(),
            "manifest_sha256": evidence.sha256,
            "rows": {name: part.rows for name, part in manifest.files.items()},
        },
        reason=reason,
    )


async def _write(
    bundle: zipfile.ZipFile, name: str, made_at: datetime, pieces: AsyncIterator[tuple[bytes, int]]
) -> Part:
    digest, size, rows = hashlib.sha256(), 0, 0
    about = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    about.compress_type = zipfile.ZIP_DEFLATED
    with bundle.open(about, "w", force_zip64=True) as part:
        async for piece, count in pieces:
            part.write(piece)
            digest.update(piece)
            size += len(piece)
            rows += count
    return Part(digest.hexdigest(), size, rows)


async def _table(
    connection: Connection, file: str, account_id: UUID, since: datetime, until: datetime
) -> AsyncIterator[tuple[bytes, int]]:
    names = await store.columns(connection, file)
    yield csv_text([names]).encode(), 0
    lower, upper = _id(since - _SLACK), _id(until + _SLACK)
    async for rows in store.rows(connection, file, account_id, since, until, lower, upper):
        yield csv_text([[_value(name, row[name]) for name in names] for row in rows]).encode(), len(rows)


async def _one(raw: bytes) -> AsyncIterator[tuple[bytes, int]]:
    yield raw, 1


def _value(name: str, value: Any) -> Any:
    return format_amount(value) if name in _AMOUNTS and value is not None else value


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def _id(moment: datetime) -> UUID:
    return first_id_at(max(0, int(moment.timestamp() * 1000)))
