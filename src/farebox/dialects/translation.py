"""One call whose client and provider speak different dialects: request, answer, error and stream carried across.

A stream has the face of `openai_stream.StreamRelay`, so that whoever relays need not know whether it is translated.
"""

from uuid import UUID

import msgspec

from farebox.dialects.carriage import refuse_what_is_lost
from farebox.dialects.codec import AnswerStamp, Codec, Headers, Target
from farebox.dialects.conversation import Conversation, JsonSchema
from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.reply import (
    Answer,
    Ended,
    Event,
    Failed,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    Started,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    UsageReported,
)
from farebox.dialects.schema_tool import SchemaTool, with_schema_tool
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_ASCII_PER_TOKEN = 4
_OTHER_BYTES_PER_TOKEN = 3


class Translation:
    """One client's conversation with a provider of another dialect."""

    def __init__(self, client: Codec, provider: Codec, conversation: Conversation, target: Target) -> None:
        self._client = client
        self._provider = provider
        self._target = target
        self._schema_tool: SchemaTool | None = None
        output = conversation.output_format
        if isinstance(output, JsonSchema) and not target.has_native_schema:
            conversation = with_schema_tool(conversation, client.FACTS["json_schema"].field)
            self._schema_tool = SchemaTool(output.name)
        refuse_what_is_lost(conversation, client.FACTS, provider.FACTS)
        self._conversation = conversation

    def body(self) -> bytes:
        """The provider's body; raises Untranslatable. So does the constructor, with the client's name of the field."""
        return self._provider.write_request(self._conversation, self._target)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
        answer = self._provider.read_answer(status, content_type, raw)
        if self._schema_tool is None or isinstance(answer, ProviderFault):
            return answer
        return self._schema_tool.answer(answer)

    def write_answer(self, answer: Answer, stamp: AnswerStamp) -> bytes:
        """The client's body; raises Refusal `provider_error` for an answer that its dialect cannot hold."""
        return self._client.write_answer(answer, stamp)

    def judge_error(
        self, status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
    ) -> ProviderFault:
        """A provider's error with the body that the client gets."""
        return _with_body(self._provider.read_error(status, headers, raw, scrub, now_s=now_s), self._client)

    def stream(self, job: JobStamp, created_s: int, scrub: Scrub = NO_NAMES) -> "TranslatedStream":
        return TranslatedStream(
            self._client,
            self._provider,
            job,
            created_s,
            wants_usage=self._conversation.wants_stream_usage,
            scrub=scrub,
            schema_tool=self._schema_tool,
        )


class TranslatedStream:
    """One stream from a provider of one dialect to a client of another; see openai_stream.StreamRelay."""

    def __init__(
        self,
        client: Codec,
        provider: Codec,
        job: JobStamp,
        created_s: int,
        *,
        wants_usage: bool = True,
        scrub: Scrub = NO_NAMES,
        schema_tool: SchemaTool | None = None,
    ) -> None:
        self.saw_data = False
        self.is_finishing = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._client = client
        self._schema_tool = schema_tool
        self._reader = provider.stream_reader(scrub)
        self._writer = client.stream_writer(job, created_s, wants_usage=wants_usage)
        self._ascii_characters = 0
        self._other_bytes = 0

    @property
    def output_tokens_estimated(self) -> int:
        """Tokens of what the model wrote so far, by its bytes."""
        return -(-self._ascii_characters // _ASCII_PER_TOKEN) + -(-self._other_bytes // _OTHER_BYTES_PER_TOKEN)

    def feed(self, chunk: bytes) -> bytes:
        """Bytes of the provider in, bytes for the client out; nothing more comes out once `end` is set."""
        if self.end is not None:
            return b""
        return self._carry(self._reader.feed(chunk))

    def end_of_input(self) -> bytes:
        """To be called when the provider's body has ended properly: the rest, and the verdict in `end`."""
        if self.end is not None:
            return b""
        out = self._carry(self._reader.end_of_input())
        if self.end is None:
            self.end = StreamEnd("cut")
        return out

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        return self._writer.finish(cost, usage)

    def stop_as_length(self, note: str) -> bytes:
        return self._writer.stop_as_length(note)

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return self._writer.fail(refusal, job_id)

    def _carry(self, events: list[Event]) -> bytes:
        if not events:
            return b""
        for event in events:
            self._look_at(event)
        if self._schema_tool is not None:
            events = self._schema_tool.events(events)
        return self._writer.write(events)

    def _look_at(self, event: Event) -> None:
        match event:
            case TextDelta() | ReasoningDelta() | RefusalDelta():
                self.saw_data = True
                self.is_finishing = False
                self._count(event.text)
            case ToolArgumentsDelta():
                self.is_finishing = False
                self._count(event.json)
            case UsageReported():
                self.usage = event.usage
            case Started():
                self.provider_id = event.id
                self.usage = event.usage or self.usage
            case Stopped() | PartEnded():
                self.saw_data = True
                self.is_finishing = True
            case Ended():
                self.end = StreamEnd("done")
            case Failed():
                self.end = StreamEnd("error")
                self.provider_error = _with_body(event, self._client)
            case _:
                self.saw_data = True

    def _count(self, text: str) -> None:
        if text.isascii():
            self._ascii_characters += len(text)
        else:
            self._other_bytes += len(text.encode("utf-8", "replace"))


def as_refusal(failed: Failed) -> Refusal:
    """A provider's failure that concerns the request itself, as the customer is to see it."""
    fault = failed.fault
    message = failed.message or "The provider refused the request."
    return Refusal(fault.code or "invalid_request", message, status=fault.status)


def _with_body(failed: Failed, client: Codec) -> ProviderFault:
    if failed.fault.fault != "request":
        return failed.fault
    return msgspec.structs.replace(failed.fault, body=client.write_error(as_refusal(failed), None))
