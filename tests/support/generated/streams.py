"""Answers as the streams that they could have come as."""

from collections.abc import Iterable
from uuid import UUID

from farebox.dialects.codec import Codec
from farebox.dialects.conversation import AssistantPart, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import (
    Answer,
    Ended,
    Event,
    LogprobsDelta,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=7), "public-model")
CREATED_S = 1_700_000_000


def events_of(answer: Answer, size: int | None = None) -> list[Event]:
    """The stream that this answer could have come as, in pieces of `size` characters or in two of everything."""
    events: list[Event] = [Started("provider-id", "provider-model", None)]
    for index, choice in enumerate(answer.choices):
        tokens = choice.logprobs
        for number, part in enumerate(choice.parts):
            events += _events_of_part(part, number, index, size)
            if tokens is not None and isinstance(part, Text):
                events.append(LogprobsDelta(tokens, index))
                tokens = None
            events.append(PartEnded(number, index))
        if tokens is not None:
            events.append(LogprobsDelta(tokens, index))
        if choice.stop is not None:
            events.append(Stopped(choice.stop, index))
    if answer.usage is not None:
        events.append(UsageReported(answer.usage))
    events.append(Ended())
    return events


def streamed(codec: Codec, answer: Answer, size: int | None = None) -> bytes:
    """The answer as a stream of the dialect."""
    writer = codec.stream_writer(JOB, CREATED_S)
    out = b"".join(writer.write([event]) for event in events_of(answer, size))
    return out + writer.finish("0.5", answer.usage or Usage())


def events_in(codec: Codec, pieces: Iterable[bytes]) -> list[Event]:
    """What a reader of the dialect finds in a stream that came in these pieces."""
    reader = codec.stream_reader()
    return [event for piece in pieces for event in reader.feed(piece)] + reader.end_of_input()


def _events_of_part(part: AssistantPart, number: int, index: int, size: int | None) -> list[Event]:
    match part:
        case Text():
            events: list[Event] = [TextDelta(piece, number, index) for piece in _pieces(part.text, size)]
        case RefusalPart():
            return [RefusalDelta(piece, number, index) for piece in _pieces(part.text, size)]
        case ToolCall():
            events = [ToolCallStarted(part.id, part.name, number, index)]
            events += [ToolArgumentsDelta(piece, number, index) for piece in _pieces(part.arguments_json, size)]
        case Reasoning():
            events = [ReasoningDelta(piece, number, index, part.id) for piece in _pieces(part.text, size)]
            if part.sealed is not None:
                events.append(SignatureDelta(part.sealed, number, index, True, part.id))
        case _:
            raise AssertionError(part)
    if part.signature is not None:
        halves = [Signature(piece, part.signature.by) for piece in _pieces(part.signature.value, None)]
        # Only OpenAI's dialect and ours give a signature in pieces, and always with its mark in the first.
        events += [SignatureDelta(piece, number, index) for piece in halves]
    return events


def _pieces(text: str, size: int | None) -> list[str]:
    size = size or max(1, -(-len(text) // 2))
    return [text[at : at + size] for at in range(0, len(text), size)]
