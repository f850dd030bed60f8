"""The chain over the trail: sealing what is new, and finding what was changed or removed.

A link's hash covers the hash before it and every field of its line, so a line that was changed, removed, or put in
between shows. Removing the newest links together with their lines shows only beside a copy of the head that is kept
elsewhere, which is why `seal` gives it back for publishing.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from farebox.audit import store
from farebox.audit.store import Line, Sealed
from farebox.storage.database import Connection

_AT_ONCE = 1_000
_MOST_PROBLEMS = 100


class Head(msgspec.Struct, frozen=True):
    """The last link of the chain."""

    seq: int
    hash: bytes


async def seal(connection: Connection) -> Head | None:
    """Chains what is not chained yet; the new head, or None when there was nothing new."""
    async with connection.transaction():
        await store.lock_chain(connection)
        seq, last = await store.head(connection)
        lines = await store.unsealed(connection, _AT_ONCE)
        if not lines:
            return None
        seals = []
        for line in lines:
            seq, last = seq + 1, link_hash(last, line)
            seals.append((seq, line.id, last))
        await store.insert_seals(connection, seals)
    return Head(seq, last)


async def verify(connection: Connection, published: Mapping[int, bytes]) -> list[str]:
    """What is wrong with the chain, in words; empty when all is well. `published`: hashes known from elsewhere."""
    problems: list[str] = []
    seq, last = 0, b""
    while links := await store.sealed_after(connection, seq, _AT_ONCE):
        for link in links:
            problems.extend(_problems_of(link, seq, last))
            seq, last = link.seq, link.hash
            if published.get(seq, last) != last:
                problems.append(f"audit: link {seq} is not the one that was published")
            if len(problems) >= _MOST_PROBLEMS:
                return problems
    newest = max(published, default=0)
    if newest > seq:
        problems.append(f"audit: the chain ends at {seq}, but link {newest} was published")
    return problems


def _problems_of(link: Sealed, seq: int, last: bytes) -> list[str]:
    if link.seq != seq + 1:
        return [f"audit: links {seq + 1} to {link.seq - 1} of the chain are missing"]
    if link.line is None:
        return [f"audit: the line of link {link.seq} was removed"]
    if link_hash(last, link.line) != link.hash:
        return [f"audit: the line of link {link.seq} was changed"]
    return []


def link_hash(before: bytes, line: Line) -> bytes:
    """SHA-256 of the hash before and the line; the order of keys in `before` and `after` does not matter."""
    return hashlib.sha256(before + msgspec.json.encode(line, order="sorted")).digest()
