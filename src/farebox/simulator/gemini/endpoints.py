"""The methods of the generateContent dialect: the model and the method are the end of the path."""

import re
from typing import Any
from urllib.parse import parse_qs

import msgspec

from farebox.simulator.answer import answer_turn
from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.gemini.answer import answer_body, blocked_body
from farebox.simulator.gemini.check import check_contents, check_generate
from farebox.simulator.gemini.embedding import EmbedRequest, check_embed, embed_body, read_embed
from farebox.simulator.gemini.errors import GEMINI
from farebox.simulator.gemini.request import KNOWN, GenerateRequest, camelled, read_request, turn_of
from farebox.simulator.gemini.stream import content_events, single_event
from farebox.simulator.gemini.usage import usage_of
from farebox.simulator.identity import Marks
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.script import EVENT_STREAM, JSON, Script, json_script, stream_script
from farebox.simulator.stats import RequestHead
from farebox.simulator.turn import size_tokens

# Newer SDKs call the methods under the stable version, older ones and raw clients under the beta one.
METHOD_PATH = re.compile(r"(/v1(?:beta)?/models/)(.+):(\w+)")


def method_of(path: str) -> str:
    """The method in a path such as `/v1beta/models/gemini-pro:countTokens`; empty when it has none."""
    found = METHOD_PATH.fullmatch(path)
    return found[3] if found else ""


def _model_of(path: str) -> str:
    found = METHOD_PATH.fullmatch(path)
    return found[2] if found else ""


def _bare_path(path: str, model: str) -> str:
    """The path without the settings behind the model, so that counters of paths stay few."""
    return METHOD_PATH.sub(lambda found: f"{found[1]}{model}:{found[3]}", path)


def _read(incoming: Incoming) -> GenerateRequest:
    request = read_request(incoming.body)
    request.model = _model_of(incoming.path)
    request.stream = method_of(incoming.path) == "streamGenerateContent"
    request.as_events = parse_qs(incoming.query).get(b"alt") == [b"sse"]
    return request


def _read_count(incoming: Incoming) -> GenerateRequest:
    """Bare contents, or a whole request inside."""
    value: Any = camelled(msgspec.json.decode(incoming.body))
    inner = value.get("generateContentRequest") if isinstance(value, dict) else None
    request = msgspec.convert(value if inner is None else inner, GenerateRequest)
    request.model = _model_of(incoming.path)
    return request


def _read_embed(incoming: Incoming) -> EmbedRequest:
    batch = method_of(incoming.path) == "batchEmbedContents"
    return read_embed(_model_of(incoming.path), incoming.body, batch=batch)


def _head(path: str, request: GenerateRequest, model: str) -> RequestHead:
    config = request.config
    return RequestHead(
        path=_bare_path(path, model),
        model=model,
        stream=request.stream,
        max_tokens=config.max_output_tokens,
        n=config.candidate_count,
        tools=len(request.declarations),
    )


def _answer(request: GenerateRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    # Tokens of thought can be set for models that would not think by themselves, as for every other dialect.
    answer = answer_turn(turn_of(request, thinks=request.thinks or options.reasoning_tokens > 0), options)
    tokens = (answer.prompt_tokens, answer.completion_tokens)
    blocked = blocked_body(request, usage_of(answer, options), options) if options.block_prompt else None
    if request.stream:
        if blocked is None:
            events = content_events(request, answer, options)
        else:
            events = single_event(request, blocked, options)
        kind = EVENT_STREAM if request.as_events else JSON
        script = stream_script(events, options, marks, vendor="google", content_type=kind)
        return msgspec.structs.replace(script, prompt_tokens=tokens[0], completion_tokens=tokens[1])
    body = blocked or answer_body(request, answer, usage_of(answer, options), options)
    data = msgspec.json.encode(body)
    return json_script(data, options, tokens=tokens, chunks=answer.chunks(options), marks=marks, vendor="google")


def _count(request: GenerateRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    tokens = request.prompt_tokens if options.prompt_tokens is None else options.prompt_tokens
    body = {"totalTokens": tokens, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}]}
    return json_script(msgspec.json.encode(body), options, marks=marks, vendor="google")


def _answer_embed(request: EmbedRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    data = msgspec.json.encode(embed_body(request, options))
    return json_script(data, options, tokens=(_embed_tokens(request), 0), marks=marks, vendor="google")


def _embed_head(path: str, request: EmbedRequest, model: str) -> RequestHead:
    return RequestHead(_bare_path(path, model), model)


def _embed_tokens(request: EmbedRequest) -> int:
    return sum(size_tokens([item.content.text], 0) for item in request.items)


def _generate_tokens(request: GenerateRequest) -> int:
    return request.prompt_tokens


_GENERATE = Endpoint(GEMINI, _read, _head, _answer, _generate_tokens, check_generate, KNOWN)
_EMBED = Endpoint(GEMINI, _read_embed, _embed_head, _answer_embed, _embed_tokens, check_embed)
GEMINI_METHODS = {
    "generateContent": _GENERATE,
    "streamGenerateContent": _GENERATE,
    "countTokens": Endpoint(GEMINI, _read_count, _head, _count, _generate_tokens, check_contents),
    "embedContent": _EMBED,
    "batchEmbedContents": _EMBED,
}
