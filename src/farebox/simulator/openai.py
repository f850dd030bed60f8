"""The endpoints of OpenAI's older dialects: chat completions, completions and embeddings."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, answer_chat, answer_completion
from farebox.simulator.chat import chat_answer, chat_chunks
from farebox.simulator.completion import completion_answer, completion_chunks, completion_envelope
from farebox.simulator.dialect import Dialect, Endpoint, Incoming
from farebox.simulator.embedding import embedding_answer
from farebox.simulator.errors import (
    bad_request,
    content_filter,
    context_length,
    encode_error,
    error_for,
    model_not_found,
)
from farebox.simulator.identity import Marks, envelope
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import ChatRequest, CompletionRequest, EmbeddingRequest, text_tokens
from farebox.simulator.script import Script, json_script, stream_script
from farebox.simulator.stats import RequestHead
from farebox.simulator.stream import Chunk, stream_events
from farebox.simulator.usage import usage_of

OPENAI = Dialect(
    vendor="openai",
    error_for=error_for,
    encode_error=lambda _, error: encode_error(error),
    model_not_found=model_not_found,
    content_filter=content_filter,
    context_length=context_length,
)
LARGEST = {
    "max_tokens": 10_000_000,
    "max_completion_tokens": 10_000_000,
    "n": 128,
    "best_of": 128,
    "top_logprobs": 20,
    "dimensions": 8192,
}
AnyRequest = ChatRequest | CompletionRequest | EmbeddingRequest
CHAT = msgspec.json.Decoder(ChatRequest)
COMPLETION = msgspec.json.Decoder(CompletionRequest)
EMBEDDING = msgspec.json.Decoder(EmbeddingRequest)


def _read_chat(incoming: Incoming) -> ChatRequest:
    return CHAT.decode(incoming.body)


def _read_completion(incoming: Incoming) -> CompletionRequest:
    return COMPLETION.decode(incoming.body)


def _read_embedding(incoming: Incoming) -> EmbeddingRequest:
    return EMBEDDING.decode(incoming.body)


def _chat_head(path: str, request: ChatRequest, model: str) -> RequestHead:
    asked = request.stream_options
    return RequestHead(
        path=path,
        model=model,
        stream=bool(request.stream),
        max_tokens=request.max_tokens,
        max_completion_tokens=request.max_completion_tokens,
        n=request.n,
        stream_options=None if asked is None else msgspec.structs.asdict(asked),
        tools=len(request.tools or ()),
    )


def _completion_head(path: str, request: CompletionRequest, model: str) -> RequestHead:
    asked = request.stream_options
    return RequestHead(
        path=path,
        model=model,
        stream=bool(request.stream),
        max_tokens=request.max_tokens,
        n=request.n,
        best_of=request.best_of,
        stream_options=None if asked is None else msgspec.structs.asdict(asked),
    )


def _embedding_head(path: str, request: EmbeddingRequest, model: str) -> RequestHead:
    return RequestHead(path, model)


def _check(request: AnyRequest, options: SimulatorOptions) -> None:
    if isinstance(request, ChatRequest) and not request.messages:
        raise bad_request("Invalid 'messages': empty array.", "messages")
    for name, largest in LARGEST.items():
        value = getattr(request, name, None)
        if value is not None and not 1 <= value <= largest:
            raise bad_request(f"Invalid '{name}': expected a value between 1 and {largest}.", name)
    if not isinstance(request, EmbeddingRequest) and request.stream_options is not None and not request.stream:
        raise bad_request("'stream_options' is only allowed when 'stream' is enabled.", "stream_options")


def _answer_chat(request: ChatRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    answer = answer_chat(request, options)
    if request.stream:
        common = envelope("chat.completion.chunk", "chatcmpl", model, options)
        return _stream(list(chat_chunks(request, answer, options)), common, request, answer, options, marks)
    return _plain(chat_answer(request, model, answer, options), answer, options, marks)


def _answer_completion(
    request: CompletionRequest, model: str, options: SimulatorOptions, marks: Marks | None
) -> Script:
    answer = answer_completion(request, options)
    if request.stream:
        common = completion_envelope(model, options)
        return _stream(list(completion_chunks(answer, options)), common, request, answer, options, marks)
    return _plain(completion_answer(request, model, answer, options), answer, options, marks)


def _answer_embedding(request: EmbeddingRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    embedding, tokens = embedding_answer(request, model, options)
    return json_script(msgspec.json.encode(embedding), options, tokens=(tokens, 0), marks=marks)


def _plain(body: dict[str, Any], answer: Answer, options: SimulatorOptions, marks: Marks | None) -> Script:
    if options.usage != "missing":
        body["usage"] = usage_of(answer, options)
    data = _padded(body, options.body_bytes) if options.body_bytes else msgspec.json.encode(body)
    tokens = (answer.prompt_tokens, answer.completion_tokens)
    return json_script(data, options, tokens=tokens, chunks=answer.chunks(options), marks=marks)


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


def _prompt_tokens(request: AnyRequest) -> int:
    if isinstance(request, ChatRequest):
        return request.prompt_tokens
    texts = request.inputs if isinstance(request, EmbeddingRequest) else request.prompts
    return sum(text_tokens(text) for text in texts)


OPENAI_ENDPOINTS = {
    "/v1/chat/completions": Endpoint(OPENAI, _read_chat, _chat_head, _answer_chat, _prompt_tokens, _check),
    "/v1/completions": Endpoint(OPENAI, _read_completion, _completion_head, _answer_completion, _prompt_tokens, _check),
    "/v1/embeddings": Endpoint(OPENAI, _read_embedding, _embedding_head, _answer_embedding, _prompt_tokens, _check),
}
