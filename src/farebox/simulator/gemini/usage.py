"""Google's way to count: thoughts are not part of the candidates' tokens, cached tokens are part of the prompt."""

from typing import Any

from farebox.simulator.answer import Answer
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.usage import Counts, counts_of, mistyped


def usage_of(answer: Answer, options: SimulatorOptions) -> dict[str, Any]:
    """The usage of a whole answer."""
    return _usage(counts_of(answer, options), options)


def usage_so_far(answer: Answer, shown: int, options: SimulatorOptions) -> dict[str, Any]:
    """The usage in the middle of a stream, after `shown` tokens beside the thoughts."""
    counts = counts_of(answer, options)
    output = counts.output if options.usage in ("negative", "huge") else counts.reasoning + shown
    return _usage(Counts(counts.prompt, counts.cached, counts.cache_write, output, counts.reasoning), options)


def _usage(counts: Counts, options: SimulatorOptions) -> dict[str, Any]:
    candidates = counts.output - counts.reasoning if counts.output >= counts.reasoning else counts.output
    usage: dict[str, Any] = {"promptTokenCount": counts.prompt}
    if candidates:
        usage["candidatesTokenCount"] = candidates
    usage["totalTokenCount"] = counts.prompt + candidates + counts.reasoning
    if counts.cached:
        usage["cachedContentTokenCount"] = counts.cached
    usage["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": counts.prompt}]
    if counts.cached:
        usage["cacheTokensDetails"] = [{"modality": "TEXT", "tokenCount": counts.cached}]
    if counts.reasoning:
        usage["thoughtsTokenCount"] = counts.reasoning
    usage["serviceTier"] = "standard"
    return mistyped(usage, options)
