"""Which official SDK gets which feature from which kind of provider: declared once, tested, and shown to operators.

    python -m tests.support.sdk.matrix docs/dialects.md

writes the table into the documentation. The tests ask every cell what it declares and compare the document.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from farebox.dialects.table import with_table

Kind = Literal["openai", "openai-compatible", "anthropic", "gemini"]
Feature = Literal[
    "plain",
    "stream",
    "tools",
    "parallel tools",
    "image inline",
    "image URL",
    "JSON schema",
    "thinking",
    "errors",
    "cancel",
]
# What comes of a wish to think: thoughts with a signature that the next turn returns, thoughts without, or only their
# number of tokens, as the provider's dialect has it.
Thinking = Literal["signed", "signed, not shown", "readable", "counted"]

KINDS: tuple[Kind, ...] = get_args(Kind)
FEATURES: tuple[Feature, ...] = get_args(Feature)
PYTHON_CLIENTS: Mapping[str, str] = {
    "python openai": "openai",
    "python responses": "responses",
    "python anthropic": "anthropic",
    "python gemini": "gemini",
}
NODE_CLIENTS: Mapping[str, str] = {
    "node openai": "openai",
    "node responses": "responses",
    "node anthropic": "anthropic",
}
TITLES: Mapping[str, str] = {
    "python openai": "Python `openai`, chat completions",
    "python responses": "Python `openai`, responses",
    "python anthropic": "Python `anthropic`",
    "python gemini": "Python `google-genai`",
    "node openai": "Node `openai`, chat completions",
    "node responses": "Node `openai`, responses",
    "node anthropic": "Node `@anthropic-ai/sdk`",
}
CLIENTS: tuple[str, ...] = tuple(TITLES)

# The classes that the SDKs raise for 400, 401, 402, 404 and 429.
_ERRORS: Mapping[str, tuple[str, ...]] = {
    "python openai": ("BadRequestError", "AuthenticationError", "APIStatusError", "NotFoundError", "RateLimitError"),
    "anthropic": (
        *("BadRequestError", "AuthenticationError", "PaymentRequiredError", "NotFoundError", "RateLimitError"),
    ),
    "python gemini": ("ClientError",) * 5,
    "node openai": ("BadRequestError", "AuthenticationError", "APIError", "NotFoundError", "RateLimitError"),
}


def errors_of(client: str) -> tuple[str, ...]:
    """The exceptions of this client's SDK for 400, 401, 402, 404 and 429."""
    return _ERRORS["anthropic" if client.endswith("anthropic") else client.replace("responses", "openai")]


def thinking_of(client: str, kind: Kind) -> Thinking:
    match kind:
        case "gemini" if client.endswith("openai"):
            # Chat completions have no word for whether thoughts are to be shown, and Google's default is not to.
            return "signed, not shown"
        case "anthropic" | "gemini":
            return "signed"
        case "openai-compatible":
            return "readable"
        case "openai":
            # Only responses have a place for OpenAI's thoughts, and others' calls go to it as chat completions.
            return "signed" if client.endswith("responses") else "counted"


_SHOWN: Mapping[Thinking, str] = {
    "signed": "yes",
    "signed, not shown": "yes: signed, not shown",
    "readable": "yes: readable, not signed",
    "counted": "yes: counted, not shown",
}


def matrix_table() -> str:
    """The matrix in Markdown: a line for each SDK and kind of provider."""
    lines = [f"| SDK | provider | {' | '.join(FEATURES)} |", "| --- |" + " --- |" * (1 + len(FEATURES))]
    for client in CLIENTS:
        for kind in KINDS:
            cells = [_SHOWN[thinking_of(client, kind)] if name == "thinking" else "yes" for name in FEATURES]
            lines.append(f"| {TITLES[client]} | `{kind}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def with_matrix(document: str) -> str:
    return with_table(document, "tests.support.sdk.matrix", matrix_table())


def main() -> None:
    document = Path(sys.argv[1])
    document.write_text(with_matrix(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
