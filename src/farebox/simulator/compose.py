"""From a request to the script of its answer: the order of the simulated provider's work.

Decode, lay the request's own settings over the running ones, decide chances, refuse or answer, render, frame.
"""

from random import Random
from typing import Any

import msgspec

from farebox.simulator.answer import Answer, answer_chat, answer_completion
from farebox.simulator.chat import chat_answer, chat_chunks
from farebox.simulator.completion import completion_answer, completion_chunks, completion_envelope
from farebox.simulator.embedding import embedding_answer
from farebox.simulator.errors import (
    Refused,
    bad_request,
    content_filter,
    context_length,
    encode_error,
    error_body,
    model_not_found,
)
from farebox.simulator.identity import CREATED_HOLE, Marks, envelope
from farebox.simulator.options import SimulatorOptions, decide_chances, merge_options, split_model
from farebox.simulator.request import ChatRequest, CompletionRequest, EmbeddingRequest, StreamOptions
from farebox.simulator.script import HTML, HTML_PAGE, Script, plain_script, stream_script
from farebox.simulator.stats import RequestHead
from farebox.simulator.stream import Chunk, stream_events
from farebox.simulator.usage import usage_of

DECODERS: dict[str, Any] = {
    "/v1/chat/completions": msgspec.json.Decoder(ChatRequest),
    "/v1/completions": msgspec.json.Decoder(CompletionRequest),
    "/v1/embeddings": msgspec.json.Decoder(EmbeddingRequest),
}
LARGEST = {
    "max_tokens": 10_000_000,
    "max_completion_tokens": 10_000_000,
    "n": 128,
    "best_of": 128,
    "top_logprobs": 20,
    "dimensions": 8192,
}
AnyRequest = ChatRequest | CompletionRequest | EmbeddingRequest


class Composed(msgspec.Struct, frozen=True):
    """A script, the head for the record, and whether an equal request may be given the same script."""

    script: Script
    head: RequestHead
    repeatable: bool


def compose_post(
    path: str,
    body: bytes,
    options: SimulatorOptions,
    *,
    changes: dict[str, Any],
    random: Random,
    key_status: int | None,
    marks: Marks,
) -> Composed:
    """The answer to a POST on one of the endpoints; `changes` come from the request's own header."""
    head = RequestHead(path)
    try:
        request, model, options = _read(path, body, options, changes)
        head = _head_of(path, request, model)
        repeatable = _is_repeatable(options, changes)
        options = decide_chances(options, random)
        if key_status is not None:
            options = msgspec.structs.replace(options, status=key_status)
        script = _compose(request, model, options, None if repeatable else marks)
        return Composed(script, head, repeatable)
    except Refused as refused:
        script = plain_script(encode_error(refused.error), options, status=refused.status, marks=marks)
        return Composed(script, head, repeatable=False)


def compose_get(path: str, options: SimulatorOptions) -> Composed:
    """The model list, one model, or a 404."""
    head = RequestHead(path)
    name = path.removeprefix("/v1/models/")
    if path == "/v1/models":
        body = msgspec.json.encode({"object": "list", "data": [_model(model) for model in options.models]})
    elif name != path and name in options.models:
        body = msgspec.json.encode(_model(name))
    elif name != path:
        return Composed(plain_script(encode_error(model_not_found(name).error), options, status=404), head, False)
    else:
        return Composed(plain_script(error_body(404, options), options, status=404), head, False)
    return Composed(plain_script(body, options), head, repeatable=False)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED_HOLE, "owned_by": "simulated-upstream"}


def _read(
    path: str, body: bytes, options: SimulatorOptions, changes: dict[str, Any]
) -> tuple[AnyRequest, str, SimulatorOptions]:
    try:
        request = DECODERS[path].decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"We could not parse the JSON body of your request: {error}") from error
    model, suffix = split_model(request.model)
    if not changes and not suffix:
        return request, model, options
    try:
        return request, model, merge_options(options, {**changes, **suffix})
    except msgspec.ValidationError as error:
        raise bad_request(f"The simulator does not know this setting: {error}", "model") from error


def _is_repeatable(options: SimulatorOptions, changes: dict[str, Any]) -> bool:
    """Only healthy answers are kept: compressed, split or cut bytes cannot have holes to fill later."""
    usual = not (options.leaves_to_chance or options.gzip or options.split_bytes or options.key_status or changes)
    return usual and not options.fault and options.cut is None and options.framing == "auto"


def _head_of(path: str, request: AnyRequest, model: str) -> RequestHead:
    if isinstance(request, EmbeddingRequest):
        return RequestHead(path, model)
    asked: StreamOptions | None = request.stream_options
    return RequestHead(
        path=path,
        model=model,
        stream=bool(request.stream),
        max_tokens=request.max_tokens,
        max_completion_tokens=request.max_completion_tokens if isinstance(request, ChatRequest) else None,
        n=request.n,
        best_of=request.best_of if isinstance(request, CompletionRequest) else None,
        stream_options=None if asked is None else msgspec.structs.asdict(asked),
        tools=len(request.tools or ()) if isinstance(request, ChatRequest) else 0,
    )


def _compose(request: AnyRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    _check(request, model, options)
    if options.status is not None and options.status != 200:
        return plain_script(error_body(options.status, options), options, status=options.status, marks=marks)
    if options.fault == "html":
        return plain_script(HTML_PAGE, options, content_type=HTML)
    if options.fault == "error_body":
        return plain_script(error_body(500, options), options, marks=marks)
    if isinstance(request, EmbeddingRequest):
        embedding, tokens = embedding_answer(request, model, options)
        return _plain(embedding, options, tokens, 0, wait_ms=0.0, marks=marks)
    if isinstance(request, ChatRequest):
        answer = answer_chat(request, options)
        if request.stream:
            common = envelope("chat.completion.chunk", "chatcmpl", model, options)
            return _stream(list(chat_chunks(request, answer, options)), common, request, answer, options, marks)
        body = chat_answer(request, model, answer, options)
    else:
        answer = answer_completion(request, options)
        if request.stream:
            common = completion_envelope(model, options)
            return _stream(list(completion_chunks(answer, options)), common, request, answer, options, marks)
        body = completion_answer(request, model, answer, options)
    if options.usage != "missing":
        body["usage"] = usage_of(answer, options)
    chunks = -(-max(answer.completion_tokens // len(answer.choices), 1) // options.tokens_per_chunk)
    wait_ms = options.gap_ms * (chunks - 1)
    return _plain(body, options, answer.prompt_tokens, answer.completion_tokens, wait_ms=wait_ms, marks=marks)


def _check(request: AnyRequest, model: str, options: SimulatorOptions) -> None:
    """Refuse what the provider refuses."""
    if options.fault == "model_not_found":
        raise model_not_found(model)
    if options.fault == "content_filter":
        raise content_filter()
    if isinstance(request, ChatRequest):
        if options.fault == "context_length":
            raise context_length(request.prompt_tokens)
        if not request.messages:
            raise bad_request("Invalid 'messages': empty array.", "messages")
    for name, largest in LARGEST.items():
        value = getattr(request, name, None)
        if value is not None and not 1 <= value <= largest:
            raise bad_request(f"Invalid '{name}': expected a value between 1 and {largest}.", name)
    if not isinstance(request, EmbeddingRequest) and request.stream_options is not None and not request.stream:
        raise bad_request("'stream_options' is only allowed when 'stream' is enabled.", "stream_options")


def _plain(
    body: dict[str, Any],
    options: SimulatorOptions,
    prompt_tokens: int,
    completion_tokens: int,
    *,
    wait_ms: float,
    marks: Marks | None,
) -> Script:
    data = _padded(body, options.body_bytes) if options.body_bytes else msgspec.json.encode(body)
    if options.fault == "malformed_json":
        data = data[: len(data) // 2]
    script = plain_script(data, options, wait_ms=wait_ms, marks=marks)
    return msgspec.structs.replace(script, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)


def _padded(body: dict[str, Any], size: int) -> bytes:
    """The encoded body with filler at the end of the first choice, `size` bytes long unless it is longer anyway."""
    data = msgspec.json.encode(body)
    missing = size - len(data)
    if missing <= 0 or "choices" not in body:
        return data
    choice = body["choices"][0]
    holder, name = (choice["message"], "content") if "message" in choice else (choice, "text")
    if holder[name] is None:
        return data
    holder[name] += "x" * missing
    return msgspec.json.encode(body)


def _stream(
    chunks: list[Chunk],
    common: dict[str, Any],
    request: ChatRequest | CompletionRequest,
    answer: Answer,
    options: SimulatorOptions,
    marks: Marks | None,
) -> Script:
    asked = request.stream_options is not None and bool(request.stream_options.include_usage)
    events = stream_events(
        chunks, envelope=common, usage=usage_of(answer, options), include_usage=asked, options=options
    )
    return msgspec.structs.replace(
        stream_script(events, options, marks),
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
    )
