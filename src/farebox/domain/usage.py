"""What a job used, by token class, counted inclusively as OpenAI does.

Cached, cache-write, image and audio input are parts of `input_tokens`; reasoning, image and audio output are parts of
`output_tokens`; what was written to a cache for an hour is part of `cache_write_tokens`. Dialects map every provider's
own way of counting to this one, once. What is not counted in tokens are pieces (domain/pieces.py).
"""

from collections.abc import Mapping

import msgspec

from farebox.domain.pieces import Pieces

# Nothing real comes near; a provider that reports more is broken, and a product with a price must stay exact.
_MAX_TOKENS = 2_000_000_000
_RARE_TOKENS = (
    "cache_write_1h_tokens",
    "image_input_tokens",
    "audio_input_tokens",
    "image_output_tokens",
    "audio_output_tokens",
)


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tokens by class. Field names are those of the receipt (ledger/receipt.py)."""

    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    image_input_tokens: int = 0
    audio_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    image_output_tokens: int = 0
    audio_output_tokens: int = 0
    cache_write_1h_tokens: int = 0
    pieces: Pieces | None = None

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def has_parts(self) -> bool:
        """Whether any token belongs to more than its total's class."""
        return bool(
            self.cached_input_tokens
            or self.reasoning_tokens
            or self.cache_write_tokens
            or self.image_input_tokens
            or self.audio_input_tokens
            or self.image_output_tokens
            or self.audio_output_tokens
        )


def sanitize(usage: Usage) -> Usage:
    """A usage whose parts are within their totals and whose counts are sane.

    A provider's count is a claim: negative numbers become 0, a part larger than what is left of its total is cut to it,
    so that no token can be priced twice or negatively.
    """
    if usage.pieces is not None:
        tokens = sanitize(msgspec.structs.replace(usage, pieces=None))
        return msgspec.structs.replace(tokens, pieces=usage.pieces.sane())
    if not usage.has_parts and 0 <= usage.input_tokens <= _MAX_TOKENS and 0 <= usage.output_tokens <= _MAX_TOKENS:
        return usage  # most are so, and every settlement comes by here
    input_tokens = _bounded(usage.input_tokens, _MAX_TOKENS)
    left = input_tokens
    cached = _bounded(usage.cached_input_tokens, left)
    left -= cached
    cache_write = _bounded(usage.cache_write_tokens, left)
    left -= cache_write
    cache_write_1h = _bounded(usage.cache_write_1h_tokens, cache_write)
    image_in = _bounded(usage.image_input_tokens, left)
    left -= image_in
    audio_in = _bounded(usage.audio_input_tokens, left)
    output_tokens = _bounded(usage.output_tokens, _MAX_TOKENS)
    left = output_tokens
    reasoning = _bounded(usage.reasoning_tokens, left)
    left -= reasoning
    image_out = _bounded(usage.image_output_tokens, left)
    left -= image_out
    audio_out = _bounded(usage.audio_output_tokens, left)
    return Usage(
        input_tokens=input_tokens,
        cached_input_tokens=cached,
        cache_write_tokens=cache_write,
        cache_write_1h_tokens=cache_write_1h,
        image_input_tokens=image_in,
        audio_input_tokens=audio_in,
        output_tokens=output_tokens,
        reasoning_tokens=reasoning,
        image_output_tokens=image_out,
        audio_output_tokens=audio_out,
    )


def rare_counts(usage: Usage) -> dict[str, int | str]:
    """The counts that most jobs have none of, by the names of the receipt: parts of tokens and pieces."""
    counts = {name: count for name in _RARE_TOKENS if (count := getattr(usage, name))}
    return counts if usage.pieces is None else counts | msgspec.to_builtins(usage.pieces)


def usage_of_counts(counts: Mapping[str, int | str]) -> Usage:
    """The usage of which these are the counts, rare ones included."""
    pieces = {name: count for name, count in counts.items() if name in Pieces.__struct_fields__}
    usage = msgspec.convert({name: count for name, count in counts.items() if name not in pieces}, Usage)
    return msgspec.structs.replace(usage, pieces=msgspec.convert(pieces, Pieces)) if pieces else usage


def _bounded(count: int, most: int) -> int:
    return 0 if count < 0 else min(count, most)
