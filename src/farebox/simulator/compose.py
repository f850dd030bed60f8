"""From a request to the script of its answer: the order of the simulated provider's work.

Decode, lay the request's own settings over the running ones, decide chances, refuse or answer. What the words on the
wire are is the endpoint's affair.
"""

from random import Random
from typing import Any

import msgspec

from farebox.simulator.dialect import Composed, Endpoint, Incoming
from farebox.simulator.errors import Refused, bad_request
from farebox.simulator.identity import Marks
from farebox.simulator.options import SimulatorOptions, decide_chances, merge_options, split_model
from farebox.simulator.script import HTML, HTML_PAGE, Script, plain_script
from farebox.simulator.stats import RequestHead


def compose_post(
    endpoint: Endpoint,
    incoming: Incoming,
    options: SimulatorOptions,
    *,
    changes: dict[str, Any],
    random: Random,
    key_status: int | None,
    marks: Marks,
) -> Composed:
    """The answer to a POST on one of the endpoints; `changes` come from the request's own header."""
    head = RequestHead(incoming.path)
    try:
        request, model, options = _read(endpoint, incoming, options, changes)
        head = endpoint.head(incoming.path, request, model)
        repeatable = endpoint.repeatable and _is_repeatable(options, changes)
        _check_known(endpoint, incoming.body, options)
        options = decide_chances(options, random)
        if key_status is not None:
            options = msgspec.structs.replace(options, status=key_status)
        script = _compose(endpoint, request, model, options, None if repeatable else marks)
        return Composed(script, head, repeatable)
    except Refused as refused:
        return Composed(refusal_script(endpoint, refused, options, marks), head, repeatable=False)


def refusal_script(endpoint: Endpoint, refused: Refused, options: SimulatorOptions, marks: Marks) -> Script:
    dialect = endpoint.dialect
    body = dialect.refusal_body(refused)
    return plain_script(body, options, status=refused.status, marks=marks, vendor=dialect.vendor)


def _read(
    endpoint: Endpoint, incoming: Incoming, options: SimulatorOptions, changes: dict[str, Any]
) -> tuple[Any, str, SimulatorOptions]:
    try:
        request = endpoint.read(incoming)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"We could not parse the JSON body of your request: {error}") from error
    model, suffix = split_model(request.model)
    if not changes and not suffix:
        return request, model, options
    try:
        return request, model, merge_options(options, {**changes, **suffix})
    except msgspec.ValidationError as error:
        raise bad_request(f"The simulator does not know this setting: {error}", "model") from error


def _check_known(endpoint: Endpoint, body: bytes, options: SimulatorOptions) -> None:
    if options.unknown_fields != "refuse" or not endpoint.known:
        return
    for name in msgspec.json.decode(body, type=dict[str, msgspec.Raw]):
        if name not in endpoint.known:
            raise bad_request(f"{name}: this member is not known here", name)


def _is_repeatable(options: SimulatorOptions, changes: dict[str, Any]) -> bool:
    """Only healthy answers are kept: compressed, split or cut bytes cannot have holes to fill later."""
    usual = not (options.leaves_to_chance or options.gzip or options.split_bytes or options.key_status or changes)
    return usual and not options.fault and options.cut is None and options.framing == "auto"


def _compose(endpoint: Endpoint, request: Any, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    dialect = endpoint.dialect
    match options.fault:
        case "model_not_found":
            raise dialect.model_not_found(model)
        case "content_filter":
            raise dialect.content_filter()
        case "context_length":
            raise dialect.context_length(endpoint.prompt_tokens(request))
        case _:
            pass
    endpoint.check(request, options)
    if options.status is not None and options.status != 200:
        body = dialect.error_body(options.status, options)
        return plain_script(body, options, status=options.status, marks=marks, vendor=dialect.vendor)
    if options.fault == "html":
        return plain_script(HTML_PAGE, options, content_type=HTML, vendor=dialect.vendor)
    if options.fault == "error_body":
        return plain_script(dialect.error_body(500, options), options, marks=marks, vendor=dialect.vendor)
    return endpoint.answer(request, model, options, marks)
