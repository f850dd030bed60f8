"""Text with a known number of tokens: seeded filler words, and the splitting of given text into tokens.

Joining the tokens of a text gives the text back byte for byte.
"""

import re
import zlib

WORDS = [
    "amber",
    "basin",
    "candle",
    "delta",
    "ember",
    "fjord",
    "gravel",
    "harbor",
    "island",
    "juniper",
    "kettle",
    "lantern",
    "meadow",
    "nectar",
    "orchard",
    "pebble",
    "quarry",
    "river",
    "saddle",
    "timber",
    "umbra",
    "valley",
    "willow",
    "yonder",
    "zephyr",
    "acorn",
    "bramble",
    "copper",
    "drift",
    "estuary",
    "feather",
    "glacier",
]
TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])|\s+$")
ECHO = re.compile(r"echo:[ \t]*([^\n]*[^\s])")


def seed_of(text: str, seed: int) -> int:
    """A number that is the same in every process for the same text and seed."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"), seed & 0xFFFFFFFF)


def filler_tokens(seed: int, count: int) -> tuple[str, ...]:
    """`count` tokens of filler, one word each."""
    tokens = []
    for position in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        word = WORDS[(seed >> 8) % len(WORDS)]
        tokens.append(word if position == 0 else " " + word)
    return tuple(tokens)


def tokens_of(text: str) -> tuple[str, ...]:
    """The tokens of a text: words and punctuation marks, each with the white space before it."""
    return tuple(TOKEN.findall(text))


def echo_of(text: str) -> str:
    """What the last `echo: ` line of a prompt asks to be repeated, or nothing."""
    found = ECHO.findall(text)
    return str(found[-1]) if found else ""
