"""Heads of the chain as they were published outside of the database, and how they differ from the chain.

Whoever rewrites the ledger in the database, chain and all, still differs from what was published.
"""

from collections.abc import Mapping, Sequence

import msgspec

# Shown at most; one is enough to act.
_MOST_SHOWN = 10


class Head(msgspec.Struct, frozen=True):
    """A block as it was published."""

    height: int
    hash: bytes


class Published(msgspec.Struct, frozen=True):
    """All that was published, in order, and the numbers of the lines that cannot be read."""

    heads: Sequence[Head] = ()
    unreadable: Sequence[int] = ()


def differences(published: Published, hashes: Mapping[int, bytes]) -> list[str]:
    """What was published and is not so in the chain of these hashes by height, one line each, at most a few."""
    problems = [f"published heads: line {number} cannot be read" for number in published.unreadable]
    for head in published.heads:
        if head.height not in hashes:
            problems.append(f"published block {head.height}: not in the chain, which has {len(hashes)} blocks")
        elif hashes[head.height] != head.hash:
            problems.append(f"published block {head.height}: published with another hash than it has now")
    return problems[:_MOST_SHOWN]
