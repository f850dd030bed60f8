"""What the simulated provider does: every timing, size, content, identity and fault setting in one frozen value.

Options come from the command line, from a control call, from an `x-simulate` header or from the suffix of the model
name (`sim-chat?cut=3&ttft=100`). This module merges them; it knows nothing about how they are carried out.
"""

from random import Random
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

Millis = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=0)]
Chance = Annotated[float, Meta(ge=0, le=1)]

Output = Literal["auto", "text", "tool_calls", "reasoning", "refusal"]
Fault = Literal[
    "",
    "reset_before_headers",
    "reset_after_headers",
    "silent",
    "malformed_json",
    "malformed_event",
    "html",
    "error_body",
    "error_event",
    "endless",
    "giant_line",
    "giant_header",
    "content_filter",
    "context_length",
    "model_not_found",
]
CutStyle = Literal["clean", "fin", "truncated", "reset", "stall"]
UsageMode = Literal[
    "normal",
    "missing",
    "unasked",
    "middle",
    "twice",
    "growing",
    "negative",
    "cached_over_prompt",
    "huge",
    "wrong_types",
]
Done = Literal["once", "twice", "missing", "then_content"]
Framing = Literal["auto", "chunked", "close", "short", "long", "bad_chunk"]

ALIASES = {"ttft": "ttft_ms", "gap": "gap_ms", "jitter": "jitter_ms", "message": "error_message"}


class SimulatorOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set; the defaults make a healthy provider that answers at once.

    Timing: `ttft_ms` passes before the headers (after them with `early_headers`), `gap_ms` between content chunks; a
    plain answer takes as long as the stream of the same answer would. `jitter_ms` is the largest extra wait.
    Size: an answer has `chunks` content chunks of `tokens_per_chunk` tokens; `body_bytes` pads a plain answer.
    Chances: `status` applies with probability `fail` (certain when unset; 500 when only `fail` is given), `cut` with
    `cut_probability` (after half of the chunks when only that is given), `fault` with `fault_probability`.
    Strictness: with `unknown_fields` of `refuse`, members of a request that its dialect does not have are a 400, as
    they are at Anthropic and Google; a translation can be held to that.
    """

    seed: int = 0

    ttft_ms: Millis = 0.0
    gap_ms: Millis = 0.0
    jitter_ms: Millis = 0.0
    early_headers: bool = False

    chunks: Count = 16
    tokens_per_chunk: Annotated[int, Meta(ge=1)] = 1
    body_bytes: Count = 0
    giant_bytes: Count = 4 * 1024 * 1024

    reply: str = ""
    output: Output = "auto"
    block_prompt: bool = False
    redact_thoughts: bool = False
    prompt_tokens: Count | None = None
    cached_tokens: Count = 0
    cache_write_tokens: Count = 0
    reasoning_tokens: Count = 0

    models: tuple[str, ...] = ("sim-chat", "sim-chat-large", "sim-embedding")
    model_snapshot: str = "2025-01-15"
    organization: str = "org-simulated-upstream"
    provider: str = ""
    service_tier: str = "default"
    system_fingerprint: str = "fp_51a7c0ffee"
    extra_headers: dict[str, str] = {}

    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    fail: Chance | None = None
    retry_after: str = ""
    error_type: str = ""
    error_code: str = ""
    error_message: str = ""
    key_status: dict[str, int] = {}

    cut: Count | None = None
    cut_probability: Chance | None = None
    cut_style: CutStyle = "truncated"

    fault: Fault = ""
    fault_probability: Chance = 1.0

    usage: UsageMode = "normal"
    gzip: bool = False
    framing: Framing = "auto"
    comments: bool = False
    line_end: Literal["lf", "crlf", "cr"] = "lf"
    multiline: bool = False
    split_bytes: Count = 0
    done: Done = "once"

    unknown_fields: Literal["accept", "refuse"] = "accept"
    record_bodies: bool = False
    keep_requests: Count = 256

    @property
    def leaves_to_chance(self) -> bool:
        """True when two equal requests may be treated differently."""
        return self.fail is not None or self.cut_probability is not None or self.fault_probability < 1.0


def options_from_json(text: bytes | str) -> SimulatorOptions:
    """Options from a JSON object; msgspec.ValidationError names the wrong field."""
    return merge_options(SimulatorOptions(), msgspec.json.decode(text, type=dict[str, Any]))


def merge_options(options: SimulatorOptions, changes: dict[str, Any]) -> SimulatorOptions:
    """`options` with `changes` laid over them; numbers may be given as text, as a model suffix does."""
    named = {ALIASES.get(name, name): value for name, value in changes.items()}
    return msgspec.convert({**msgspec.structs.asdict(options), **named}, SimulatorOptions, strict=False)


def split_model(model: str) -> tuple[str, dict[str, Any]]:
    """The bare model name and the option changes that its suffix asks for."""
    name, mark, suffix = model.partition("?")
    if not mark:
        return model, {}
    return name, dict(parse_qsl(suffix, keep_blank_values=True))


def decide_chances(options: SimulatorOptions, random: Random) -> SimulatorOptions:
    """`options` with every probability decided: what remains set will happen to this request."""
    if not options.leaves_to_chance:
        return options
    changes: dict[str, Any] = {"fail": None, "cut_probability": None, "fault_probability": 1.0}
    if options.fail is not None:
        changes["status"] = (options.status or 500) if random.random() < options.fail else None
    if options.cut_probability is not None:
        after = options.chunks // 2 if options.cut is None else options.cut
        changes["cut"] = after if random.random() < options.cut_probability else None
    if options.fault_probability < 1.0 and random.random() >= options.fault_probability:
        changes["fault"] = ""
    return msgspec.structs.replace(options, **changes)
