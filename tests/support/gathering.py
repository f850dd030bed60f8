"""A stream's events gathered into the whole answer: what a translated stream must agree with."""

from collections.abc import Iterable

import msgspec

from farebox.dialects.conversation import (
    AssistantPart,
    Opaque,
    Reasoning,
    RefusalPart,
    Text,
    ToolCall,
)
from farebox.dialects.reply import (
    Answer,
    Choice,
    Event,
    LogprobsDelta,
    OpaqueArrived,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stop,
    Stopped,
    TextDelta,
    TokenLogprob,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.dialects.signatures import joined
from farebox.domain.usage import Usage


class _Gathered:
    """One choice on its way."""

    __slots__ = ("logprobs", "parts", "stop")

    def __init__(self) -> None:
        self.parts: dict[int, AssistantPart] = {}
        self.logprobs: list[TokenLogprob] | None = None
        self.stop: Stop | None = None


def gather(events: Iterable[Event]) -> Answer:
    """The answer that these events make up."""
    choices: dict[int, _Gathered] = {}
    usage: Usage | None = None
    started = Started()
    for event in events:
        match event:
            case Started():
                started = event
                usage = event.usage or usage
            case UsageReported():
                usage = event.usage
            case LogprobsDelta():
                choice = choices.setdefault(event.choice, _Gathered())
                choice.logprobs = [*(choice.logprobs or ()), *event.tokens]
            case Stopped():
                choices.setdefault(event.choice, _Gathered()).stop = event.stop
            case OpaqueArrived():
                choices.setdefault(event.choice, _Gathered()).parts[event.part] = Opaque(event.dialect, event.raw)
            case (
                TextDelta()
                | RefusalDelta()
                | ReasoningDelta()
                | SignatureDelta()
                | ToolCallStarted()
                | (ToolArgumentsDelta())
            ):
                parts = choices.setdefault(event.choice, _Gathered()).parts
                parts[event.part] = _grown(parts.get(event.part), event)
            case _:
                pass
    return Answer(
        choices=tuple(_choice(choices[index]) for index in sorted(choices)),
        usage=usage,
        id=started.id,
        model=started.model,
    )


def _choice(gathered: _Gathered) -> Choice:
    logprobs = None if gathered.logprobs is None else tuple(gathered.logprobs)
    return Choice(tuple(gathered.parts[index] for index in sorted(gathered.parts)), gathered.stop, logprobs)


def _grown(
    part: AssistantPart | None,
    event: TextDelta | RefusalDelta | ReasoningDelta | SignatureDelta | ToolCallStarted | ToolArgumentsDelta,
) -> AssistantPart:
    replace = msgspec.structs.replace
    match event:
        case TextDelta():
            return Text(event.text) if not isinstance(part, Text) else replace(part, text=part.text + event.text)
        case RefusalDelta():
            before = part.text if isinstance(part, RefusalPart) else ""
            return RefusalPart(before + event.text)
        case ReasoningDelta():
            grown = part if isinstance(part, Reasoning) else Reasoning()
            return replace(grown, text=grown.text + event.text, id=event.id or grown.id)
        case SignatureDelta():
            return _signed(part, event)
        case ToolCallStarted():
            return ToolCall(event.id, event.name, "")
        case ToolArgumentsDelta():
            assert isinstance(part, ToolCall)
            return replace(part, arguments_json=part.arguments_json + event.json)


def _signed(part: AssistantPart | None, event: SignatureDelta) -> AssistantPart:
    replace = msgspec.structs.replace
    if isinstance(part, Text | ToolCall):
        return replace(part, signature=joined(part.signature, event.signature))
    grown = part if isinstance(part, Reasoning) else Reasoning()
    grown = replace(grown, id=event.id or grown.id)
    if event.is_sealed:
        return replace(grown, sealed=joined(grown.sealed, event.signature))
    return replace(grown, signature=joined(grown.signature, event.signature))
