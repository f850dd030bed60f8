"""What the provider refuses in an input: lost outputs, altered or orphaned reasoning, references to stored state."""

import re

from farebox.simulator.errors import ProviderError, Refused, bad_request
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.responses.request import Content, Item, ResponsesRequest
from farebox.simulator.signature import is_sealed

REASONING = "responses-reasoning"
OUTPUT_MIN = 16
ROLES = ("user", "assistant", "system", "developer")
# The id of a call that reasoning led to; its number is that of the reasoning item.
REASONED_CALL = re.compile(r"fc_(Sc\d{19})r\d+")


def check_responses(request: ResponsesRequest, options: SimulatorOptions) -> None:
    """Refuse what a real answer would not be given to."""
    if request.previous_response_id is not None:
        message = f"Previous response with id '{request.previous_response_id}' not found."
        error = ProviderError("invalid_request_error", "previous_response_not_found", message, "previous_response_id")
        raise Refused(400, error)
    if request.max_output_tokens is not None and request.max_output_tokens < OUTPUT_MIN:
        raise _refused(
            f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {OUTPUT_MIN}, but got "
            f"{request.max_output_tokens} instead.",
            "integer_below_min_value",
            "max_output_tokens",
        )
    if not request.input:
        raise _refused("Missing required parameter: 'input'.", "missing_required_parameter", "input")
    for at, item in enumerate(request.items):
        _check_item(item, at, request)
    _check_calls(request.items)
    _check_reasoning(request.items)


def _check_item(item: Item, at: int, request: ResponsesRequest) -> None:
    if item.type == "message" and item.role not in ROLES:
        raise _refused(f"Invalid value: '{item.role}'.", "invalid_value", f"input[{at}].role")
    if item.type == "item_reference":
        raise _not_stored(item)
    if item.type == "reasoning":
        if item.encrypted_content is None and request.store is False:
            raise _not_stored(item)
        if item.encrypted_content is not None and not is_sealed(REASONING, item.encrypted_content):
            raise _refused(
                f"The encrypted content for item {item.id} could not be verified. Reason: Encrypted content could not "
                "be decrypted or parsed.",
                "invalid_encrypted_content",
                None,
            )
    for place, part in enumerate(item.parts):
        _check_part(part, item.role, f"input[{at}].content[{place}]")


def _check_part(part: Content, role: str, place: str) -> None:
    wrong = ("output_text", "refusal") if role != "assistant" else ("input_text", "input_image", "input_file")
    if role and part.type in wrong and not (role == "assistant" and part.type == "input_text"):
        raise _refused(f"Invalid value: '{part.type}'.", "invalid_value", place)
    if part.type == "input_image" and part.file_id is None:
        url = part.image_url or ""
        if not url.startswith(("https://", "http://", "data:image/")):
            raise _refused("Invalid 'image_url': expected a URL or a data URL.", "invalid_value", place + ".image_url")
    if part.type == "input_file" and not (part.file_id or part.file_url or part.file_data):
        raise _refused("Missing required parameter: 'file_data'.", "missing_required_parameter", place)


def _check_calls(items: list[Item]) -> None:
    called = {item.call_id for item in items if item.type == "function_call"}
    answered = {item.call_id for item in items if item.type == "function_call_output"}
    for name in sorted(answered - called):
        raise bad_request(f"No tool call found for function call output with call_id {name}.", "input")
    for name in sorted(called - answered):
        raise bad_request(f"No tool output found for function call {name}.", "input")


def _check_reasoning(items: list[Item]) -> None:
    """Reasoning goes before what it led to, and a call that reasoning led to does not come without it."""
    seen = {item.id for item in items if item.type == "reasoning" and item.id}
    for at, item in enumerate(items):
        following = items[at + 1] if at + 1 < len(items) else None
        leads = following is not None and (following.type != "message" or following.role == "assistant")
        if item.type == "reasoning" and not leads:
            raise bad_request(
                f"Item '{item.id}' of type 'reasoning' was provided without its required following item.", "input"
            )
        led = REASONED_CALL.fullmatch(item.id or "") if item.type == "function_call" else None
        if led and not any(name.startswith(f"rs_{led[1]}") for name in seen):
            raise bad_request(
                f"Item '{item.id}' of type 'function_call' was provided without its required 'reasoning' item: "
                f"'rs_{led[1]}'.",
                "input",
            )


def _not_stored(item: Item) -> Refused:
    message = f"Item with id '{item.id}' not found. Items are not persisted when `store` is set to false."
    return Refused(404, ProviderError("invalid_request_error", None, message, "input"))


def _refused(message: str, code: str, param: str | None) -> Refused:
    return Refused(400, ProviderError("invalid_request_error", code, message, param))
