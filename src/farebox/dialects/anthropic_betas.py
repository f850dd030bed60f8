"""The header `anthropic-beta`: which of a client's wishes for unfinished features may reach a provider.

A beta can change what the same request costs. So an allow-list: what is known to change no price passes, what is known
to change one is refused, and of the rest nothing is told to the provider, which then refuses the fields that need it.
"""

import re

from farebox.domain.errors import Refusal

_PASSED = re.compile(
    r"(?:claude-code|interleaved-thinking|dev-full-thinking|adaptive-thinking|effort|fine-grained-tool-streaming"
    r"|token-efficient-tools|advanced-tool-use|tool-search-tool|tool-examples|structured-outputs|context-management"
    r"|model-context-window-exceeded|prompt-caching|prompt-caching-scope|extended-cache-ttl|output-128k"
    r"|max-tokens-3-5-sonnet|pdfs|token-counting|computer-use)-\d{4}-?\d{2}-?\d{2}"
)
_PRICED = re.compile(r"(?:context-1m|fast-mode)-.*")


def refuse_priced_betas(header: bytes | None) -> None:
    """Raise Refusal for a beta under which the same tokens have another price."""
    for name in _names(header):
        if _PRICED.fullmatch(name):
            raise Refusal(
                "invalid_request",
                f"The beta `{name[:60]}` has no price here. Remove it from `anthropic-beta`.",
                param="anthropic-beta",
            )


def passed_betas(header: bytes | None) -> bytes | None:
    """What of the header goes to the provider; None when nothing does."""
    passed = [name for name in _names(header) if _PASSED.fullmatch(name)]
    return ",".join(passed).encode() if passed else None


def _names(header: bytes | None) -> list[str]:
    return [] if header is None else [name.strip() for name in header.decode("latin-1").split(",")]
