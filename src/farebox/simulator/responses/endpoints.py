"""The path of the responses dialect."""

import msgspec

from farebox.simulator.answer import answer_turn
from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.identity import Marks
from farebox.simulator.openai import OPENAI
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.responses.answer import response_of
from farebox.simulator.responses.check import check_responses
from farebox.simulator.responses.request import ResponsesRequest, turn_of
from farebox.simulator.responses.stream import response_events
from farebox.simulator.responses.usage import usage_of
from farebox.simulator.script import Script, json_script, stream_script
from farebox.simulator.stats import RequestHead

DECODER = msgspec.json.Decoder(ResponsesRequest)


def _read(incoming: Incoming) -> ResponsesRequest:
    return DECODER.decode(incoming.body)


def _head(path: str, request: ResponsesRequest, model: str) -> RequestHead:
    stream, tools = bool(request.stream), len(request.tools or ())
    return RequestHead(path, model, stream, max_tokens=request.max_output_tokens, tools=tools)


def _answer(request: ResponsesRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    answer = answer_turn(turn_of(request, thinks=request.thinks or options.reasoning_tokens > 0), options)
    usage = usage_of(answer, options)
    tokens = (answer.prompt_tokens, answer.completion_tokens)
    if request.stream:
        script = stream_script(response_events(request, model, answer, usage, options), options, marks)
        return msgspec.structs.replace(script, prompt_tokens=tokens[0], completion_tokens=tokens[1])
    data = msgspec.json.encode(response_of(request, model, answer, usage, options))
    return json_script(data, options, tokens=tokens, chunks=answer.chunks(options), marks=marks)


def _prompt_tokens(request: ResponsesRequest) -> int:
    return request.prompt_tokens


RESPONSES_ENDPOINTS = {"/v1/responses": Endpoint(OPENAI, _read, _head, _answer, _prompt_tokens, check_responses)}
