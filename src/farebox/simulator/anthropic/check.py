"""What the provider refuses in a conversation: wrong turns, lost tool results, altered or missing thoughts."""

import base64
import binascii

from farebox.simulator.anthropic.request import Block, MessagesRequest, result_blocks
from farebox.simulator.errors import Refused, bad_request
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.signature import is_sealed, is_signed

THOUGHT = "anthropic-thinking"
REDACTED = "anthropic-redacted"
BUDGET_MIN = 1024
SOURCES = {"base64", "url", "text", "content", "file"}


def check_messages(request: MessagesRequest, options: SimulatorOptions) -> None:
    """Refuse what a real answer would not be given to."""
    if request.max_tokens is None:
        raise bad_request("max_tokens: Field required", "max_tokens")
    if request.max_tokens < 1:
        raise bad_request("max_tokens: Input should be greater than or equal to 1", "max_tokens")
    _check_thinking(request, request.max_tokens)
    check_conversation(request, options)


def check_conversation(request: MessagesRequest, options: SimulatorOptions) -> None:
    """The part of the checks that counting tokens does as well."""
    if not request.messages:
        raise bad_request("messages: at least one message is required", "messages")
    for at, message in enumerate(request.messages):
        if message.role not in ("user", "assistant"):
            raise bad_request(f'messages.{at}.role: Unexpected role "{message.role}". Use the top-level `system`.')
        for place, block in enumerate(message.blocks):
            _check_block(block, message.role, f"messages.{at}.content.{place}")
    _check_tool_turns(request)
    if request.thinks:
        _check_thought_kept(request)


def _check_thinking(request: MessagesRequest, limit: int) -> None:
    thinking = request.thinking
    if thinking is None or thinking.type == "disabled":
        return
    if thinking.type == "enabled":
        if thinking.budget_tokens is None:
            raise bad_request("thinking.enabled.budget_tokens: Field required")
        if thinking.budget_tokens < BUDGET_MIN:
            raise bad_request("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        if limit <= thinking.budget_tokens:
            raise bad_request("`max_tokens` must be greater than `thinking.budget_tokens`.")
    if request.tool_choice is not None and request.tool_choice.type in ("any", "tool"):
        raise bad_request("Thinking may not be enabled when tool_choice forces tool use.")


def _check_block(block: Block, role: str, place: str) -> None:
    match block.type:
        case "image" | "document":
            _check_source(block, place)
        case "thinking" if not is_signed(THOUGHT, block.thinking, block.signature):
            raise bad_request(f"{place}: Invalid `signature` in `thinking` block")
        case "redacted_thinking" if not is_sealed(REDACTED, block.data):
            raise bad_request(f"{place}: Invalid `data` in `redacted_thinking` block")
        case "text" if not block.text:
            raise bad_request("messages: text content blocks must be non-empty")
        case "tool_use" if role != "assistant" or block.input is None:
            raise bad_request(f"{place}: `tool_use` blocks can only be in `assistant` messages and need an `input`")
        case "tool_result":
            if role != "user":
                raise bad_request(f"{place}: `tool_result` blocks can only be in `user` messages")
            for inner in result_blocks(block):
                _check_block(inner, role, f"{place}.content")
        case _:
            pass


def _check_source(block: Block, place: str) -> None:
    source = block.source or {}
    kind = source.get("type")
    if kind not in SOURCES:
        raise bad_request(f"{place}.{block.type}.source: Input tag '{kind}' does not match any of the expected tags")
    if kind == "url" and not str(source.get("url", "")).startswith(("https://", "http://")):
        raise bad_request(f"{place}.{block.type}.source.url.url: Only HTTPS URLs are supported.")
    if kind != "base64":
        return
    if "/" not in str(source.get("media_type", "")):
        raise bad_request(f"{place}.{block.type}.source.base64.media_type: Field required")
    try:
        base64.b64decode(str(source.get("data", "")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"{place}.{block.type}.source.base64.data: {error}") from error


def _check_tool_turns(request: MessagesRequest) -> None:
    """Every call is answered in the very next message, and nothing else is."""
    called: list[str] = []
    for at, message in enumerate(request.messages):
        results = [block.tool_use_id for block in message.blocks if block.type == "tool_result"]
        for name in results:
            if name not in called:
                raise bad_request(
                    f"messages.{at}.content: unexpected `tool_use_id` found in `tool_result` blocks: {name}. Each "
                    "`tool_result` block must have a corresponding `tool_use` block in the previous message."
                )
        missing = [name for name in called if name not in results]
        if missing:
            raise _unanswered(at - 1, missing)
        called = [block.id for block in message.blocks if block.type == "tool_use"]
    if called:
        raise _unanswered(len(request.messages) - 1, called)


def _unanswered(at: int, names: list[str]) -> Refused:
    return bad_request(
        f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {', '.join(names)}. "
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
    )


def _check_thought_kept(request: MessagesRequest) -> None:
    """The turn that called tools must come back with the thought that led to the calls."""
    if not any(block.type == "tool_result" for block in request.messages[-1].blocks):
        return
    for at in range(len(request.messages) - 1, -1, -1):
        message = request.messages[at]
        if message.role != "assistant":
            continue
        first = message.blocks[0].type if message.blocks else "nothing"
        if first not in ("thinking", "redacted_thinking"):
            raise bad_request(
                f"messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. When "
                "`thinking` is enabled, a final `assistant` message must start with a thinking block."
            )
        return
