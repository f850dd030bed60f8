"""The paths of the messages dialect."""

import msgspec

from farebox.simulator.answer import answer_turn
from farebox.simulator.anthropic.answer import message_of
from farebox.simulator.anthropic.check import check_conversation, check_messages
from farebox.simulator.anthropic.errors import ANTHROPIC
from farebox.simulator.anthropic.request import KNOWN, MessagesRequest, turn_of
from farebox.simulator.anthropic.stream import message_events
from farebox.simulator.anthropic.usage import usage_of
from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.identity import Marks
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.script import Script, json_script, stream_script
from farebox.simulator.stats import RequestHead

DECODER = msgspec.json.Decoder(MessagesRequest)


def _read(incoming: Incoming) -> MessagesRequest:
    return DECODER.decode(incoming.body)


def _head(path: str, request: MessagesRequest, model: str) -> RequestHead:
    stream = bool(request.stream)
    return RequestHead(path, model, stream, max_tokens=request.max_tokens, tools=len(request.tools or ()))


def _answer(request: MessagesRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    answer = answer_turn(turn_of(request), options)
    usage = usage_of(request, answer, options)
    tokens = (answer.prompt_tokens, answer.completion_tokens)
    if request.stream:
        events = message_events(request, model, answer, usage, options)
        script = stream_script(events, options, marks, vendor="anthropic")
        return msgspec.structs.replace(script, prompt_tokens=tokens[0], completion_tokens=tokens[1])
    data = msgspec.json.encode(message_of(request, model, answer, usage, options))
    return json_script(data, options, tokens=tokens, chunks=answer.chunks(options), marks=marks, vendor="anthropic")


def _count(request: MessagesRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    tokens = request.prompt_tokens if options.prompt_tokens is None else options.prompt_tokens
    return json_script(msgspec.json.encode({"input_tokens": tokens}), options, marks=marks, vendor="anthropic")


def _prompt_tokens(request: MessagesRequest) -> int:
    return request.prompt_tokens


ANTHROPIC_ENDPOINTS = {
    "/v1/messages": Endpoint(ANTHROPIC, _read, _head, _answer, _prompt_tokens, check_messages, KNOWN),
    "/v1/messages/count_tokens": Endpoint(ANTHROPIC, _read, _head, _count, _prompt_tokens, check_conversation, KNOWN),
}
