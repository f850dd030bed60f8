"""All codecs by dialect, and the table of what each carries, for docs/dialects.md."""

from collections.abc import Mapping

from farebox.dialects import anthropic_codec, gemini_codec, openai_chat_codec, responses_codec
from farebox.dialects.carriage import FEATURES, Carriage
from farebox.dialects.codec import Codec
from farebox.dialects.conversation import Dialect

CODECS: Mapping[Dialect, Codec] = {
    "openai_chat": openai_chat_codec,
    "openai_responses": responses_codec,
    "anthropic": anthropic_codec,
    "gemini": gemini_codec,
}

_SIGNS = {"yes": "carried", "emulated": "by other means", "hint": "left out", "no": "refused"}


def carriage_table() -> str:
    """What becomes of each feature in a request to a provider of each dialect, as a Markdown table."""
    lines = [
        f"| feature | {' | '.join(CODECS)} |",
        f"| --- |{' --- |' * len(CODECS)}",
    ]
    for feature in FEATURES:
        cells = [_cell(codec.FACTS[feature]) for codec in CODECS.values()]
        lines.append(f"| {feature.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(carriage: Carriage) -> str:
    words = _SIGNS[carriage.how]
    field = f" (`{carriage.field}`)" if carriage.field else ""
    note = f": {carriage.note}" if carriage.note and carriage.how != "no" else ""
    return f"{words}{field}{note}"
