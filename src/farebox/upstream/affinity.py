"""Rendezvous hashing: each conversation ranks all choices in an order of its own, and all workers find the same one.

Nothing is stored. When a choice goes away only its conversations move, and they come back with it.
"""

import hashlib
import math

# The rank of a choice without weight: behind all others.
LAST = math.inf


def rank(affinity: bytes, choice: bytes, weight: float) -> float:
    """The place of a choice for one conversation; smaller is earlier. Over many, each leads in proportion to weight."""
    digest = hashlib.blake2b(affinity + choice, digest_size=8).digest()
    return place(int.from_bytes(digest, "big") / 2**64, weight)


def place(draw: float, weight: float) -> float:
    """The place of a choice that has drawn a number of [0, 1): the smallest leads in proportion to its weight."""
    return LAST if weight <= 0 else -math.log(max(draw, 1e-18)) / weight
