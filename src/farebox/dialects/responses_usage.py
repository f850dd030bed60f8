"""The usage object of OpenAI's responses: it counts as we do, only under names of its own."""

from typing import Any

from farebox.dialects import openai_usage
from farebox.domain.usage import Usage


def read_usage(reported: object) -> Usage | None:
    """A usage object in our counting; None when it reports nothing. Vendors' deviations are those of OpenAI chat."""
    return openai_usage.read_usage(reported, "responses")


def write_usage(usage: Usage, cost: str | None) -> dict[str, Any]:
    """Our usage in the dialect's shape; classes that few models have stand there only when they count something."""
    input_details = {"cached_tokens": usage.cached_input_tokens, **openai_usage.rare_input_details(usage)}
    output_details = {"reasoning_tokens": usage.reasoning_tokens}
    for details, name, count in (
        (input_details, "audio_tokens", usage.audio_input_tokens),
        (output_details, "image_tokens", usage.image_output_tokens),
        (output_details, "audio_tokens", usage.audio_output_tokens),
    ):
        if count:
            details[name] = count
    shape: dict[str, Any] = {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": input_details,
        "output_tokens": usage.output_tokens,
        "output_tokens_details": output_details,
        "total_tokens": usage.total_tokens,
    }
    if cost is not None:
        shape["cost"] = cost
    return shape
