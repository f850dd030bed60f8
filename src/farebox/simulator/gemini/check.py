"""What the provider refuses in a conversation: wrong turns, lost results, altered or missing thought signatures."""

import base64
import binascii

from farebox.simulator.errors import bad_request
from farebox.simulator.gemini.request import Content, GenerateRequest, Part
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.signature import is_signed

THOUGHT = "gemini-thought"
ROLES = ("user", "model", "function")
# What the provider documents for calls that another model made; it comes as such or in base64.
WAIVER = "skip_thought_signature_validator"
WAIVERS = frozenset((WAIVER, base64.b64encode(WAIVER.encode()).decode()))


def check_generate(request: GenerateRequest, options: SimulatorOptions) -> None:
    """Refuse what a real answer would not be given to."""
    limit = request.config.max_output_tokens
    if limit is not None and limit < 1:
        raise bad_request("* GenerateContentRequest.generation_config.max_output_tokens: must be positive")
    if not 1 <= (request.config.candidate_count or 1) <= 8:
        raise bad_request("* GenerateContentRequest.generation_config.candidate_count: must be between 1 and 8")
    check_contents(request, options)


def check_contents(request: GenerateRequest, options: SimulatorOptions) -> None:
    """The part of the checks that counting tokens does as well."""
    if not request.contents:
        raise bad_request("* GenerateContentRequest.contents: contents is not specified")
    for content in request.contents:
        if content.role not in ROLES:
            raise bad_request("Please use a valid role: user, model.")
        if not content.parts:
            raise bad_request("* GenerateContentRequest.contents.parts: contents.parts must not be empty.")
        for part in content.parts:
            _check_part(part)
    _check_function_turns(request.contents)
    if request.thinks:
        _check_signatures_kept(request.contents)


def _check_part(part: Part) -> None:
    if part.inline_data is not None:
        if "/" not in part.inline_data.mime_type:
            raise bad_request("Unable to process input: inline_data.mime_type is not set.")
        try:
            base64.b64decode(part.inline_data.data.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise bad_request("Invalid value at 'inline_data.data' (TYPE_BYTES), Base64 decoding failed") from error
    if part.file_data is not None and "://" not in part.file_data.file_uri:
        raise bad_request("Invalid or unsupported file uri.")
    signature = part.thought_signature
    if signature is None or signature in WAIVERS:
        return
    bound_to = "" if part.function_call is None else part.function_call.name
    if not is_signed(THOUGHT, bound_to, signature):
        raise bad_request("Corrupted thought signature.")


def _check_function_turns(contents: list[Content]) -> None:
    """As many responses as calls, for the same functions, in the very next content."""
    called: list[str] = []
    for content in contents:
        answered = [part.function_response.name for part in content.parts if part.function_response is not None]
        if sorted(answered) != sorted(called):
            raise bad_request(
                "Please ensure that the number of function response parts is equal to the number of function call "
                "parts of the function call turn."
            )
        called = [part.function_call.name for part in content.parts if part.function_call is not None]


def _check_signatures_kept(contents: list[Content]) -> None:
    """In the running turn the first call of every step must come back with its signature."""
    start = max((at for at, content in enumerate(contents) if content.role != "model" and content.text), default=0)
    for at, content in enumerate(contents[start:], start):
        calls = [part for part in content.parts if part.function_call is not None]
        if calls and calls[0].thought_signature is None and calls[0].function_call is not None:
            raise bad_request(
                "Function call is missing a thought_signature in functionCall parts. This is required for tools to "
                "work correctly, and missing thought_signature may lead to degraded model performance. Additional "
                f"data, function call `default_api:{calls[0].function_call.name}`, position {at}."
            )
