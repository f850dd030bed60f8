"""The usage of a response: everything inclusive, with the parts told apart."""

from typing import Any

from farebox.simulator.answer import Answer
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.usage import counts_of, mistyped


def usage_of(answer: Answer, options: SimulatorOptions) -> dict[str, Any] | None:
    """The usage of the finished response; None when the provider is to report none."""
    if options.usage == "missing":
        return None
    counts = counts_of(answer, options)
    usage = {
        "input_tokens": counts.prompt,
        "input_tokens_details": {"cached_tokens": counts.cached, "cache_write_tokens": counts.cache_write},
        "output_tokens": counts.output,
        "output_tokens_details": {"reasoning_tokens": counts.reasoning},
        "total_tokens": counts.prompt + counts.output,
    }
    return mistyped(usage, options)
